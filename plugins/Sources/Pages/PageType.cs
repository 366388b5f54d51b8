namespace Experiments.Plugins.Sources.Pages;

/// <summary>Decides whether a body is a web page.</summary>
internal static class PageType
{
    private static readonly string[] Beginnings =
        ["<!doctype html", "<html", "<head", "<body", "<title", "<script", "<style", "<table", "<div", "<p>", "<h1", "<a ", "<br", "<!--"];

    /// <summary>Whether a media type is HTML or XHTML; its parameters are ignored.</summary>
    public static bool IsHtml(string mediaType) =>
        mediaType.Split(';', ',')[0].Trim().ToLowerInvariant() is "text/html" or "application/xhtml+xml";

    /// <summary>Whether bytes begin like HTML (WHATWG MIME Sniffing, 7.1).</summary>
    public static bool LooksLikeHtml(ReadOnlySpan<byte> body)
    {
        var begin = body[..Math.Min(body.Length, 1024)].TrimStart(" \t\r\n\f\uFEFF"u8);
        var text = System.Text.Encoding.Latin1.GetString(begin);
        return Array.Exists(Beginnings, beginning => text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));
    }
}
