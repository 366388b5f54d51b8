using System.Text.RegularExpressions;

namespace Experiments.Conventions.Tests;

/// <summary>docs/architecture.md names what is there.</summary>
public sealed partial class ArchitecturePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs/architecture.md"));

    [Fact]
    public void WhatThePageLinksToExists()
    {
        var targets = Links().Matches(Page).Select(link => link.Groups["target"].Value).ToList();
        targets.Count.ShouldBeGreaterThan(80);
        targets.Where(target => !Path.Exists(Path.Combine(Repository.Root, "docs", target))).ShouldBeEmpty();
    }

    [Fact]
    public void ALinkIsNamedByItsFileOrFolder() =>
        Links().Matches(Page)
            .Where(link => !link.Groups["target"].Value.Contains(link.Groups["text"].Value, StringComparison.Ordinal))
            .Select(link => link.Value).ShouldBeEmpty();

    [Fact]
    public void ThePageShowsTheFloorsOfTheEngine() =>
        FloorRows().Matches(Page).Select(row => row.Groups["folders"].Value.Split(", ")).ShouldBe(EngineFloorTests.Floors);

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\((?<target>[^)]+)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex(@"^\| \d \| (?<folders>[\w, ]+) \|$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex FloorRows();
}
