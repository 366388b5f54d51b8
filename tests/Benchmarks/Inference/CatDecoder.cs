using Experiments.Contracts.Torch;
using Experiments.Learning.Operations;

using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Experiments.Benchmarks;

/// <summary>
/// The plain way to decode one sequence with libtorch: keys and values of each layer are in tensors that <c>cat</c>
/// extends. For a Llama with 6 heads.
/// </summary>
internal sealed class CatDecoder(LanguageModel model)
{
    private const int Heads = 6;
    private const double Epsilon = 1e-5;
    private readonly Dictionary<string, Tensor> _weights = model.NamedWeights()
        .ToDictionary(pair => pair.Name, pair => pair.Value);
    private readonly Dictionary<int, (Tensor Keys, Tensor Values)> _cache = [];

    /// <summary>Reads a prompt and decodes <paramref name="newTokens"/> tokens greedily.</summary>
    public void Decode(int prompt, int newTokens)
    {
        using var mode = inference_mode();
        using var all = NewDisposeScope();
        var id = Read([.. Enumerable.Range(0, prompt).Select(id => (long)id)], 0);
        for (var i = 1; i < newTokens; i++)
        {
            id = Read([id], prompt + i - 1);
        }
    }

    private long Read(long[] ids, int start)
    {
        using var scope = NewDisposeScope();
        var x = _weights["model.embed_tokens.weight"].index_select(0, tensor(ids)).unsqueeze(0); // [1, T, D]
        var (time, width) = (x.shape[1], x.shape[2]);
        var rotation = new RotaryFrequencies((int)width / Heads, 10_000).At(arange(start, start + time));
        for (var layer = 0; layer < 6; layer++)
        {
            var at = $"model.layers.{layer}.";
            var normal = Norm(x, at + "input_layernorm.weight");
            var queries = Rotate(Project("q"));
            var (keys, values) = (Rotate(Project("k")), Project("v"));
            if (_cache.TryGetValue(layer, out var cached))
            {
                (keys, values) = (cat([cached.Keys, keys], 2), cat([cached.Values, values], 2));
                cached.Keys.Dispose();
                cached.Values.Dispose();
            }

            _cache[layer] = (keys.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope());
            var scores = queries.matmul(keys.transpose(2, 3)).Times(1 / Math.Sqrt((double)width / Heads));
            scores = time == 1
                ? scores
                : scores.Plus(full([time, time], float.NegativeInfinity, dtype: x.dtype).triu(1));
            x = x.Plus(linear(scores.softmax(-1).matmul(values).transpose(1, 2).flatten(2), _weights[at + "self_attn.o_proj.weight"]));
            var inner = Norm(x, at + "post_attention_layernorm.weight");
            x = x.Plus(linear(silu(linear(inner, _weights[at + "mlp.gate_proj.weight"])) * linear(inner, _weights[at + "mlp.up_proj.weight"]), _weights[at + "mlp.down_proj.weight"]));

            Tensor Project(string which) => linear(normal, _weights[$"{at}self_attn.{which}_proj.weight"]).view(1, time, Heads, -1).transpose(1, 2);

            Tensor Rotate(Tensor heads) => Learning.Operations.Heads.Turn(heads, rotation);
        }

        return linear(Norm(x.narrow(1, time - 1, 1), "model.norm.weight"), _weights["model.embed_tokens.weight"]).flatten().argmax().item<long>();

        Tensor Norm(Tensor states, string gain) => Normalization.Rms(states, _weights[gain], Epsilon);
    }
}
