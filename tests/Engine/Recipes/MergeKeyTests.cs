using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Recipes;

/// <summary>YAML's merge key: <c>&lt;&lt;: *base</c>.</summary>
public sealed class MergeKeyTests : IDisposable
{
    private const string Stages = "\nstages: { lines: { use: write-lines, with: WITH } }";
    private readonly RecipeBench _bench = new();

    [Theory]
    [InlineData("<<: *a", "line", 7)]
    [InlineData("<<: *a, count: 9", "line", 9)]
    [InlineData("count: 9, <<: *a", "line", 9)]
    [InlineData("<<: [*a, *b]", "b", 7)]
    [InlineData("<<: [*b, *a]", "b", 8)]
    [InlineData("<<: [{ text: c }, *b]", "c", 8)]
    [InlineData("<<: { text: d }", "d", 3)]
    [InlineData("<<: []", "line", 3)]
    public void OwnEntriesWinThenThoseOfEarlierMappings(string with, string text, int count)
    {
        var options = Options($"vars: {{ a: &a {{ count: 7 }}, b: &b {{ count: 8, text: b }} }}{Stages.Replace("WITH", $"{{ {with} }}", StringComparison.Ordinal)}");

        (options.Text, options.Count).ShouldBe((text, count));
    }

    [Fact]
    public void AMergeMayTakeWhatWasMergedItself() =>
        Options($"vars: {{ a: &a {{ count: 7 }}, b: &b {{ <<: *a, text: b }} }}{Stages.Replace("WITH", "{ <<: *b }", StringComparison.Ordinal)}").Count.ShouldBe(7);

    [Fact]
    public void WhatIsWrongIsReportedWhereItWasWritten() => _bench.Problems($$"""
        vars: { a: &a { cuont: 7 } }
        {{Stages.TrimStart().Replace("WITH", "{ <<: *a }", StringComparison.Ordinal)}}
        """).ShouldBe("r.yaml(1,17): stage 'lines': no option 'cuont'. Did you mean 'count'? Options: count, text.");

    [Theory]
    [InlineData("{ <<: 3 }", "(2,50): '<<' wants a mapping or a list of mappings, such as an alias of one (<<: *base), not '3'.")]
    [InlineData("{ <<: }", "(2,50): '<<' wants a mapping or a list of mappings, such as an alias of one (<<: *base), not an empty value.")]
    [InlineData("{ <<: [{ count: 3 }, [1]] }", "(2,65): '<<' wants a mapping or a list of mappings, such as an alias of one (<<: *base), not a list of 1.")]
    [InlineData("{ <<: *b }", "(2,50): no anchor '&b' before this alias.")]
    [InlineData("{ <<: {}, <<: {} }", "(2,54): the key '<<' appears twice. Keep one of the two.")]
    [InlineData("{ '<<': {} }", "(2,46): stage 'lines': no option '<<'. Options: count, text.")]
    public void AnotherValueIsAMistakeWithItsPlace(string with, string problem) =>
        _bench.Problems("vars: { a: &a { count: 7 } }" + Stages.Replace("WITH", with, StringComparison.Ordinal)).ShouldBe("r.yaml" + problem);

    public void Dispose() => _bench.Dispose();

    private WriteLinesOptions Options(string recipe) => (WriteLinesOptions)_bench.Read(recipe).Stages[0].Options!;
}
