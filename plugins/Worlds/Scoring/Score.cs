using System.Text.RegularExpressions;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;
using Experiments.Plugins.Worlds.Truth;

namespace Experiments.Plugins.Worlds.Scoring;

/// <summary>
/// Compares the documents that a cleaning pipeline kept and dropped with the truth about their pages. Documents are
/// matched to pages by address.
/// </summary>
internal sealed class Score(IReadOnlyDictionary<string, TruthRecord> truth)
{
    private static readonly Regex NotAsciiWord = new(@"\w*[^\W\x00-\x7F]\w*", RegexOptions.NonBacktracking);
    private const string Unread = "unread";
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Step, string Reason)> _dropped = new(StringComparer.Ordinal);
    private readonly List<(string Url, double F1, double Boilerplate)> _extractions = [];
    private readonly List<Mistake> _mistakes = [];
    private Tally _emails;
    private Tally _publicIps;
    private Tally _privateIps;
    private Tally _charsets;
    private int _unknown;

    /// <summary>Adds a document of the cleaned corpus.</summary>
    public void AddKept(Document document)
    {
        if (Find(document) is not { } page || !_kept.Add(page.Url))
        {
            return;
        }

        CheckCharset(page, document.Text);
        if (!page.Keep)
        {
            _mistakes.Add(new(MistakeKind.WronglyKept, page.Url, $"{page.Reason}: {Start(page.MainText)}"));
            return;
        }

        var (precision, recall) = Shingles.Compare(document.Text, page.MainText);
        _extractions.Add((page.Url, Shingles.F1(precision, recall), 1 - precision));
        Count(page.Emails, isRight: email => !Contains(document, email), MistakeKind.EmailLeft, ref _emails);
        Count(page.PublicIps, isRight: address => !Contains(document, address), MistakeKind.PublicIpLeft, ref _publicIps);
        Count(page.PrivateIps, isRight: address => Contains(document, address), MistakeKind.PrivateIpLost, ref _privateIps);

        void Count(IEnumerable<string> items, Func<string, bool> isRight, MistakeKind kind, ref Tally tally)
        {
            foreach (var item in items)
            {
                tally = tally.With(isRight(item));
                if (!isRight(item))
                {
                    _mistakes.Add(new(kind, page.Url, item));
                }
            }
        }
    }

    /// <summary>
    /// Adds a document that a step dropped; its metadata holds <c>dropped_by</c> and <c>dropped_for</c>.
    /// </summary>
    public void AddDropped(Document document)
    {
        if (Find(document) is { } page && _dropped.TryAdd(page.Url, (document.Fact("dropped_by") ?? "unknown", document.Fact("dropped_for") ?? "unknown")))
        {
            CheckCharset(page, document.Text);
        }
    }

    /// <summary>Computes the metrics. A share or mean over nothing is left out.</summary>
    public ScoreCard Finish()
    {
        var pages = truth.Values.ToList();
        var right = pages.Count(page => page.Keep && _kept.Contains(page.Url));
        var wrong = pages.Where(page => page.Keep && !_kept.Contains(page.Url)).ToList();
        var figures = new List<KeyValuePair<string, double>>
        {
            new("pages", pages.Count),
            new("pages_kept", _kept.Count),
            new("unknown_documents", _unknown),
        };
        Share(MetricNames.KeepPrecision, right, _kept.Count);
        Share(MetricNames.KeepRecall, right, pages.Count(page => page.Keep));
        figures.Add(new("wrongly_dropped", wrong.Count));
        foreach (var group in wrong.GroupBy(page => Fate(page).Step).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            figures.Add(new($"wrongly_dropped/{group.Key}", group.Count()));
        }

        var reasons = pages.Where(page => !page.Keep).GroupBy(page => page.Reason!).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new ReasonCount(
            group.Key,
            group.Count(),
            group.Count(page => !_kept.Contains(page.Url)),
            group.Where(page => !_kept.Contains(page.Url)).CountBy(page => Fate(page).Step).OrderByDescending(pair => pair.Value).ToList())).ToList();
        foreach (var reason in reasons)
        {
            Share($"recall/{reason.Reason}", reason.Dropped, reason.Pages);
        }

        Mean("extraction_f1", _extractions.Select(page => page.F1));
        Mean("boilerplate_share", _extractions.Select(page => page.Boilerplate));
        Share("email_recall", _emails.Right, _emails.All);
        figures.Add(new("email_leaks", _emails.All - _emails.Right));
        Share("public_ip_recall", _publicIps.Right, _publicIps.All);
        Share("private_ips_kept", _privateIps.Right, _privateIps.All);
        Share("charset_correct", _charsets.Right, _charsets.All);

        var worst = _extractions.Where(page => page.F1 < 1).OrderBy(page => page.F1)
            .Select(page => new Mistake(MistakeKind.WorstExtraction, page.Url, $"F1 {page.F1:F3}, boilerplate {page.Boilerplate:P1}"));
        var dropped = wrong.Select(page => new Mistake(MistakeKind.WronglyDropped, page.Url, $"{Fate(page).Step} ({Fate(page).Reason}): {Start(page.MainText)}"));
        return new(figures, reasons, [.. dropped, .. _mistakes, .. worst]);

        void Share(string name, int part, int whole)
        {
            if (whole > 0)
            {
                figures.Add(new(name, part / (double)whole));
            }
        }

        void Mean(string name, IEnumerable<double> values)
        {
            if (values.Any())
            {
                figures.Add(new(name, values.Average()));
            }
        }
    }

    private TruthRecord? Find(Document document)
    {
        var page = document.Url is null ? null : truth.GetValueOrDefault(document.Url);
        _unknown += page is null ? 1 : 0;
        return page;
    }

    /// <summary>
    /// Checks that a page was decoded correctly: the text has no replacement character, and at least half of the words
    /// that need the charset are in it. Half is enough because an extractor may lose a sentence.
    /// </summary>
    private void CheckCharset(TruthRecord page, string text)
    {
        string[] words = [.. NotAsciiWord.Matches(page.MainText).Select(match => match.Value).Distinct()];
        if (words.Length == 0)
        {
            return;
        }

        var found = words.Count(word => text.Contains(word, StringComparison.Ordinal));
        var isRight = !text.Contains('\uFFFD') && found * 2 >= words.Length;
        _charsets = _charsets.With(isRight);
        if (!isRight)
        {
            _mistakes.Add(new(MistakeKind.WrongCharset, page.Url, $"{page.Charset}: {found} of {words.Length} words, such as {words[0]}"));
        }
    }

    private (string Step, string Reason) Fate(TruthRecord page) => _dropped.GetValueOrDefault(page.Url, (Unread, "neither kept nor dropped"));

    /// <summary>Whether the text contains an address that is not part of a longer one.</summary>
    private static bool Contains(Document document, string item)
    {
        var text = document.Text;
        for (var at = Find(0); at >= 0; at = Find(at + 1))
        {
            var end = at + item.Length;
            var goesOn = end < text.Length && (IsPart(text[end]) || (text[end] == '.' && end + 1 < text.Length && IsPart(text[end + 1])));
            if (!goesOn && (at == 0 || !(IsPart(text[at - 1]) || text[at - 1] is '.' or '+')))
            {
                return true;
            }
        }

        return false;

        int Find(int start) => text.IndexOf(item, start, StringComparison.OrdinalIgnoreCase);

        static bool IsPart(char character) => char.IsLetterOrDigit(character) || character is '_' or '-';
    }

    private static string Start(string text) => text.Length <= 100 ? text : $"{text[..100]}...";



    private readonly record struct Tally(int Right, int All)
    {
        public Tally With(bool isRight) => new(Right + (isRight ? 1 : 0), All + 1);
    }
}
