namespace Experiments.Plugins.Filters.Languages;

/// <summary>Finds the script of a letter by its Unicode block.</summary>
internal static class Script
{
    public const string Latin = "Latin";
    public const string Cyrillic = "Cyrillic";
    public const string Han = "Han";
    public const string Kana = "Kana";

    private static readonly (int First, int Last, string Name)[] Blocks =
    [
        (0x41, 0x24F, Latin), (0x300, 0x36F, Latin), (0x370, 0x3FF, "Greek"), (0x400, 0x52F, Cyrillic), (0x530, 0x58F, "Armenian"), (0x590, 0x5FF, "Hebrew"),
        (0x600, 0x77F, "Arabic"), (0x900, 0x97F, "Devanagari"), (0x980, 0x9FF, "Bengali"), (0xA00, 0xA7F, "Gurmukhi"), (0xA80, 0xAFF, "Gujarati"),
        (0xB00, 0xB7F, "Oriya"), (0xB80, 0xBFF, "Tamil"), (0xC00, 0xC7F, "Telugu"), (0xC80, 0xCFF, "Kannada"), (0xD00, 0xD7F, "Malayalam"),
        (0xD80, 0xDFF, "Sinhala"), (0xE00, 0xE7F, "Thai"), (0xE80, 0xEFF, "Lao"), (0xF00, 0xFFF, "Tibetan"), (0x1000, 0x109F, "Burmese"),
        (0x10A0, 0x10FF, "Georgian"), (0x1100, 0x11FF, "Hangul"), (0x1200, 0x139F, "Ethiopic"), (0x1780, 0x17FF, "Khmer"), (0x1800, 0x18AF, "Mongolian"),
        (0x1E00, 0x1EFF, Latin), (0x1F00, 0x1FFF, "Greek"), (0x3040, 0x30FF, Kana), (0x3130, 0x318F, "Hangul"), (0x3400, 0x9FFF, Han), (0xAC00, 0xD7AF, "Hangul"),
        (0xF900, 0xFAFF, Han), (0xFB50, 0xFEFC, "Arabic"), (0xFF21, 0xFF5A, Latin), (0xFF66, 0xFF9D, Kana),
    ];

    // Scripts that in practice are used for one language.
    private static readonly Dictionary<string, string> Languages = new()
    {
        ["Greek"] = "el", ["Armenian"] = "hy", ["Hebrew"] = "he", ["Bengali"] = "bn", ["Gurmukhi"] = "pa", ["Gujarati"] = "gu", ["Oriya"] = "or",
        ["Tamil"] = "ta", ["Telugu"] = "te", ["Kannada"] = "kn", ["Malayalam"] = "ml", ["Sinhala"] = "si", ["Thai"] = "th", ["Lao"] = "lo",
        ["Tibetan"] = "bo", ["Burmese"] = "my", ["Georgian"] = "ka", ["Hangul"] = "ko", ["Ethiopic"] = "am", ["Khmer"] = "km", ["Mongolian"] = "mn",
        [Kana] = "ja", [Han] = "zh",
    };

    /// <summary>The script of a letter, or null.</summary>
    public static string? Of(char letter)
    {
        var (low, high) = (0, Blocks.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (letter < Blocks[middle].First)
            {
                high = middle - 1;
            }
            else if (letter > Blocks[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return Blocks[middle].Name;
            }
        }

        return null;
    }

    /// <summary>The languages of the scripts that are used for only one.</summary>
    public static IEnumerable<string> OwnLanguages => Languages.Values;

    /// <summary>The language of a script that is used for only one, or null.</summary>
    public static string? Language(string script) => Languages.GetValueOrDefault(script);
}
