using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Experiments.Contracts.Text;

namespace Experiments.Contracts.Artifacts;

/// <summary>Files with one JSON object per line, plain or compressed with gzip.</summary>
public static class JsonLines
{
    private const int LongestLine = 128 << 20; // .NET parses JSON of up to 166 million characters

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads the lines of files, one at a time. Blank lines are skipped.</summary>
    /// <exception cref="InvalidDataException">
    /// A line is not JSON, has more than 128 Mi characters, or <paramref name="parse"/> rejects it. The message names
    /// file and line.
    /// </exception>
    public static IEnumerable<T> Read<T>(IEnumerable<string> files, Func<JsonElement, T> parse)
    {
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            var isGzip = file.EndsWith(".gz", StringComparison.Ordinal);
            using var reader = new StreamReader(isGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream);
            var lines = new LineReader(reader, LongestLine);
            while (lines.Next() is { } line)
            {
                if (lines.WasTooLong)
                {
                    throw new InvalidDataException($"{file}({lines.Number}): the line has more than {LongestLine} characters. Split it, or leave it out.");
                }

                if (!string.IsNullOrWhiteSpace(line))
                {
                    yield return Parse(file, lines.Number, line, parse);
                }
            }
        }
    }

    /// <summary>Writes a file with one line per item, snake_case keys, and no nulls.</summary>
    public static void Write<T>(string path, IEnumerable<T> items)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (var item in items)
        {
            writer.WriteLine(JsonSerializer.Serialize(item, Options));
        }
    }

    /// <summary>A required string property.</summary>
    /// <exception cref="KeyNotFoundException">It is absent or not a string.</exception>
    public static string Text(this JsonElement line, string name) =>
        line.OptionalText(name) ?? throw new KeyNotFoundException($"'{name}' is missing or is not text");

    /// <summary>A string property, or null if it is absent or not a string.</summary>
    public static string? OptionalText(this JsonElement line, string name) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static T Parse<T>(string file, int number, string line, Func<JsonElement, T> parse)
    {
        try
        {
            return parse(JsonSerializer.Deserialize<JsonElement>(line));
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{file}({number}): {problem.Message}", problem);
        }
    }
}
