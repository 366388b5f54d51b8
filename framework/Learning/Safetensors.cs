using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>
/// Files of named float32 tensors in Hugging Face's safetensors format: the length of a JSON header in 8 bytes, the header with type, shape and
/// place of each tensor, the data. Unlike pickled checkpoints such a file holds nothing that runs.
/// </summary>
public static class Safetensors
{
    private const string Metadata = "__metadata__";
    private const int Alignment = 64;
    private const int LongestHeader = 100_000_000;

    /// <summary>Writes tensors in the given order.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="tensors">Tensors of any floating-point type; they are written as float32.</param>
    /// <param name="metadata">Further texts for the header.</param>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var texts = new JsonObject([new("format", "pt"), .. (metadata ?? new Dictionary<string, string>()).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))]);
        var header = new JsonObject { [Metadata] = texts };
        var end = 0L;
        foreach (var (name, value) in tensors)
        {
            var start = end;
            end += value.numel() * sizeof(float);
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. value.shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(start, end),
            };
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var padded = ((sizeof(long) + json.Length + Alignment - 1) / Alignment * Alignment) - sizeof(long);
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        stream.Write(length);
        stream.Write(json);
        stream.Write([.. Enumerable.Repeat((byte)' ', padded - json.Length)]);
        foreach (var (_, value) in tensors)
        {
            using var plain = value.detach().to(ScalarType.Float32, CPU, false, false).contiguous();
            stream.Write(plain.bytes);
        }
    }

    /// <summary>Fills tensors from a file that holds exactly them.</summary>
    /// <returns>The texts of the header.</returns>
    /// <exception cref="InvalidDataException">The file is cut, contradicts itself, or holds other tensors; the message names file and tensor.</exception>
    public static IReadOnlyDictionary<string, string> ReadInto(string path, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        using var stream = File.OpenRead(path);
        var (header, texts, start) = ReadHeader(path, stream);
        foreach (var (name, value) in tensors)
        {
            if (!header.Remove(name, out var entry))
            {
                throw new InvalidDataException($"{path}: tensor '{name}' is missing.");
            }

            if (!entry.Shape.SequenceEqual(value.shape))
            {
                throw new InvalidDataException($"{path}: tensor '{name}' has shape [{string.Join(", ", entry.Shape)}], wanted [{string.Join(", ", value.shape)}].");
            }

            stream.Position = start + entry.Start;
            using var read = empty(value.shape);
            stream.ReadExactly(read.bytes);
            value.copy_(read);
        }

        return header.Count == 0 ? texts : throw new InvalidDataException($"{path}: tensor '{header.Keys.First()}' belongs to another model.");
    }

    private static (Dictionary<string, Entry> Entries, IReadOnlyDictionary<string, string> Texts, long DataStart) ReadHeader(string path, Stream stream)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        var isWhole = stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length;
        var size = isWhole ? BinaryPrimitives.ReadInt64LittleEndian(length) : 0;
        if (size is <= 0 or > LongestHeader || sizeof(long) + size > stream.Length)
        {
            throw new InvalidDataException($"{path}: no safetensors file, or cut off ({stream.Length} bytes).");
        }

        var json = new byte[size];
        stream.ReadExactly(json);
        var dataStart = sizeof(long) + size;
        try
        {
            var header = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
            var texts = header.Remove(Metadata, out var metadata) ? metadata.Deserialize<Dictionary<string, string>>()! : [];
            var entries = header.ToDictionary(pair => pair.Key, pair => ReadEntry(path, pair.Key, pair.Value));
            var end = 0L;
            foreach (var (name, entry) in entries.OrderBy(pair => pair.Value.Start).ThenBy(pair => pair.Value.End))
            {
                if (entry.Start != end)
                {
                    throw new InvalidDataException($"{path}: tensor '{name}' begins at byte {entry.Start} of the data, expected {end}.");
                }

                end = entry.End;
            }

            return dataStart + end == stream.Length
                ? (entries, texts, dataStart)
                : throw new InvalidDataException($"{path}: {stream.Length} bytes, but its header speaks of {dataStart + end}; the last tensor is '{entries.MaxBy(pair => pair.Value.End).Key}'.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{path}: the header is no JSON: {problem.Message}", problem);
        }
    }

    private static Entry ReadEntry(string path, string name, JsonElement element)
    {
        try
        {
            var dtype = element.GetProperty("dtype").GetString();
            long[] shape = [.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            var offsets = element.GetProperty("data_offsets");
            var entry = new Entry(shape, offsets[0].GetInt64(), offsets[1].GetInt64());
            var bytes = shape.Aggregate((long)sizeof(float), (product, size) => checked(product * size));
            return dtype != "F32" ? throw new InvalidDataException($"{path}: tensor '{name}' is of type {dtype}; only F32 is read.")
                : shape.Any(size => size < 0) || entry.End - entry.Start != bytes ? throw new InvalidDataException($"{path}: tensor '{name}' of shape [{string.Join(", ", shape)}] takes {entry.End - entry.Start} bytes, expected {bytes}.")
                : entry;
        }
        catch (Exception problem) when (problem is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException($"{path}: tensor '{name}' is described wrongly: {problem.Message}", problem);
        }
    }

    private sealed record Entry(long[] Shape, long Start, long End);
}
