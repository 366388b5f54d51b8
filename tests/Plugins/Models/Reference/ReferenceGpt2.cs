using static Experiments.Plugins.Models.Tests.Reference.PlainMath;

namespace Experiments.Plugins.Models.Tests.Reference;

/// <summary>GPT-2 from the tensors of transformers' GPT2LMHeadModel, in float64.</summary>
internal static class ReferenceGpt2
{
    /// <summary>The logits of all positions.</summary>
    public static double[][] Logits(PlainTensors weights, int layers, int heads, double epsilon, int[] ids)
    {
        var embedding = weights["transformer.wte.weight"];
        var width = weights["transformer.ln_f.weight"].Length;
        double[][] x = [.. ids.Select((id, t) => Add(Part(embedding, id, width), Part(weights["transformer.wpe.weight"], t, width)))];
        for (var layer = 0; layer < layers; layer++)
        {
            var name = $"transformer.h.{layer}.";
            double[][] joint = [.. x.Select(row => Conv1D(weights[name + "attn.c_attn.weight"], weights[name + "attn.c_attn.bias"], Norm(row, name + "ln_1")))]; // queries, keys, values
            var mixed = joint.Select((_, t) => Enumerable.Range(0, heads)
                .SelectMany(head => Attend(Head(t, 0, head), [.. Before(t).Select(s => Head(s, 1, head))], [.. Before(t).Select(s => Head(s, 2, head))])).ToArray()).ToArray();
            x = [.. x.Select((row, t) => Add(row, Conv1D(weights[name + "attn.c_proj.weight"], weights[name + "attn.c_proj.bias"], mixed[t])))];
            x = [.. x.Select(row =>
            {
                var inner = Conv1D(weights[name + "mlp.c_fc.weight"], weights[name + "mlp.c_fc.bias"], Norm(row, name + "ln_2")).Select(GeluTanh).ToArray();
                return Add(row, Conv1D(weights[name + "mlp.c_proj.weight"], weights[name + "mlp.c_proj.bias"], inner));
            })];

            double[] Head(int t, int kind, int head) => Part(Part(joint[t], kind, width), head, width / heads);
        }

        return [.. x.Select(row => Linear(embedding, null, Norm(row, "transformer.ln_f")))];

        double[] Norm(double[] row, string name) => LayerNorm(row, weights[name + ".weight"], weights[name + ".bias"], epsilon);

        static IEnumerable<int> Before(int t) => Enumerable.Range(0, t + 1);
    }
}
