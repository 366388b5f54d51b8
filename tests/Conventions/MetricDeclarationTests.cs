using System.Text.RegularExpressions;
using Experiments.Engine.Plugins;

namespace Experiments.Conventions.Tests;

/// <summary>The metrics that shipped plugins declare. That stages declare what they record is held by their own tests.</summary>
public sealed partial class MetricDeclarationTests
{
    private static readonly PluginCatalog Catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);

    private static readonly IReadOnlyList<(PluginDescription Plugin, MetricDescription Metric)> Declared =
        [.. Catalog.Plugins.SelectMany(plugin => plugin.Metrics.Select(metric => (plugin, metric)))];

    [Fact]
    public void EveryMetricSaysWhatItMeasures()
    {
        Declared.Count.ShouldBeGreaterThanOrEqualTo(120);
        Declared.Where(each => each.Metric.Meaning.Length < 6 || each.Metric.Meaning[^1] != '.').Select(Name).ShouldBeEmpty();
    }

    [Fact]
    public void ARateHasItsUnit() => Declared
        .Where(each => each.Metric.Name.EndsWith("_per_second", StringComparison.Ordinal) != (each.Metric.Unit?.EndsWith(" per second", StringComparison.Ordinal) ?? false))
        .Select(Name).ShouldBeEmpty();

    [Fact]
    public void AShareIsAFraction() => Declared
        .Where(each => each.Metric.Name.Split('/')[0].EndsWith("_share", StringComparison.Ordinal) && each.Metric.Unit?.StartsWith("fraction", StringComparison.Ordinal) != true)
        .Select(Name).ShouldBeEmpty();

    [Fact]
    public void AMetricNeedsAnInputThatMayBeLeftOut()
    {
        var needing = Declared.Where(each => each.Metric.NeedsInput is not null).ToList();
        needing.Count.ShouldBeGreaterThanOrEqualTo(8);
        needing.Where(each => !each.Plugin.Inputs.Any(input => input.Name == each.Metric.NeedsInput && input.IsOptional)).Select(Name).ShouldBeEmpty();
    }

    [Fact]
    public void OtherPluginsDeclareAPatternOnlyIfThereAreSuch()
    {
        var open = Declared.Where(each => each.Metric.DeclaredBy is not null).ToList();
        open.ShouldNotBeEmpty();
        open.Where(each => each.Metric.Part is null || Catalog.OfKind(each.Metric.DeclaredBy!).Count == 0).Select(Name).ShouldBeEmpty();
    }

    [Fact]
    public void AFilterDeclaresEveryReasonForWhichItDrops()
    {
        var filters = Catalog.OfKind("filter");
        var reasons = filters.SelectMany(filter => Reasons(filter).Select(reason => (Filter: filter, Reason: reason))).ToList();
        reasons.Count.ShouldBeGreaterThanOrEqualTo(35);
        reasons.Where(each => !each.Filter.Metrics.Any(metric => metric.Covers("dropped/" + each.Reason))).Select(each => $"{each.Filter.Name}: {each.Reason}").ShouldBeEmpty();
        filters.SelectMany(filter => filter.Metrics.Where(metric => !Reasons(filter).Any(reason => metric.Covers("dropped/" + reason))).Select(metric => $"{filter.Name}: {metric.Name}"))
            .ShouldBeEmpty();
    }

    /// <summary>The reasons in a filter's source. An expression in one counts as a name.</summary>
    private static IEnumerable<string> Reasons(PluginDescription filter)
    {
        var source = File.ReadAllText(Repository.Files("plugins", filter.Type.Name + ".cs").ShouldHaveSingleItem());
        return Reason().Matches(source).Select(match => Expression().Replace(match.Groups["reason"].Value, "x"));
    }

    private static string Name((PluginDescription Plugin, MetricDescription Metric) each) => $"{each.Plugin.Name}: {each.Metric.Name}";

    [GeneratedRegex("(Drop\\(|return |\\? |: )\\$?\"(?<reason>[a-z][a-z_]*_?(\\{[^}]*\\})?[a-z_]*)\"( :|;|\\))", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Reason();

    [GeneratedRegex("\\{[^}]*\\}", RegexOptions.NonBacktracking)]
    private static partial Regex Expression();
}
