namespace Experiments.Plugins.Filters.Languages;

/// <summary>
/// The profile of one language: its special letters, its function words, and letter groups that are typical of it.
/// </summary>
/// <param name="Code">ISO 639-1 code.</param>
/// <param name="Script">Script of the language.</param>
/// <param name="LetterShare">Share of the special letters among all letters of a text. Unit: fraction, 0 to 1.</param>
/// <param name="Letters">The special letters.</param>
/// <param name="Words">Function words, most frequent first.</param>
/// <param name="Groups">Letter groups; <c>^</c> stands for the beginning of a word and <c>$</c> for its end.</param>
internal sealed record LanguageProfile(string Code, string Script, double LetterShare, string Letters, IReadOnlyList<string> Words, IReadOnlyList<string> Groups)
{
    private const string Resource = "Experiments.Plugins.Filters.Languages.profiles.txt";

    /// <summary>All profiles.</summary>
    public static IReadOnlyList<LanguageProfile> ReadAll()
    {
        using var stream = typeof(LanguageProfile).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        using var reader = new StreamReader(stream);
        var profiles = new List<LanguageProfile>();
        var script = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('@'))
            {
                script = line[1..];
            }
            else if (!line.StartsWith('#'))
            {
                var fields = line.Split(';', StringSplitOptions.TrimEntries);
                var letters = fields[1].Split(' ');
                profiles.Add(new(
                    fields[0], script, double.Parse(letters[0]), letters[1], [.. fields[2].Split(' ').Distinct()], [.. fields[3].Split(' ').Distinct()]));
            }
        }

        return profiles;
    }
}
