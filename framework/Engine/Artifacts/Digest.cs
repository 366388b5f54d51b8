using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Artifacts;

/// <summary>SHA-256, in lower-case hexadecimal.</summary>
public static class Digest
{
    /// <summary>The digest of a text's UTF-8 bytes.</summary>
    public static string OfText(string text) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The digest of a JSON value's canonical text.</summary>
    public static string OfJson(JsonNode node) => OfText(CanonicalJson.Text(node));

    /// <summary>The digest of a file's bytes.</summary>
    public static string OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return OfStream(stream);
    }

    /// <summary>The digest of a stream's bytes.</summary>
    public static string OfStream(Stream stream) => Hex(SHA256.HashData(stream));

    /// <summary>The digest of a list of files: their names, sizes and bytes, in the given order.</summary>
    public static string OfFiles(IEnumerable<StoredFile> files) =>
        OfText(string.Concat(files.Select(file => $"{file.Sha256} {file.Size} {OneLine(file.Path)}\n")));

    /// <summary>A path as one line, so that no name looks like two. Names without line feeds and backslashes stay as they are.</summary>
    private static string OneLine(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}

/// <summary>One file of an artifact.</summary>
/// <param name="Path">Relative to the artifact's folder, with forward slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256 of its bytes, hexadecimal.</param>
public sealed record StoredFile(string Path, long Size, string Sha256)
{
    /// <summary>Describes a file on disk.</summary>
    public static StoredFile Of(string folder, string path) =>
        new(RelativePath(folder, path), new FileInfo(path).Length, Digest.OfFile(path));

    /// <summary>A path relative to a folder, with forward slashes. On Linux a backslash is an ordinary character of a name.</summary>
    public static string RelativePath(string folder, string path) =>
        System.IO.Path.GetRelativePath(folder, path).Replace(System.IO.Path.DirectorySeparatorChar, '/');

    /// <summary>How the file in a folder differs from this record, or null when it does not.</summary>
    /// <param name="folder">The artifact's folder.</param>
    /// <param name="hash">Whether to compare the bytes as well as the size.</param>
    public string? Damage(string folder, bool hash)
    {
        var file = new FileInfo(System.IO.Path.Combine(folder, Path));
        return !file.Exists ? $"{Path} is missing"
            : file.Length != Size ? $"{Path} has {file.Length} bytes instead of {Size}"
            : hash ? DamageOfBytes(file.FullName)
            : null;
    }

    private string? DamageOfBytes(string path)
    {
        try
        {
            using var stream = RegularFile.Open(path);
            return Digest.OfStream(stream) == Sha256 ? null : $"{Path} has different bytes than were written";
        }
        catch (NotAFileException)
        {
            return $"{Path} is not a file";
        }
    }
}
