using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Extraction.Tests;

public sealed class ArticleBenchmarkTests(ITestOutputHelper output)
{
    private static readonly Regex Token = new(@"\w+", RegexOptions.NonBacktracking);

    // The measure is F1 of 4-gram shingles with equal weight for each page, as in Zyte's article-extraction-benchmark.
    [Fact]
    public void ArticlesAreExtractedAtNinetyThreePercentOrMore()
    {
        if (SharedData.Find("extraction/article-extraction-benchmark") is not { } folder)
        {
            Assert.Skip("shared data absent");
            return;
        }

        var truth = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(Path.Combine(folder, "ground-truth.json")))!;
        var filter = new ExtractTextFilter(new());
        var (truePositive, falsePositive, falseNegative) = (0.0, 0.0, 0.0);
        foreach (var (id, entry) in truth.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "html", id + ".html.gz")), CompressionMode.Decompress));
            var text = filter.Apply(new Document(id, reader.ReadToEnd())).Document?.Text ?? "";
            var expected = Shingles(entry.GetProperty("articleBody").GetString()!);
            var found = Shingles(text);
            var both = expected.Sum(pair => Math.Min(pair.Value, found.GetValueOrDefault(pair.Key)));
            var (extra, missed) = (found.Values.Sum() - both, expected.Values.Sum() - both);
            double all = both + extra + missed;
            truePositive += both / all;
            falsePositive += extra / all;
            falseNegative += missed / all;
            output.WriteLine($"{id[..6]} {entry.GetProperty("url").GetString()} extra {extra / all:F2} missed {missed / all:F2} of {all}");
        }

        var precision = truePositive / (truePositive + falsePositive);
        var recall = truePositive / (truePositive + falseNegative);
        var f1 = 2 * precision * recall / (precision + recall);
        output.WriteLine($"precision {precision:F4}, recall {recall:F4}, F1 {f1:F4}");
        f1.ShouldBeGreaterThan(0.93);
    }

    private static Dictionary<string, int> Shingles(string text)
    {
        var tokens = Token.Matches(text).Select(match => match.Value).ToList();
        return Enumerable.Range(0, Math.Max(1, tokens.Count - 3)).Select(i => string.Join(' ', tokens.Skip(i).Take(4)))
            .Where(shingle => shingle.Length > 0).GroupBy(shingle => shingle).ToDictionary(group => group.Key, group => group.Count());
    }
}
