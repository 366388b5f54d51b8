using System.Collections.Frozen;

namespace Experiments.Plugins.Filters.Languages;

/// <summary>Distinguishes the languages of one script.</summary>
internal sealed class LanguageModel
{
    // The share of running text that a language's list of function words covers, and the probability of a word that is
    // only in other languages' lists.
    private const double Coverage = 0.35;
    private const double ForeignWord = 2e-4;
    private const double ForeignLetter = 1e-4;
    private const double GroupWeight = 0.7;

    // The background model expects few known words, some special letters, and some letter groups by chance.
    private const double BackgroundCoverage = 0.1;
    private const double BackgroundWord = 4e-4;
    private const double BackgroundLetters = 0.02;
    private const double BackgroundLetter = 5e-4;
    private const double BackgroundGroup = 0.1;

    private readonly string[] _languages;
    private readonly double[] _plainLetter;
    private readonly FrozenDictionary<string, (int Language, double Evidence)[]> _words;
    private readonly FrozenDictionary<char, (int Language, double Evidence)[]> _letters;
    private readonly FrozenDictionary<string, int[]> _groups;

    public LanguageModel(IReadOnlyList<LanguageProfile> profiles)
    {
        // The background model is the last language.
        _languages = [.. profiles.Select(profile => profile.Code), LanguageDetector.Unknown];
        _plainLetter = [.. profiles.Select(profile => Math.Log(1 - profile.LetterShare)), Math.Log(1 - BackgroundLetters)];
        _words = profiles.SelectMany((profile, language) => profile.Words.Select((word, rank) => (word, language, Math.Log(WordProbability(profile, rank)))))
            .GroupBy(entry => entry.word).ToFrozenDictionary(group => group.Key, group => group.Select(entry => (entry.language, entry.Item3)).ToArray());
        _letters = profiles.SelectMany((profile, language) => profile.Letters.Select(letter => (letter, language, Math.Log(profile.LetterShare / profile.Letters.Length))))
            .GroupBy(entry => entry.letter).ToFrozenDictionary(group => group.Key, group => group.Select(entry => (entry.language, entry.Item3)).ToArray());
        _groups = profiles.SelectMany((profile, language) => profile.Groups.Select(group => (group, language)))
            .GroupBy(entry => entry.group).ToFrozenDictionary(group => group.Key, group => group.Select(entry => entry.language).ToArray());
    }

    /// <summary>The probability of each language, given some words of a text in lower case.</summary>
    public IEnumerable<(string Language, double Probability)> Judge(IReadOnlyList<string> words)
    {
        var evidence = new double[_languages.Length];
        foreach (var word in words)
        {
            AddWord(word, evidence);
            AddLetters(word, evidence);
            AddGroups(word, evidence);
        }

        var most = evidence.Max();
        var weights = evidence.Select(value => Math.Exp(value - most)).ToArray();
        var sum = weights.Sum();
        return _languages.Zip(weights, (language, weight) => (language, weight / sum));
    }

    /// <summary>The probability of a word by its rank in the list, after Zipf's law.</summary>
    private static double WordProbability(LanguageProfile profile, int rank) =>
        Coverage / (rank + 3) / Enumerable.Range(3, profile.Words.Count).Sum(place => 1.0 / place);

    private void AddWord(string word, double[] evidence)
    {
        var background = evidence.Length - 1;
        if (!_words.TryGetValue(word, out var known))
        {
            Add(evidence, Math.Log(1 - Coverage));
            evidence[background] += Math.Log(1 - BackgroundCoverage) - Math.Log(1 - Coverage);
            return;
        }

        var foreign = Math.Log(ForeignWord);
        Add(evidence, foreign);
        evidence[background] += Math.Log(BackgroundWord) - foreign;
        foreach (var (language, value) in known)
        {
            evidence[language] += value - foreign;
        }
    }

    private void AddLetters(string word, double[] evidence)
    {
        var background = evidence.Length - 1;
        foreach (var letter in word)
        {
            if (_letters.TryGetValue(letter, out var known))
            {
                var foreign = Math.Log(ForeignLetter);
                Add(evidence, foreign);
                evidence[background] += Math.Log(BackgroundLetter) - foreign;
                foreach (var (language, value) in known)
                {
                    evidence[language] += value - foreign;
                }
            }
            else if (letter <= 'z' || Script.Of(letter) != Script.Latin)
            {
                for (var language = 0; language < evidence.Length; language++)
                {
                    evidence[language] += _plainLetter[language];
                }
            }
        }
    }

    private void AddGroups(string word, double[] evidence)
    {
        var marked = $"^{word}$";
        var lookup = _groups.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var start = 0; start < marked.Length; start++)
        {
            for (var length = 1; length <= Math.Min(6, marked.Length - start); length++)
            {
                if (lookup.TryGetValue(marked.AsSpan(start, length), out var languages))
                {
                    evidence[^1] += BackgroundGroup;
                    foreach (var language in languages)
                    {
                        evidence[language] += GroupWeight;
                    }
                }
            }
        }
    }

    private static void Add(double[] evidence, double value)
    {
        for (var language = 0; language < evidence.Length; language++)
        {
            evidence[language] += value;
        }
    }
}
