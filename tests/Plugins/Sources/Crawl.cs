using System.IO.Compression;
using System.Text;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources.Compression;
using Experiments.Plugins.Sources.Warc;

namespace Experiments.Plugins.Sources.Tests;

/// <summary>Makes crawls: the bytes of records, members and files.</summary>
internal static class Crawl
{
    public static byte[] Response(string name, string body = "<html>page</html>", string http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", int extraLength = 0, string fields = "") =>
        Record("response", name, Bytes(http + body), extraLength, "Content-Type: application/http; msgtype=response\r\n" + fields);

    public static byte[] Record(string type, string name, byte[] block, int extraLength = 0, string fields = "") =>
    [
        .. Bytes($"WARC/1.0\r\nWARC-Type: {type}\r\nWARC-Record-ID: <urn:{name}>\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
            + $"WARC-Target-URI: <http://example.org/{name}>\r\n{fields}Content-Length: {block.Length + extraLength}\r\n\r\n"),
        .. block,
        .. "\r\n\r\n"u8,
    ];

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Gzip(params byte[][] parts)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
        {
            gzip.Write(parts.SelectMany(part => part).ToArray());
        }

        return stream.ToArray();
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    /// <summary>The ids of all records, without <c>urn:</c> and brackets.</summary>
    public static List<string> Ids(byte[] file, ISkipLog skips)
    {
        using var reader = new WarcReader(MemberSource.Open(new MemoryStream(file)), "crawl", skips);
        var ids = new List<string>();
        while (reader.Next() is { } record)
        {
            ids.Add(record.Id[5..^1]);
        }

        return ids;
    }

    public static List<Document> Read(this IDocumentFormat format, byte[] file, ISkipLog skips, string name = "crawl.warc.gz")
    {
        var folder = Directory.CreateTempSubdirectory("lab-test-").FullName;
        try
        {
            var path = Path.Combine(folder, name);
            File.WriteAllBytes(path, file);
            return [.. format.Read(path, skips)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
