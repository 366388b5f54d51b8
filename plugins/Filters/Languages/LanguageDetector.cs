namespace Experiments.Plugins.Filters.Languages;

/// <summary>
/// Finds the language of a text, and the share of the text that is in it. Some languages are recognised by their script
/// alone. Among languages of one script, a naive Bayes model weighs function words, special letters and letter groups
/// against a background model that represents unknown languages.
/// </summary>
/// <remarks>
/// The text is judged in windows of thirty words, and a language's score is the mean of its probabilities, weighted by
/// the windows' lengths. On a page that is half English and half German, English gets one half. The profiles are
/// written by hand, not learned: 40 languages with Latin letters, 8 with Cyrillic, 3 with Arabic and 2 with Devanagari.
/// 23 more languages are recognised by their script.
/// </remarks>
public sealed class LanguageDetector
{
    /// <summary>The code for a text in none of the known languages (ISO 639-2: undetermined).</summary>
    public const string Unknown = "und";

    /// <summary>The codes that it can give, in alphabetical order.</summary>
    public static IReadOnlyCollection<string> Known { get; } =
        new SortedSet<string>([Unknown, .. Script.OwnLanguages, .. LanguageProfile.ReadAll().Select(profile => profile.Code)], StringComparer.Ordinal);

    private const int WordsPerWindow = 30;
    private const int MaxWords = 3000;

    private readonly Dictionary<string, LanguageModel> _models = LanguageProfile.ReadAll().GroupBy(profile => profile.Script)
        .ToDictionary(group => group.Key, group => new LanguageModel([.. group]));

    /// <summary>
    /// The most probable language and its share of the text, 0 to 1; <see cref="Unknown"/> and 0 for a text without
    /// letters.
    /// </summary>
    public (string Language, double Score) Detect(string text)
    {
        var shares = Shares(text);
        var best = shares.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault();
        return best.Key is null ? (Unknown, 0) : (best.Key, best.Value);
    }

    /// <summary>
    /// The share of the text in each language. The shares sum to at most 1; there are none if the text has no letters.
    /// </summary>
    public IReadOnlyDictionary<string, double> Shares(string text)
    {
        var shares = new Dictionary<string, double>();
        var words = Split(text);
        foreach (var window in words.Chunk(WordsPerWindow))
        {
            foreach (var (language, probability) in Judge(window))
            {
                shares[language] = shares.GetValueOrDefault(language) + (probability * window.Length / words.Count);
            }
        }

        return shares;
    }

    private IEnumerable<(string Language, double Probability)> Judge(string[] words)
    {
        var letters = new Dictionary<string, int>();
        foreach (var letter in words.SelectMany(word => word))
        {
            if (Script.Of(letter) is { } of)
            {
                letters[of] = letters.GetValueOrDefault(of) + 1;
            }
        }

        if (letters.Count == 0)
        {
            return [(Unknown, 1)];
        }

        // Japanese uses Chinese characters as well as Kana; Chinese never uses Kana.
        if (letters.TryGetValue(Script.Kana, out var kana) && letters.Remove(Script.Han, out var han))
        {
            letters[Script.Kana] = kana + (kana * 20 >= han ? han : 0);
        }

        var (script, _) = letters.MaxBy(pair => pair.Value);
        return Script.Language(script) is { } language ? [(language, (double)letters[script] / letters.Values.Sum())]
            : _models.TryGetValue(script, out var model) ? model.Judge(words)
            : [(Unknown, 1)];
    }

    /// <summary>
    /// Splits a text into words: runs of letters and marks, in lower case. Of a long document only the beginning is
    /// taken.
    /// </summary>
    private static List<string> Split(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length && words.Count < MaxWords; i++)
        {
            var start = i;
            while (i < text.Length && IsLetter(text[i]) && i - start < 40)
            {
                i++;
            }

            if (i > start)
            {
                words.Add(text[start..i].ToLowerInvariant());
                i -= i < text.Length && IsLetter(text[i]) ? 1 : 0;
            }
        }

        return words;
    }

    private static bool IsLetter(char character) => char.IsLetter(character)
        || char.GetUnicodeCategory(character) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
