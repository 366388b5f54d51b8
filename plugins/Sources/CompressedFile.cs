using System.IO.Compression;
using ZstdSharp;

namespace Experiments.Plugins.Sources;

/// <summary>Files that their ending says to be gzip or zstd.</summary>
internal static class CompressedFile
{
    private const int ZstdLevel = 3;

    /// <summary>Opens a file to read its plain bytes.</summary>
    public static Stream OpenRead(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Path.GetExtension(path) switch
        {
            ".gz" => new GZipStream(file, CompressionMode.Decompress),
            ".zst" => new DecompressionStream(file, leaveOpen: false),
            _ => file,
        };
    }

    /// <summary>Makes a file that takes plain bytes. The same bytes give the same file.</summary>
    public static Stream Create(string path)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        return Path.GetExtension(path) switch
        {
            ".gz" => new GZipStream(file, CompressionLevel.Optimal),
            ".zst" => new CompressionStream(file, ZstdLevel, leaveOpen: false),
            _ => file,
        };
    }

    /// <summary>Whether an exception says that compressed data are damaged or cut off.</summary>
    public static bool IsDamage(Exception problem) => problem is InvalidDataException or ZstdException or EndOfStreamException;
}
