using System.Text;
using Experiments.Contracts;

namespace Experiments.Benchmarks;

/// <summary>
/// Lines of generated words, made of syllables, with word frequencies by Zipf's law. Every call gives the same lines.
/// </summary>
internal static class MadeUpText
{
    private const int Words = 600_000;
    private static readonly string[] Onsets = ["", "b", "br", "c", "ch", "d", "f", "g", "h", "l", "m", "n", "p", "qu", "r", "s", "st", "t", "th", "w", "z", "ж", "к"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ea", "ou", "é", "ü", "о"];
    private static readonly string[] Codas = ["", "", "n", "r", "s", "t", "ng", "nd", "ck", "л"];

    /// <summary>Lines with at least this many bytes of UTF-8.</summary>
    public static IEnumerable<string> Lines(long bytes)
    {
        var random = new RandomStream(1, "made-up text");
        var words = new string[Words];
        for (var i = 0; i < Words; i++)
        {
            words[i] = Word(ref random);
        }

        return Write();

        IEnumerable<string> Write()
        {
            var line = new StringBuilder();
            for (var written = 0L; written < bytes; written += Encoding.UTF8.GetByteCount(line.ToString()) + 1)
            {
                line.Clear();
                for (var left = random.Next(3, 40); left > 0; left--)
                {
                    // A rank that is uniform on a logarithmic scale has the frequency 1/rank.
                    var rank = (int)Math.Exp(random.NextDouble() * Math.Log(Words));
                    line.Append(random.Next(30) == 0 ? $"{random.Next(3000)}" : words[rank - 1])
                        .Append(left == 1 ? ". " : random.Next(9) == 0 ? ", " : " ");
                }

                line.Length--;
                yield return line.ToString();
            }
        }
    }

    private static string Word(ref RandomStream random)
    {
        var word = new StringBuilder();
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            word.Append(random.Pick(Onsets)).Append(random.Pick(Vowels)).Append(random.Pick(Codas));
        }

        return word.ToString();
    }
}
