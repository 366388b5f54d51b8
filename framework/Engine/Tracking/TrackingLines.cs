using System.Text.Json;

namespace Experiments.Engine.Tracking;

/// <summary>A line of a journal.</summary>
/// <param name="Entry">The entry; null when the line is damaged.</param>
/// <param name="End">The offset in the file after its line feed.</param>
public readonly record struct TrackingLine(TrackingEntry? Entry, long End);

/// <summary>Reads journals.</summary>
public static class TrackingLines
{
    /// <summary>Streams the complete lines after an offset. A last line without a line feed is not complete.</summary>
    public static IEnumerable<TrackingLine> Read(string path, long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
