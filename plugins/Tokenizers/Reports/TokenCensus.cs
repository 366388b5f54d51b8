using System.Text;
using System.Text.Unicode;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Reports;

/// <summary>Counts a tokenizer's output for texts, by group and by token.</summary>
internal sealed class TokenCensus(string name, ITokenizer tokenizer)
{
    public const string Whole = "all";
    public const string UnknownLanguage = "unknown";
    private const string LanguageFact = "language";
    private const int LongestLanguage = 35; // of a language tag, RFC 5646

    private readonly Dictionary<string, GroupCounts> _domains = [];
    private readonly SortedDictionary<string, GroupCounts> _languages = new(StringComparer.Ordinal);
    private readonly bool[] _isPartial = [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(id => !Utf8.IsValid(tokenizer.Bytes(id)))];

    public string Name => name;

    public ITokenizer Tokenizer => tokenizer;

    public GroupCounts All { get; } = new();

    /// <summary>The language that the metadata give; they may hold anything, and the name becomes that of a metric.</summary>
    private static string LanguageOf(Document document)
    {
        var language = document.Fact(LanguageFact);
        return language is { Length: > 0 and <= LongestLanguage } && language.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? language : UnknownLanguage;
    }

    /// <summary>How often each token was produced, by id.</summary>
    public long[] Occurrences { get; } = new long[tokenizer.VocabularySize];

    /// <summary>
    /// All text, then the domains in the given order, then the languages by name. Only documents whose metadata names a
    /// language count in the languages.
    /// </summary>
    public IEnumerable<(string Group, GroupCounts Counts)> Groups =>
    [
        (Whole, All),
        .. _domains.Select(pair => ($"domain/{pair.Key}", pair.Value)),
        .. _languages.Keys.Any(language => language != UnknownLanguage) ? _languages.Select(pair => ($"language/{pair.Key}", pair.Value)) : [],
    ];

    /// <summary>Whether a token begins or ends within a character.</summary>
    public bool IsPartial(int id) => _isPartial[id];

    public void Add(string domain, IReadOnlyList<Document> documents, int threads, CancellationToken cancellationToken)
    {
        var encoded = tokenizer.EncodeBatch([.. documents.Select(document => document.Text)], threads, cancellationToken);
        foreach (var (document, ids) in documents.Zip(encoded))
        {
            GroupCounts[] groups = [All, Group(_domains, domain), Group(_languages, LanguageOf(document))];
            var (single, partial) = (0, 0);
            foreach (var id in ids)
            {
                Occurrences[id]++;
                single += tokenizer.Bytes(id).Length == 1 ? 1 : 0;
                partial += _isPartial[id] ? 1 : 0;
            }

            foreach (var group in groups)
            {
                group.Documents++;
                group.Bytes += Encoding.UTF8.GetByteCount(document.Text);
                group.Words += Words(document.Text);
                group.Tokens += ids.Length;
                group.SingleByteTokens += single;
                group.PartialTokens += partial;
            }
        }
    }

    private static GroupCounts Group(IDictionary<string, GroupCounts> groups, string name)
    {
        if (!groups.TryGetValue(name, out var counts))
        {
            groups[name] = counts = new();
        }

        return counts;
    }

    private static int Words(string text)
    {
        var (words, isInside) = (0, false);
        foreach (var letter in text)
        {
            var isWord = !char.IsWhiteSpace(letter);
            words += isWord && !isInside ? 1 : 0;
            isInside = isWord;
        }

        return words;
    }
}
