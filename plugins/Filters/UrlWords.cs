using System.IO.Compression;

namespace Experiments.Plugins.Filters;

/// <summary>Splits addresses into their parts.</summary>
internal static class UrlWords
{
    /// <summary>Words that are common in addresses of adult sites and rare in others.</summary>
    public static readonly (string[] Hard, string[] Soft, string[] Parts) BuiltIn = (
        ["porn", "porno", "xxx", "hentai", "milf", "bukkake", "camgirls", "escorts", "nsfw"],
        ["adult", "babes", "cams", "dating", "erotic", "fetish", "girls", "hot", "naked", "nude", "nudes", "sex", "sexy", "teen", "teens", "webcam"],
        ["freeporn", "pornhub", "pornstar", "xvideos", "xhamster", "sexcam", "hardcoresex", "blowjob", "gangbang"]);

    /// <summary>No words.</summary>
    public static readonly (string[] Hard, string[] Soft, string[] Parts) None = ([], [], []);

    // Second-level labels below which countries register names: bbc.co.uk, abc.net.au, u-tokyo.ac.jp.
    private static readonly HashSet<string> SecondLevel = ["ac", "co", "com", "ed", "edu", "go", "gob", "gouv", "gov", "gv", "ltd", "me", "mil", "ne", "net", "nhs", "or", "org", "plc", "sch"];

    /// <summary>The host in lower case; empty if there is none.</summary>
    public static string Host(string url)
    {
        var rest = url.AsSpan(url.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0);
        rest = rest[..(rest.IndexOfAny('/', '?', '#') is var end and >= 0 ? end : rest.Length)];
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        rest = rest[..(rest.IndexOf(':') is var port and >= 0 ? port : rest.Length)];
        return rest.TrimEnd('.').ToString().ToLowerInvariant();
    }

    /// <summary>
    /// The registered domain of a host: its last two labels, or three where a country registers names at the third
    /// level.
    /// </summary>
    /// <remarks>
    /// This rule replaces the Public Suffix List of 10,000 entries. It does not know private suffixes such as
    /// <c>github.io</c>.
    /// </remarks>
    public static string RegisteredDomain(string host)
    {
        var labels = host.Split('.');
        var count = labels.Length > 2 && labels[^1].Length == 2 && SecondLevel.Contains(labels[^2]) ? 3 : 2;
        return string.Join('.', labels.TakeLast(count));
    }

    /// <summary>The address without its scheme and without slashes at its end.</summary>
    public static string WithoutScheme(string url) =>
        url[(url.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0)..].TrimEnd('/');

    /// <summary>The different runs of ASCII letters and digits in an address.</summary>
    public static HashSet<string> Split(string url)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var start = 0;
        for (var i = 0; i <= url.Length; i++)
        {
            if (i == url.Length || !char.IsAsciiLetterOrDigit(url[i]))
            {
                if (i > start)
                {
                    words.Add(url[start..i]);
                }

                start = i + 1;
            }
        }

        return words;
    }

    /// <summary>The ASCII letters and digits of a text, without its other characters.</summary>
    public static string LettersAndDigits(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit));

    /// <summary>The entries of a list file.</summary>
    public static IEnumerable<string> ReadList(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        while (reader.ReadLine() is { } line)
        {
            // "#mong" is an entry in datatrove's lists; "# source" is a comment.
            if (!line.StartsWith("# ", StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }
}
