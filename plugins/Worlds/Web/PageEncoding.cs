using System.Text;

namespace Experiments.Plugins.Worlds.Web;

/// <summary>A page's charset, and the place where the page names it.</summary>
/// <param name="Charset">Name of the charset on the web.</param>
/// <param name="Place">Where the page names it.</param>
internal sealed record PageEncoding(string Charset, Announcement Place)
{
    public static readonly PageEncoding Ordinary = new("utf-8", Announcement.Header);

    /// <summary>The unusual encodings of English pages.</summary>
    public static readonly PageEncoding[] Odd =
    [
        new("windows-1252", Announcement.Header),
        new("windows-1252", Announcement.Meta),
        new("iso-8859-1", Announcement.Nowhere),
        new("utf-8", Announcement.ByteOrderMark),
        new("utf-8", Announcement.Nowhere),
    ];

    public string ContentType => Place == Announcement.Header ? $"text/html; charset={Charset}" : "text/html";

    public string Meta => Place == Announcement.Meta ? $"<meta http-equiv=\"Content-Type\" content=\"text/html; charset={Charset}\">" : "";

    /// <summary>Encodes a page.</summary>
    /// <exception cref="EncoderFallbackException">The charset does not have a character of the page.</exception>
    public byte[] Encode(string html)
    {
        var (strict, none) = (EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(Charset, strict, none) ?? Encoding.GetEncoding(Charset, strict, none);
        return [.. Place == Announcement.ByteOrderMark ? Encoding.UTF8.Preamble : default, .. encoding.GetBytes(html)];
    }
}

/// <summary>Where a page names its charset.</summary>
internal enum Announcement
{
    Header,
    Meta,
    ByteOrderMark,
    Nowhere,
}
