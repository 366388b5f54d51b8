using System.Text.RegularExpressions;

namespace Experiments.Plugins.Worlds.Scoring;

/// <summary>
/// Compares texts as bags of four-word shingles, like Scrapinghub's article-extraction-benchmark. Unlike there, F1 is
/// computed per page and then averaged. A text of fewer than four words is one shingle.
/// </summary>
internal static class Shingles
{
    private static readonly Regex Word = new(@"\w+", RegexOptions.NonBacktracking);
    private const int Size = 4;

    /// <summary>
    /// Precision: the share of the extracted text that is in the true text. Recall: the share of the true text that was
    /// extracted. Both 0 to 1.
    /// </summary>
    public static (double Precision, double Recall) Compare(string extracted, string truth)
    {
        var (found, wanted) = (Of(extracted), Of(truth));
        var common = found.Sum(pair => Math.Min(pair.Value, wanted.GetValueOrDefault(pair.Key)));
        return (Share(common, found), Share(common, wanted));
    }

    /// <summary>The harmonic mean of precision and recall.</summary>
    public static double F1(double precision, double recall) => precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;

    private static double Share(int common, Dictionary<string, int> all) => all.Count > 0 ? common / (double)all.Values.Sum() : 0;

    private static Dictionary<string, int> Of(string text)
    {
        string[] words = [.. Word.Matches(text).Select(match => match.Value)];
        var shingles = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var start = 0; start < words.Length && (start == 0 || start <= words.Length - Size); start++)
        {
            var shingle = string.Join(' ', words.Skip(start).Take(Size));
            shingles[shingle] = shingles.GetValueOrDefault(shingle) + 1;
        }

        return shingles;
    }
}
