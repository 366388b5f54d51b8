using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Experiments.Learning.Weights;

/// <summary>
/// Files of named tensors in Hugging Face's safetensors format: 8 bytes with the length of a JSON header, the header
/// with type, shape and place of each tensor, and the data. Unlike a pickled checkpoint, such a file contains no code.
/// </summary>
public static class Safetensors
{
    internal const string Metadata = "__metadata__";
    private const int Alignment = 64;

    /// <summary>Writes tensors in the given order.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="tensors">Tensors of any floating-point type; they are written as float32.</param>
    /// <param name="metadata">More texts for the header.</param>
    public static void Write(
        string path, IReadOnlyList<(string Name, Tensor Value)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var given = (metadata ?? new Dictionary<string, string>())
            .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value));
        var texts = new JsonObject([new("format", "pt"), .. given]);
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
            TensorBytes.Write(stream, value, ScalarType.Float32);
        }
    }

    /// <summary>Fills tensors from a file that contains exactly these.</summary>
    /// <param name="path">A file with numbers of type F64, F32, F16 or BF16.</param>
    /// <param name="tensors">Tensors of any floating-point type; the numbers are converted.</param>
    /// <returns>The texts of the header.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is truncated, inconsistent, or contains other tensors. The message names file and tensor.
    /// </exception>
    public static IReadOnlyDictionary<string, string> ReadInto(
        string path, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        using var file = new SafetensorsFile(path);
        foreach (var (name, value) in tensors)
        {
            file.ReadInto(name, value);
        }

        return file.Names.Except(tensors.Select(tensor => tensor.Name)).FirstOrDefault() is { } other
            ? throw new InvalidDataException($"{path}: tensor '{other}' belongs to another model.")
            : file.Texts;
    }
}
