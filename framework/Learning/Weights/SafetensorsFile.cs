using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Experiments.Learning.Weights;

/// <summary>
/// A safetensors file, opened for reading. When it is opened, its header is compared with its length.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int LongestHeader = 100_000_000;
    private static readonly Dictionary<string, (ScalarType Type, int Bytes)> Types = new()
    {
        ["F64"] = (ScalarType.Float64, 8),
        ["F32"] = (ScalarType.Float32, 4),
        ["F16"] = (ScalarType.Float16, 2),
        ["BF16"] = (ScalarType.BFloat16, 2),
    };

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly Dictionary<string, Entry> _entries;
    private readonly long _dataStart;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is truncated or inconsistent. The message names file and tensor.
    /// </exception>
    public SafetensorsFile(string path)
    {
        (_path, _stream) = (path, File.OpenRead(path));
        try
        {
            (_entries, Texts, _dataStart) = ReadHeader();
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The texts of the header.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>The names of its tensors.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>The shape of a tensor.</summary>
    /// <exception cref="InvalidDataException">The tensor does not exist.</exception>
    public IReadOnlyList<long> Shape(string name) => Find(name).Shape;

    /// <summary>Fills a tensor of the same shape and any floating-point type.</summary>
    /// <exception cref="InvalidDataException">The tensor does not exist, or has another shape.</exception>
    public void ReadInto(string name, Tensor value)
    {
        var entry = Find(name);
        if (!entry.Shape.SequenceEqual(value.shape))
        {
            throw new InvalidDataException(
                $"{_path}: tensor '{name}' has shape [{string.Join(", ", entry.Shape)}], "
                + $"wanted [{string.Join(", ", value.shape)}].");
        }

        _stream.Position = _dataStart + entry.Start;
        TensorBytes.ReadInto(_stream, value, entry.Type);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private Entry Find(string name) =>
        _entries.GetValueOrDefault(name) ?? throw new InvalidDataException($"{_path}: tensor '{name}' is missing.");

    private (Dictionary<string, Entry> Entries, IReadOnlyDictionary<string, string> Texts, long DataStart) ReadHeader()
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        var isWhole = _stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length;
        var size = isWhole ? BinaryPrimitives.ReadInt64LittleEndian(length) : 0;
        if (size is <= 0 or > LongestHeader || sizeof(long) + size > _stream.Length)
        {
            throw new InvalidDataException($"{_path}: not a safetensors file, or truncated ({_stream.Length} bytes).");
        }

        var json = new byte[size];
        _stream.ReadExactly(json);
        var dataStart = sizeof(long) + size;
        try
        {
            var header = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json) ?? throw new JsonException("it is null.");
            var texts = header.Remove(Safetensors.Metadata, out var metadata)
                ? metadata.Deserialize<Dictionary<string, string>>() ?? []
                : [];
            var entries = header.ToDictionary(pair => pair.Key, pair => ReadEntry(pair.Key, pair.Value));
            var end = 0L;
            foreach (var (name, entry) in entries.OrderBy(pair => pair.Value.Start).ThenBy(pair => pair.Value.End))
            {
                if (entry.Start != end)
                {
                    throw new InvalidDataException(
                        $"{_path}: tensor '{name}' begins at byte {entry.Start} of the data, expected {end}.");
                }

                end = entry.End;
            }

            return dataStart + end == _stream.Length
                ? (entries, texts, dataStart)
                : throw new InvalidDataException(
                    $"{_path}: {_stream.Length} bytes, but its header describes {dataStart + end}; "
                    + $"the last tensor is '{entries.OrderBy(pair => pair.Value.End).LastOrDefault().Key}'.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{_path}: the header is not JSON: {problem.Message}", problem);
        }
    }

    private Entry ReadEntry(string name, JsonElement element)
    {
        try
        {
            var stored = element.GetProperty("dtype").GetString() ?? "null";
            if (!Types.TryGetValue(stored, out var type))
            {
                throw new InvalidDataException(
                    $"{_path}: tensor '{name}' is of type {stored}; supported types: {string.Join(", ", Types.Keys)}.");
            }

            long[] shape = [.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            var offsets = element.GetProperty("data_offsets");
            var entry = new Entry(type.Type, shape, offsets[0].GetInt64(), offsets[1].GetInt64());
            var bytes = shape.Aggregate((long)type.Bytes, (product, size) => checked(product * size));
            return shape.Any(size => size < 0) || entry.End - entry.Start != bytes
                ? throw new InvalidDataException(
                    $"{_path}: tensor '{name}' of type {stored} and shape [{string.Join(", ", shape)}] "
                    + $"takes {entry.End - entry.Start} bytes, expected {bytes}.")
                : entry;
        }
        catch (Exception problem) when (problem is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException(
                $"{_path}: tensor '{name}' is described wrongly: {problem.Message}", problem);
        }
    }

    private sealed record Entry(ScalarType Type, long[] Shape, long Start, long End);
}
