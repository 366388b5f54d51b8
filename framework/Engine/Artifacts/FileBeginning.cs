using System.Security.Cryptography;

namespace Experiments.Engine.Artifacts;

/// <summary>The first bytes of a file that may have grown since.</summary>
internal static class FileBeginning
{
    private const int BufferSize = 1 << 16;

    /// <summary>Passes on the first bytes of a file, piece by piece.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public static void Read(string path, long length, Action<ReadOnlySpan<byte>> onBytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var buffer = new byte[BufferSize];
        for (var left = length; left > 0;)
        {
            var count = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (count == 0)
            {
                throw new EndOfStreamException($"{path} has {length - left} bytes instead of {length} or more.");
            }

            onBytes(buffer.AsSpan(0, count));
            left -= count;
        }
    }

    /// <summary>SHA-256 of the first bytes of a file.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public static string Sha256(string path, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Read(path, length, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
