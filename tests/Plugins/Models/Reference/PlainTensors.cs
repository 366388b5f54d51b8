using System.Buffers.Binary;
using System.Text.Json;

namespace Experiments.Plugins.Models.Tests.Reference;

/// <summary>Tensors as plain arrays in float64, read by independent code.</summary>
internal sealed class PlainTensors(Dictionary<string, double[]> values)
{
    public double[] this[string name] => values[name];

    public double[]? Find(string name) => values.GetValueOrDefault(name);

    public static PlainTensors ReadSafetensors(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(bytes.AsSpan(8, headerLength))!;
        header.Remove("__metadata__");
        return new(header.ToDictionary(pair => pair.Key, pair =>
        {
            var offsets = pair.Value.GetProperty("data_offsets");
            var (start, end) = (8 + headerLength + offsets[0].GetInt32(), 8 + headerLength + offsets[1].GetInt32());
            return pair.Value.GetProperty("dtype").GetString() switch
            {
                "F32" => Numbers(start, end, 4, at => BitConverter.ToSingle(bytes, at)),
                "BF16" => Numbers(start, end, 2, at => BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(bytes, at) << 16)),
                var other => throw new InvalidDataException(other),
            };
        }));

        static double[] Numbers(int start, int end, int size, Func<int, double> read) => [.. Enumerable.Range(0, (end - start) / size).Select(i => read(start + (i * size)))];
    }

    /// <summary>
    /// Reads a .bin file of llama2.c, version 0, with Hugging Face's names. Queries and keys stay in the order of the
    /// file.
    /// </summary>
    public static (PlainTensors Tensors, int[] Header) ReadLlama2c(string path)
    {
        var bytes = File.ReadAllBytes(path);
        int[] header = [.. Enumerable.Range(0, 7).Select(i => BitConverter.ToInt32(bytes, 4 * i))];
        var (width, inner, layers, heads, shared, vocabulary) = (header[0], header[1], header[2], header[3], header[4], Math.Abs(header[5]));
        var kv = width / heads * shared;
        var at = 28;
        Dictionary<string, double[]> values = new() { ["model.embed_tokens.weight"] = Take(vocabulary * width) };
        foreach (var (name, size) in new[]
        {
            ("input_layernorm", width), ("self_attn.q_proj", width * width), ("self_attn.k_proj", kv * width), ("self_attn.v_proj", kv * width), ("self_attn.o_proj", width * width),
            ("post_attention_layernorm", width), ("mlp.gate_proj", inner * width), ("mlp.down_proj", width * inner), ("mlp.up_proj", inner * width),
        })
        {
            for (var layer = 0; layer < layers; layer++)
            {
                values[$"model.layers.{layer}.{name}.weight"] = Take(size);
            }
        }

        values["model.norm.weight"] = Take(width);
        return (new(values), header);

        double[] Take(int count)
        {
            double[] numbers = [.. Enumerable.Range(0, count).Select(i => (double)BitConverter.ToSingle(bytes, at + (4 * i)))];
            at += 4 * count;
            return numbers;
        }
    }
}
