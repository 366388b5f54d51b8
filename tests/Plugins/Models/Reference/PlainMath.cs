namespace Experiments.Plugins.Models.Tests.Reference;

/// <summary>The formulas of the papers, on arrays.</summary>
internal static class PlainMath
{
    /// <summary>y[r] = Σ_c w[r, c] · x[c] + b[r].</summary>
    public static double[] Linear(double[] w, double[]? b, double[] x)
    {
        var y = new double[w.Length / x.Length];
        for (var r = 0; r < y.Length; r++)
        {
            y[r] = b?[r] ?? 0;
            for (var c = 0; c < x.Length; c++)
            {
                y[r] += w[(r * x.Length) + c] * x[c];
            }
        }

        return y;
    }

    /// <summary>y[o] = Σ_i x[i] · w[i, o] + b[o]: as transformers' Conv1D.</summary>
    public static double[] Conv1D(double[] w, double[] b, double[] x)
    {
        var y = (double[])b.Clone();
        for (var i = 0; i < x.Length; i++)
        {
            for (var o = 0; o < y.Length; o++)
            {
                y[o] += x[i] * w[(i * y.Length) + o];
            }
        }

        return y;
    }

    public static double[] RmsNorm(double[] x, double[] gain, double epsilon)
    {
        var root = Math.Sqrt((x.Sum(value => value * value) / x.Length) + epsilon);
        return [.. x.Select((value, i) => value / root * gain[i])];
    }

    public static double[] LayerNorm(double[] x, double[] gain, double[] bias, double epsilon)
    {
        var mean = x.Average();
        var root = Math.Sqrt((x.Sum(value => (value - mean) * (value - mean)) / x.Length) + epsilon);
        return [.. x.Select((value, i) => ((value - mean) / root * gain[i]) + bias[i])];
    }

    public static double Silu(double x) => x / (1 + Math.Exp(-x));

    public static double GeluTanh(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    public static double[] Add(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];

    public static double[] Part(double[] x, int index, int width) => x[(index * width)..((index + 1) * width)];

    /// <summary>One head at one position: Σ_s softmax(q · k_s / √W)_s · v_s.</summary>
    public static double[] Attend(double[] query, IReadOnlyList<double[]> keys, IReadOnlyList<double[]> values)
    {
        double[] scores = [.. keys.Select(key => query.Zip(key, (a, b) => a * b).Sum() / Math.Sqrt(query.Length))];
        var largest = scores.Max();
        double[] weights = [.. scores.Select(score => Math.Exp(score - largest))];
        var sum = weights.Sum();
        var mixed = new double[query.Length];
        for (var s = 0; s < values.Count; s++)
        {
            for (var i = 0; i < mixed.Length; i++)
            {
                mixed[i] += weights[s] / sum * values[s][i];
            }
        }

        return mixed;
    }
}
