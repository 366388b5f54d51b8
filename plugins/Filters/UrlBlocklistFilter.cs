using System.Buffers;
using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Drops pages by their address: blocked domains, sub-domains and pages, words that settle it alone, words that settle it together, and parts of
/// words (RefinedWeb, Penedo et al. 2023, G.1; reasons and order as in datatrove). A document without an address is kept.
/// </summary>
/// <remarks>
/// A small list of adult words is built in. For more, name files: an entry a line, <c># </c> begins a comment, <c>.gz</c> is unpacked; the UT1
/// lists of the Universite Toulouse Capitole and datatrove's word lists are read as they are. The content of a file is no part of the key.
/// Unlike datatrove, a blocked page also matches under another scheme or with a slash at its end.
/// </remarks>
[Plugin("url-blocklist")]
public sealed class UrlBlocklistFilter : IDocumentFilter
{
    private readonly HashSet<string> _domains;
    private readonly HashSet<string> _urls;
    private readonly HashSet<string> _hardWords;
    private readonly HashSet<string> _softWords;
    private readonly SearchValues<string> _subwords;
    private readonly int _softThreshold;

    /// <summary>Reads the lists.</summary>
    /// <exception cref="FileNotFoundException">A list that the options name is not there.</exception>
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

/// <summary>Settings of <c>url-blocklist</c>. Words are compared with those of the address between characters that are no letters or digits, case-sensitive.</summary>
public sealed record UrlBlocklistOptions
{
    /// <summary>Blocked domains, each with its sub-domains: reason <c>domain</c> or, for a longer host, <c>subdomain</c>. Default: none.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Files with blocked domains. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> DomainFiles { get; init; } = [];

    /// <summary>Blocked pages: reason <c>url</c>. Default: none.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Files with blocked pages. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> UrlFiles { get; init; } = [];

    /// <summary>Words of which one is enough: reason <c>hard_blacklisted</c>. Default: the built-in ones.</summary>
    public IReadOnlyList<string> HardWords { get; init; } = [];

    /// <summary>Files with such words. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> HardWordFiles { get; init; } = [];

    /// <summary>Words of which several are needed: reason <c>soft_blacklisted</c>. Default: the built-in ones.</summary>
    public IReadOnlyList<string> SoftWords { get; init; } = [];

    /// <summary>Files with such words. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> SoftWordFiles { get; init; } = [];

    /// <summary>Strings looked for in the address without its marks and in lower case: reason <c>blacklisted_subword</c>. Default: the built-in ones.</summary>
    public IReadOnlyList<string> Subwords { get; init; } = [];

    /// <summary>Files with such strings. Default: none.</summary>
    [InputFile]
    public IReadOnlyList<string> SubwordFiles { get; init; } = [];

    /// <summary>How many different soft words drop a page; 0 = soft words are not looked at. Default: 2.</summary>
    [Range(0, 100)] public int SoftThreshold { get; init; } = 2;

    /// <summary>Whether the built-in words count too. Default: true.</summary>
    public bool BuiltIn { get; init; } = true;
}
