using System.Numerics;
using Experiments.Contracts;

namespace Experiments.Learning;

/// <summary>Draws tokens from logits, with one random number a token.</summary>
internal sealed class Sampler(SamplingOptions options, int vocabularySize)
{
    private readonly float[] _weights = new float[vocabularySize];
    private readonly int[] _order = new int[vocabularySize];

    /// <summary>Draws one token by inverting the cumulative distribution.</summary>
    public (int Token, float LogProbability) Draw(ReadOnlySpan<float> logits, ref RandomStream random)
    {
        var best = ArgMax(logits);
        Exponentiate(logits, logits[best], options.Temperature == 0 ? 1 : (float)(1 / options.Temperature));
        if (options.Temperature == 0)
        {
            return (best, (float)-Math.Log(Sum(_weights)));
        }

        if (options.TopK is not null || options.TopP is not null)
        {
            Truncate();
        }

        var total = Sum(_weights);
        var token = Invert(random.NextDouble() * total, best);
        return (token, (float)Math.Log(_weights[token] / total));
    }

    /// <summary>The first of the largest logits.</summary>
    private static int ArgMax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>weights = exp((logits - largest) / temperature).</summary>
    private void Exponentiate(ReadOnlySpan<float> logits, float largest, float inverseTemperature)
    {
        var i = 0;
        for (; i <= logits.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Exp((new Vector<float>(logits[i..]) - new Vector<float>(largest)) * inverseTemperature).CopyTo(_weights, i);
        }

        for (; i < logits.Length; i++)
        {
            _weights[i] = MathF.Exp((logits[i] - largest) * inverseTemperature);
        }
    }

    /// <summary>Sets the weights of tokens outside top-k and top-p to zero; ties go to the smaller id.</summary>
    private void Truncate()
    {
        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        Array.Sort(_order, (a, b) => _weights[b].CompareTo(_weights[a]) is var byWeight && byWeight != 0 ? byWeight : a - b);
        var kept = Math.Min(options.TopK ?? _order.Length, _order.Length);
        var goal = (options.TopP ?? 1) * Sum(_order.AsSpan(0, kept));
        var sum = 0.0;
        for (var i = 0; i < _order.Length; i++)
        {
            if (i >= kept || (i > 0 && sum >= goal))
            {
                _weights[_order[i]] = 0;
            }
            else
            {
                sum += _weights[_order[i]];
            }
        }
    }

    /// <summary>The first token at which the cumulative weight passes the target.</summary>
    private int Invert(double target, int fallback)
    {
        var sum = 0.0;
        for (var i = 0; i < _weights.Length; i++)
        {
            sum += _weights[i];
            if (target < sum)
            {
                return i;
            }
        }

        return fallback;
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private double Sum(ReadOnlySpan<int> tokens)
    {
        var sum = 0.0;
        foreach (var token in tokens)
        {
            sum += _weights[token];
        }

        return sum;
    }
}
