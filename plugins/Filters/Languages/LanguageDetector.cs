namespace Experiments.Plugins.Filters.Languages;

/// <summary>
/// Says in which language a text is, and which share of it. Scripts settle some languages; among those of one alphabet a naive Bayes model weighs
/// function words, special letters and letter groups, against a background that stands for the languages it does not know.
/// </summary>
/// <remarks>
/// The text is judged in windows of some thirty words, and the score of a language is the mean of its probabilities: of a page that is half English
/// half German, English gets a half. The profiles are written by hand, not learned: 40 languages of the Latin alphabet, 8 Cyrillic, 3 Arabic,
/// 2 Devanagari; 23 more by script.
/// </remarks>
public sealed class LanguageDetector
{
    /// <summary>The code for none of the known languages (ISO 639-2: undetermined).</summary>
    public const string Unknown = "und";

    private const int WordsPerWindow = 30;
    private const int MaxWords = 3000;

    private readonly Dictionary<string, LanguageModel> _models = LanguageProfile.ReadAll().GroupBy(profile => profile.Script)
        .ToDictionary(group => group.Key, group => new LanguageModel([.. group]));

    /// <summary>The most probable language and its share of the text, 0 to 1.</summary>
    public (string Language, double Score) Detect(string text)
    {
        var shares = Shares(text);
        var best = shares.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault();
        return best.Key is null ? (Unknown, 0) : (best.Key, best.Value);
    }

    /// <summary>The share of each language; they sum to 1, or to 0 where there are no letters.</summary>
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

        // Japanese is written with Chinese characters too, Chinese never with Kana.
        if (letters.TryGetValue(Script.Kana, out var kana) && letters.Remove(Script.Han, out var han))
        {
            letters[Script.Kana] = kana + (kana * 20 >= han ? han : 0);
        }

        var (script, _) = letters.MaxBy(pair => pair.Value);
        return Script.Language(script) is { } language ? [(language, (double)letters[script] / letters.Values.Sum())]
            : _models.TryGetValue(script, out var model) ? model.Judge(words)
            : [(Unknown, 1)];
    }

    /// <summary>Runs of letters and marks in lower case. Long documents are judged by their beginning.</summary>
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
