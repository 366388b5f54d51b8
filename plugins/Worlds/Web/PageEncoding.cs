using System.Text;

namespace Experiments.Plugins.Worlds.Web;

/// <summary>How a page's bytes are made and announced.</summary>
/// <param name="Charset">The charset's name on the web.</param>
/// <param name="Place">Where it is announced.</param>
internal sealed record PageEncoding(string Charset, Announcement Place)
{
    public static readonly PageEncoding Ordinary = new("utf-8", Announcement.Header);

    /// <summary>What English pages use when they are odd.</summary>
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
    /// <exception cref="EncoderFallbackException">The charset lacks a character of the page.</exception>
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
