using System.Text;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Reads the text of a recipe's file, which may be anything: a pipe without a writer, a device that never ends, another encoding.</summary>
internal static class RecipeText
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>The text; null when it cannot be read, with the reason.</summary>
    /// <param name="fullPath">The file.</param>
    /// <param name="path">The file as messages name it.</param>
    public static (string? Text, string? Problem) Read(string fullPath, string path)
    {
        if (Directory.Exists(fullPath))
        {
            return (null, $"'{path}' is a folder, not a recipe.");
        }

        // Opening a pipe waits for its writer, and nothing can interrupt that. The thread is a background thread, so the program can end.
        // A regular file may be slow, but has an end.
        var patience = FileIdentity.Of(fullPath)?.Kind == FileKind.Special ? Patience : Timeout.InfiniteTimeSpan;
        var reading = Task.Run(() => ReadBytes(fullPath));
        try
        {
            return !reading.Wait(patience) ? (null, $"the recipe '{path}' cannot be read: it is a pipe or a device that gives no text.")
                : reading.Result is not { } bytes ? (null, $"the recipe '{path}' is larger than {RecipeLimits.Bytes / 1_000_000} MB. Recipes are small: name data by file:PATTERN.")
                : Decode(bytes, path);
        }
        catch (AggregateException problem) when (problem.InnerException is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"the recipe '{path}' cannot be read: no such file, or no access.");
        }
    }

    /// <summary>The bytes; null when there are too many.</summary>
    private static byte[]? ReadBytes(string fullPath)
    {
        using var file = new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (file.Read(buffer) is var read and > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > RecipeLimits.Bytes)
            {
                return null;
            }
        }

        return bytes.ToArray();
    }

    /// <summary>UTF-8, or UTF-16 and UTF-32 with a byte order mark, as YAML allows.</summary>
    private static (string? Text, string? Problem) Decode(byte[] bytes, string path)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            return (reader.ReadToEnd(), null);
        }
        catch (DecoderFallbackException)
        {
            var line = 1 + bytes.AsSpan(0, FirstInvalid(bytes)).Count((byte)'\n');
            return (null, $"line {line} of the recipe '{path}' is not UTF-8. Save the file as UTF-8.");
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
