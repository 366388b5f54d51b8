using System.Text.RegularExpressions;

namespace Experiments.Conventions.Tests;

/// <summary>Checks the engine's floors: a folder uses only folders of lower floors, so there are no circles.</summary>
public sealed partial class EngineFloorTests
{
    private const string Engine = "framework/Engine";

    internal static readonly string[][] Floors =
    [
        ["Artifacts", "Yaml"],
        ["Plugins", "Tracking", "Graphs"],
        ["Recipes", "Workers", "Code", "Diagnosis"],
        ["Runs"],
        ["Planning", "Sweeps", "Collection"],
        ["Execution", "Estimates"],
    ];

    [Fact]
    public void EveryFolderOfTheEngineHasAFloor() =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, Engine)).Select(Path.GetFileName).Except(["bin", "obj"])
            .ShouldBe(Floors.SelectMany(floor => floor), ignoreOrder: true);

    [Fact]
    public void AFolderOfTheEngineSeesOnlyLowerFloors()
    {
        var arrows = Repository.Files(Engine, "*.cs").SelectMany(Arrows).ToList();
        arrows.Count.ShouldBeGreaterThan(100);
        arrows.Where(arrow => FloorOf(arrow.To) >= FloorOf(arrow.From)).Select(arrow => $"{arrow.File}: {arrow.From} -> {arrow.To}").ShouldBeEmpty();
    }

    private static IEnumerable<(string From, string To, string File)> Arrows(string file)
    {
        var from = Path.GetRelativePath(Path.Combine(Repository.Root, Engine), file).Split('/')[0];
        var text = File.ReadAllText(file);
        var full = FullNames().Matches(text).Select(name => name.Groups[1].Value);
        var relative = DottedNames().Matches(text)
            .Where(name => File.Exists(Path.Combine(Repository.Root, Engine, name.Groups["folder"].Value, name.Groups["type"].Value + ".cs")))
            .Select(name => name.Groups["folder"].Value);
        return full.Concat(relative)
            .Where(to => to != from)
            .Distinct()
            .Select(to => (from, to, Path.GetFileName(file)));
    }

    private static int FloorOf(string folder) => Floors.Index().Single(floor => floor.Item.Contains(folder)).Index;

    [GeneratedRegex(@"\bExperiments\.Engine\.(\w+)", RegexOptions.NonBacktracking)]
    private static partial Regex FullNames();

    /// <summary>Matches what may be a name relative to the engine, such as <c>Recipes.CheckedRecipe</c>.</summary>
    [GeneratedRegex(@"(^|[^\w.])(?<folder>\w+)\.(?<type>\w+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex DottedNames();
}
