using System.Text.Json;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tracking;

/// <summary>A line of a journal.</summary>
/// <param name="Entry">The entry; null when the line is damaged.</param>
/// <param name="End">The offset in the file after its line feed.</param>
public readonly record struct TrackingLine(TrackingEntry? Entry, long End);

/// <summary>Reads journals.</summary>
public static class TrackingLines
{
    /// <summary>
    /// Streams the complete lines after an offset; none when there is no file. A last line without a line feed is not
    /// complete.
    /// </summary>
    public static IEnumerable<TrackingLine> Read(string path, long offset)
    {
        using var file = Open(path);
        if (file is null)
        {
            yield break;
        }

        file.Position = offset;
        var buffer = new byte[1 << 16];
        var (start, filled) = (0, 0);
        while (true)
        {
            var feed = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                offset += feed + 1;
                var entry = Parse(buffer.AsSpan(start, feed));
                start += feed + 1;
                yield return new(entry, offset);
                continue;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            (start, filled) = (0, filled - start);
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = file.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
            {
                yield break;
            }

            filled += read;
        }
    }

    /// <summary>Copies the beginning of a journal, damaged lines included, so that all offsets stay as they are.</summary>
    /// <param name="path">The journal. It need not exist.</param>
    /// <param name="length">Number of bytes to copy.</param>
    /// <param name="target">Where to write them.</param>
    internal static void Copy(string path, long length, Stream target)
    {
        using var file = Open(path);
        var buffer = new byte[1 << 16];
        while (file is not null && length > 0 && file.Read(buffer, 0, (int)Math.Min(length, buffer.Length)) is var read and > 0)
        {
            target.Write(buffer, 0, read);
            length -= read;
        }
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return RegularFile.Open(path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or NotAFileException)
        {
            return null;
        }
    }

    private static TrackingEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, TrackingJson.Default.TrackingEntry);
        }
        catch (Exception damage) when (damage is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
