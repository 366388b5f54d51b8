using System.Reflection;
using System.Text.RegularExpressions;
using Experiments.Contracts.Running;

namespace Experiments.Conventions.Tests;

/// <summary>Whoever asks for a metric uses the name under which a stage logs it.</summary>
public sealed partial class MetricNameTests
{
    private static readonly IReadOnlyList<FieldInfo> Names = [.. typeof(MetricNames).GetFields().Where(field => field.IsLiteral)];
    private static readonly string[] Readers = ["plugins/Reporting/", "plugins/Evaluation/Scaling/", "framework/Contracts/", "plugins/Worlds/Scoring/ScorePage.cs"];

    [Fact]
    public void EveryNameIsLoggedBySomeStage()
    {
        Names.Count.ShouldBeGreaterThanOrEqualTo(24);
        var producers = string.Join('\n', Sources().Where(file => !Readers.Any(reader => Relative(file).StartsWith(reader, StringComparison.Ordinal))).Select(File.ReadAllText));
        Names.Where(name => !Logged(name.Name).IsMatch(producers)).Select(name => name.Name).ShouldBeEmpty();
    }

    [Fact]
    public void AReportAsksForNoMetricByAWordOfItsOwn()
    {
        var files = Repository.Files("plugins/Reporting", "*.cs");
        files.Count.ShouldBeGreaterThanOrEqualTo(6);
        files.SelectMany(file => OwnWord().Matches(File.ReadAllText(file)).Select(match => $"{Relative(file)}: {match.Value}")).ShouldBeEmpty();
    }

    [Fact]
    public void ANameIsWrittenOutInOnePlaceOnly()
    {
        var written = Names.Select(name => (string)name.GetRawConstantValue()!).ToHashSet();
        Sources().SelectMany(file => LoggedWord().Matches(File.ReadAllText(file)).Where(match => written.Contains(match.Groups["name"].Value)).Select(match => $"{Relative(file)}: {match.Value}")).ShouldBeEmpty();
    }

    private static IEnumerable<string> Sources() => Repository.Files("framework", "*.cs").Concat(Repository.Files("plugins", "*.cs"));

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file);

    /// <summary>A call that logs a metric of this name, or an entry of a table of figures that is logged whole.</summary>
    private static Regex Logged(string name) => new($@"(Log\(|Share\(|\[|\$""\{{)MetricNames\.{name}\b", RegexOptions.NonBacktracking);

    [GeneratedRegex("(Result\\(|Results\\[|Courses\\[|ContainsKey\\(|TryGetValue\\(|Key == |, \\[)\"[a-z_/]+\"", RegexOptions.NonBacktracking)]
    private static partial Regex OwnWord();

    [GeneratedRegex("(Log\\(|figures\\[)\\$?\"(?<name>[a-z_/]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LoggedWord();
}
