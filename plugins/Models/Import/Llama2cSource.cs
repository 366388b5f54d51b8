using System.Buffers.Binary;
using Experiments.Learning.Decoding;
using Experiments.Learning.Weights;
using Experiments.Plugins.Models.Families;

using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Import;

/// <summary>
/// A .bin file of llama2.c (Karpathy 2023), version 0: seven whole numbers, then all weights as float32, each kind of
/// weight for all layers. Its rotary positions rotate pairs of neighbours (x[2i], x[2i + 1]). Hugging Face's Llama
/// rotates pairs from the two halves (x[i], x[i + W/2]), so the rows of the query and key matrices are reordered.
/// </summary>
internal sealed class Llama2cSource : ICheckpointSource
{
    private const int HeaderNumbers = 7;
    private const int LaterVersions = 0x616b3432; // "ak42"
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly long _precomputed;

    public Llama2cSource(string path)
    {
        (_path, _stream) = (path, File.OpenRead(path));
        try
        {
            var header = Header();
            var (width, inner, layers, heads, shared, vocabulary, context) = (header[0], header[1], header[2], header[3], header[4], header[5], header[6]);
            if (new[] { width, inner, layers, heads, shared, vocabulary, context }.Contains(0) || vocabulary == int.MinValue || width % (2 * heads) != 0 || heads % shared != 0)
            {
                throw new InvalidDataException($"{path}: this is not a complete .bin file of llama2.c: it begins with {string.Join(", ", header)}, which are not sizes of a model.");
            }

            VocabularySize = Math.Abs(vocabulary);
            _precomputed = (long)context * (width / heads); // cosines and sines of the rotation
            Options = new()
            {
                Layers = layers, Width = width, Heads = heads, KeyValueHeads = shared, Context = context, FeedForwardWidth = inner, TiedEmbeddings = vocabulary > 0,
            };
            CheckLength();
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public string Description => "llama2.c";

    public GptOptions Options { get; }

    public int VocabularySize { get; }

    public bool MayBePadded => false;

    public void ReadInto(TransformerWeights weights)
    {
        var named = LlamaNames.Of(weights).ToDictionary(weight => weight.Name, weight => weight.Value);
        _stream.Position = HeaderNumbers * sizeof(int);
        Read("model.embed_tokens.weight");
        ReadLayers("input_layernorm.weight");
        ReadLayers("self_attn.q_proj.weight", FromNeighboursToHalves);
        ReadLayers("self_attn.k_proj.weight", FromNeighboursToHalves);
        ReadLayers("self_attn.v_proj.weight");
        ReadLayers("self_attn.o_proj.weight");
        ReadLayers("post_attention_layernorm.weight");
        ReadLayers("mlp.gate_proj.weight");
        ReadLayers("mlp.down_proj.weight");
        ReadLayers("mlp.up_proj.weight");
        Read("model.norm.weight");
        _stream.Position += _precomputed * sizeof(float);
        if (!Options.TiedEmbeddings)
        {
            Read("lm_head.weight");
        }

        void ReadLayers(string name, Action<Tensor>? rearrange = null)
        {
            for (var layer = 0; layer < Options.Layers; layer++)
            {
                Read($"model.layers.{layer}.{name}");
                rearrange?.Invoke(named[$"model.layers.{layer}.{name}"]);
            }
        }

        void Read(string name) => TensorBytes.ReadInto(_stream, named[name], ScalarType.Float32);
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Reorders the rows of each head from [W/2 pairs, 2, D] to [2, W/2, D].</summary>
    private void FromNeighboursToHalves(Tensor matrix)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (rows, columns) = (matrix.shape[0], matrix.shape[1]);
        matrix.copy_(matrix.view(-1, Options.WidthOfHead / 2, 2, columns).transpose(1, 2).reshape(rows, columns));
    }

    private int[] Header()
    {
        Span<byte> bytes = stackalloc byte[HeaderNumbers * sizeof(int)];
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new InvalidDataException($"{_path}: the file has {_stream.Length} bytes, which are too few for the header of llama2.c.");
        }

        var header = new int[HeaderNumbers];
        for (var i = 0; i < header.Length; i++)
        {
            header[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        }

        return header[0] == LaterVersions
            ? throw new InvalidDataException($"{_path}: this is a .bin file of llama2.c in version {header[1]}; only version 0 can be read. Write it with export.py --version 0.")
            : Array.Exists(header, number => number < 0 && number != header[5]) ? throw new InvalidDataException($"{_path}: this is not a .bin file of llama2.c: it begins with {string.Join(", ", header)}.")
            : header;
    }

    private void CheckLength()
    {
        long width = Options.Width, layers = Options.Layers, shared = Options.SharedHeads * Options.WidthOfHead;
        var layer = (2 * width) + (2 * width * width) + (2 * width * shared) + (3 * width * Options.InnerWidth);
        var matrices = Options.TiedEmbeddings ? 1 : 2;
        var expected = (HeaderNumbers * sizeof(int)) + (sizeof(float) * ((matrices * VocabularySize * width) + (layers * layer) + width + _precomputed));
        if (_stream.Length != expected)
        {
            throw new InvalidDataException($"{_path}: the file has {_stream.Length} bytes, but a model of the sizes in its header takes {expected}.");
        }
    }
}
