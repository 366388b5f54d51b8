using static Experiments.Plugins.Models.Tests.Reference.PlainMath;

namespace Experiments.Plugins.Models.Tests.Reference;

/// <summary>
/// Llama, Qwen2 and Qwen3, one token after the other, in float64. Biases and norms of queries and keys are applied if
/// their tensors exist.
/// </summary>
internal sealed class ReferenceLlama(PlainTensors weights, int layers, int heads, int shared, int headWidth, double epsilon)
{
    private readonly List<double[]>[,] _keys = Caches(layers, shared);
    private readonly List<double[]>[,] _values = Caches(layers, shared);

    /// <summary>The angle by which a pair is rotated per position.</summary>
    public Func<int, double> Frequency { get; init; } = pair => Math.Pow(10_000, -2.0 * pair / headWidth);

    /// <summary>Which two numbers of a head form a pair.</summary>
    public Func<int, (int, int)> Pair { get; init; } = pair => (pair, pair + (headWidth / 2));

    public static Func<int, (int, int)> Neighbours { get; } = pair => (2 * pair, (2 * pair) + 1);

    /// <summary>The logits after another token.</summary>
    public double[] Next(int token)
    {
        var embedding = weights["model.embed_tokens.weight"];
        var width = weights["model.norm.weight"].Length;
        var position = _keys[0, 0].Count;
        var x = Part(embedding, token, width);
        for (var layer = 0; layer < layers; layer++)
        {
            var name = $"model.layers.{layer}.";
            x = Add(x, Attention(layer, name + "self_attn.", RmsNorm(x, weights[name + "input_layernorm.weight"], epsilon), position));
            var normal = RmsNorm(x, weights[name + "post_attention_layernorm.weight"], epsilon);
            var (gate, up) = (Linear(weights[name + "mlp.gate_proj.weight"], null, normal), Linear(weights[name + "mlp.up_proj.weight"], null, normal));
            x = Add(x, Linear(weights[name + "mlp.down_proj.weight"], null, [.. gate.Zip(up, (a, b) => Silu(a) * b)]));
        }

        return Linear(weights.Find("lm_head.weight") ?? embedding, null, RmsNorm(x, weights["model.norm.weight"], epsilon));
    }

    private double[] Attention(int layer, string name, double[] x, int position)
    {
        var (q, k, v) = (Project("q_proj"), Project("k_proj"), Project("v_proj"));
        for (var head = 0; head < shared; head++)
        {
            _keys[layer, head].Add(Turn(Normal(Part(k, head, headWidth), "k_norm"), position));
            _values[layer, head].Add(Part(v, head, headWidth));
        }

        List<double> mixed = [];
        for (var head = 0; head < heads; head++)
        {
            var query = Turn(Normal(Part(q, head, headWidth), "q_norm"), position);
            var group = head / (heads / shared);
            mixed.AddRange(Attend(query, _keys[layer, group], _values[layer, group]));
        }

        return Linear(weights[name + "o_proj.weight"], null, [.. mixed]);

        double[] Project(string part) => Linear(weights[$"{name}{part}.weight"], weights.Find($"{name}{part}.bias"), x);

        double[] Normal(double[] head, string norm) => weights.Find($"{name}{norm}.weight") is { } gain ? RmsNorm(head, gain, epsilon) : head;
    }

    private double[] Turn(double[] head, int position)
    {
        var turned = new double[headWidth];
        for (var pair = 0; pair < headWidth / 2; pair++)
        {
            var (first, second) = Pair(pair);
            var (sine, cosine) = Math.SinCos(position * Frequency(pair));
            turned[first] = (head[first] * cosine) - (head[second] * sine);
            turned[second] = (head[first] * sine) + (head[second] * cosine);
        }

        return turned;
    }

    private static List<double[]>[,] Caches(int layers, int heads)
    {
        var caches = new List<double[]>[layers, heads];
        for (var i = 0; i < layers * heads; i++)
        {
            caches[i / heads, i % heads] = [];
        }

        return caches;
    }
}
