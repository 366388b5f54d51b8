using System.Buffers;
using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Drops pages by their address: blocked domains, sub-domains and pages, words of which one is enough, words of which
/// several are needed, and parts of words (RefinedWeb, Penedo et al. 2023, G.1; reasons and order as in datatrove). A
/// document without an address is kept.
/// </summary>
/// <remarks>
/// A small list of adult words is built in. Options add files with one entry per line; a line that begins with
/// <c># </c> is a comment, and <c>.gz</c> files are decompressed. The UT1 lists of the Universite Toulouse Capitole and
/// datatrove's word lists can be used unchanged. The files' bytes are part of the key, their names are not. Unlike in
/// datatrove, a blocked page also matches with another scheme or with a slash at its end.
/// </remarks>
[Plugin("url-blocklist")]
[Metric("dropped/domain", Unit = "documents", Meaning = "The domain is blocked.")]
[Metric("dropped/subdomain", Unit = "documents", Meaning = "The sub-domain is blocked.")]
[Metric("dropped/url", Unit = "documents", Meaning = "The page is blocked.")]
[Metric("dropped/hard_blacklisted", Unit = "documents", Meaning = "The address has a word of which one is enough.")]
[Metric("dropped/soft_blacklisted", Unit = "documents", Meaning = "The address has several words of the soft list.")]
[Metric("dropped/blacklisted_subword", Unit = "documents", Meaning = "The address contains a part of a word that is blocked.")]
public sealed class UrlBlocklistFilter : IDocumentFilter
{
    private readonly HashSet<string> _domains;
    private readonly HashSet<string> _urls;
    private readonly HashSet<string> _hardWords;
    private readonly HashSet<string> _softWords;
    private readonly SearchValues<string> _subwords;
    private readonly int _softThreshold;

    /// <summary>Reads the lists.</summary>
    /// <exception cref="FileNotFoundException">A list file named in the options does not exist.</exception>
    public UrlBlocklistFilter(UrlBlocklistOptions options)
    {
        var builtIn = options.BuiltIn ? UrlWords.BuiltIn : UrlWords.None;
        _domains = [.. Entries(options.Domains, options.DomainFiles).Select(entry => entry.ToLowerInvariant())];
        _urls = [.. Entries(options.Urls, options.UrlFiles).Select(UrlWords.WithoutScheme)];
        _hardWords = [.. Entries(options.HardWords, options.HardWordFiles).Concat(builtIn.Hard).Select(UrlWords.LettersAndDigits)];
        _softWords = [.. Entries(options.SoftWords, options.SoftWordFiles).Concat(builtIn.Soft).Select(UrlWords.LettersAndDigits)];
        var subwords = Entries(options.Subwords, options.SubwordFiles).Concat(builtIn.Parts)
            .Select(entry => UrlWords.LettersAndDigits(entry).ToLowerInvariant()).Where(entry => entry.Length > 0);
        _subwords = SearchValues.Create([.. subwords], StringComparison.Ordinal);
        _softThreshold = options.SoftThreshold;
    }

    /// <inheritdoc/>
    public Verdict Apply(Document document) => document.Url is { } url && Reason(url) is { } reason ? Verdict.Drop(reason) : Verdict.Keep(document);

    private string? Reason(string url)
    {
        var host = UrlWords.Host(url);
        if (_domains.Contains(UrlWords.RegisteredDomain(host)))
        {
            return "domain";
        }

        for (var domain = host; domain.Length > 0; domain = domain.IndexOf('.') is var dot and >= 0 ? domain[(dot + 1)..] : "")
        {
            if (_domains.Contains(domain))
            {
                return "subdomain";
            }
        }

        if (_urls.Contains(UrlWords.WithoutScheme(url)))
        {
            return "url";
        }

        var words = UrlWords.Split(url);
        if (words.Overlaps(_hardWords))
        {
            return "hard_blacklisted";
        }

        if (_softThreshold > 0 && words.Count(_softWords.Contains) >= _softThreshold)
        {
            return "soft_blacklisted";
        }

        return UrlWords.LettersAndDigits(url).ToLowerInvariant().AsSpan().ContainsAny(_subwords) ? "blacklisted_subword" : null;
    }

    private static IEnumerable<string> Entries(IReadOnlyList<string> given, IReadOnlyList<string> files) =>
        given.Concat(files.SelectMany(UrlWords.ReadList)).Select(entry => entry.Trim()).Where(entry => entry.Length > 0);
}

/// <summary>
/// Settings of <c>url-blocklist</c>. Words are compared, case-sensitively, with the words of the address: its runs of
/// ASCII letters and digits.
/// </summary>
public sealed record UrlBlocklistOptions
{
    /// <summary>
    /// Blocked domains, each including its sub-domains. Reason: <c>domain</c>, or <c>subdomain</c> for a blocked
    /// sub-domain. Default: none.
    /// </summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Files with blocked domains, one per line. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> DomainFiles { get; init; } = [];

    /// <summary>Addresses of blocked pages. Reason: <c>url</c>. Default: none.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Files with addresses of blocked pages, one per line. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> UrlFiles { get; init; } = [];

    /// <summary>
    /// Words of which one in the address drops a page, in addition to the built-in ones. Reason:
    /// <c>hard_blacklisted</c>. Default: none.
    /// </summary>
    public IReadOnlyList<string> HardWords { get; init; } = [];

    /// <summary>Files with hard words, one per line. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> HardWordFiles { get; init; } = [];

    /// <summary>
    /// Words of which several different ones in the address drop a page, in addition to the built-in ones; see
    /// soft_threshold. Reason: <c>soft_blacklisted</c>. Default: none.
    /// </summary>
    public IReadOnlyList<string> SoftWords { get; init; } = [];

    /// <summary>Files with soft words, one per line. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> SoftWordFiles { get; init; } = [];

    /// <summary>
    /// Strings that drop a page if they occur in the letters and digits of its address, in lower case; in addition to
    /// the built-in ones. Reason: <c>blacklisted_subword</c>. Default: none.
    /// </summary>
    public IReadOnlyList<string> Subwords { get; init; } = [];

    /// <summary>Files with such strings, one per line. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> SubwordFiles { get; init; } = [];

    /// <summary>How many different soft words drop a page. 0 = soft words are ignored. Default: 2.</summary>
    [Range(0, 100)] public int SoftThreshold { get; init; } = 2;

    /// <summary>Whether the built-in words are used. Default: true.</summary>
    public bool BuiltIn { get; init; } = true;
}
