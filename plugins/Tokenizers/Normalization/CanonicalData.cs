using System.Collections.Frozen;
using System.Globalization;

namespace Experiments.Plugins.Tokenizers.Normalization;

/// <summary>
/// The canonical decompositions and compositions of characters (Unicode Standard Annex 15), from <c>canonical.txt</c>.
/// .NET does not have them without ICU.
/// </summary>
internal static class CanonicalData
{
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;
    private const int Syllables = Leads * Vowels * Trails;

    private static readonly FrozenDictionary<int, byte> Classes;
    private static readonly FrozenDictionary<int, int[]> Decompositions;
    private static readonly FrozenDictionary<(int First, int Second), int> Compositions;
    private static readonly FrozenSet<int> Unsettled;

    static CanonicalData()
    {
        Dictionary<int, byte> classes = [];
        Dictionary<int, int[]> decompositions = [];
        Dictionary<(int, int), int> compositions = [];
        HashSet<int> unsettled = [.. Enumerable.Range(VowelBase, Vowels), .. Enumerable.Range(TrailBase + 1, Trails - 1)];
        foreach (var fields in Lines().Select(line => line.Split(' ')))
        {
            var code = Hex(fields[0]);
            var combiningClass = byte.Parse(fields[1], CultureInfo.InvariantCulture);
            if (combiningClass != 0)
            {
                classes.Add(code, combiningClass);
                unsettled.Add(code);
            }

            var isNeverComposed = fields.Length > 2 && fields[2] == "!";
            int[] parts = [.. fields.Skip(isNeverComposed ? 3 : 2).Select(Hex)];
            if (parts.Length > 0)
            {
                decompositions.Add(code, parts);
            }

            if (isNeverComposed)
            {
                unsettled.Add(code);
            }
            else if (parts is [var first, var second])
            {
                compositions.Add((first, second), code);
                unsettled.Add(second);
            }
        }

        (Classes, Decompositions, Compositions, Unsettled) = (classes.ToFrozenDictionary(), decompositions.ToFrozenDictionary(), compositions.ToFrozenDictionary(), unsettled.ToFrozenSet());
    }

    /// <summary>
    /// Whether normalization may change a character or its surroundings: the character may be reordered, may decompose
    /// permanently, or may be composed with the character before it.
    /// </summary>
    public static bool IsUnsettled(int code) => Unsettled.Contains(code);

    /// <summary>The canonical combining class; 0 for a character that starts a sequence.</summary>
    public static int ClassOf(int code) => Classes.GetValueOrDefault(code);

    /// <summary>Appends the full decomposition of a character.</summary>
    public static void Decompose(int code, List<int> parts)
    {
        if (code - SyllableBase is >= 0 and < Syllables and var syllable)
        {
            parts.AddRange([LeadBase + (syllable / (Vowels * Trails)), VowelBase + (syllable / Trails % Vowels)]);
            if (syllable % Trails != 0)
            {
                parts.Add(TrailBase + (syllable % Trails));
            }
        }
        else if (Decompositions.TryGetValue(code, out var found))
        {
            foreach (var part in found)
            {
                Decompose(part, parts);
            }
        }
        else
        {
            parts.Add(code);
        }
    }

    /// <summary>The character to which two characters are composed, or -1 if there is none.</summary>
    public static int Compose(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads and var lead && second - VowelBase is >= 0 and < Vowels and var vowel)
        {
            return SyllableBase + (((lead * Vowels) + vowel) * Trails);
        }

        if (first - SyllableBase is >= 0 and < Syllables and var syllable && syllable % Trails == 0 && second - TrailBase is > 0 and < Trails and var trail)
        {
            return first + trail;
        }

        return Compositions.TryGetValue((first, second), out var composed) ? composed : -1;
    }

    private static IEnumerable<string> Lines()
    {
        using var stream = typeof(CanonicalData).Assembly.GetManifestResourceStream("canonical.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                yield return line;
            }
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
