using System.Runtime.Intrinsics;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Learning.Operations.Kernels;

namespace Experiments.Learning.Decoding;

/// <summary>A sampled token.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProbability">Its log-probability under the distribution that it was drawn from.</param>
/// <param name="ModelLogProbability">Its log-probability under the model's own distribution.</param>
/// <param name="Alternatives">The likeliest tokens, if they were asked for.</param>
internal readonly record struct DrawnToken(
    int Token, float LogProbability, float ModelLogProbability, IReadOnlyList<TokenLikelihood> Alternatives);

/// <summary>Draws tokens from logits, with one random number per token.</summary>
internal sealed class Sampler(SamplingOptions options, int vocabularySize)
{
    private readonly float[] _penalized = new float[options.RepetitionPenalty is null ? 0 : vocabularySize];
    private readonly WeightTable _weights = new(vocabularySize);

    private bool IsModelsOwn =>
        options.Temperature is 0 or 1
            && options is { TopK: null, TopP: null, MinP: null or 0, RepetitionPenalty: null };

    /// <summary>Draws one token by inverting the cumulative distribution.</summary>
    /// <param name="logits">The model's logits.</param>
    /// <param name="seen">Tokens that already occurred, for the repetition penalty.</param>
    /// <param name="random">The row's stream.</param>
    public DrawnToken Draw(ReadOnlySpan<float> logits, IReadOnlyCollection<int> seen, ref RandomStream random)
    {
        var adjusted = Penalize(logits, seen);
        var best = WeightTable.ArgMax(adjusted);
        var token = best;
        float? logProbability = null;
        if (options.Temperature > 0)
        {
            _weights.Exponentiate(adjusted, adjusted[best], (float)(1 / options.Temperature));
            if (options.MinP is { } share)
            {
                _weights.DropBelow((float)share);
            }

            if (options.TopK is { } count)
            {
                _weights.KeepLikeliest(count, double.PositiveInfinity);
            }

            if (options.TopP is { } mass)
            {
                _weights.KeepLikeliest(vocabularySize, mass * _weights.Sum());
            }

            token = _weights.Invert(random.NextDouble(), best);
            logProbability = (float)Math.Log(_weights[token] / _weights.Sum());
        }

        var own = IsModelsOwn && logProbability is { } same ? same : logits[token] - (float)LogSumExp(logits);
        return new(
            token, logProbability ?? own, own, options.Alternatives is { } number ? Likeliest(logits, number) : []);
    }

    private ReadOnlySpan<float> Penalize(ReadOnlySpan<float> logits, IReadOnlyCollection<int> seen)
    {
        if (options.RepetitionPenalty is not { } penalty)
        {
            return logits;
        }

        logits.CopyTo(_penalized);
        foreach (var token in seen)
        {
            _penalized[token] *= (float)(_penalized[token] > 0 ? 1 / penalty : penalty);
        }

        return _penalized;
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var largest = logits[WeightTable.ArgMax(logits)];
        var sums = Vector512<float>.Zero;
        var i = 0;
        for (; i <= logits.Length - LaneMath.Count; i += LaneMath.Count)
        {
            sums += LaneMath.Exp(Vector512.Create(logits.Slice(i, LaneMath.Count)) - Vector512.Create(largest));
        }

        double sum = Vector512.Sum(sums);
        for (; i < logits.Length; i++)
        {
            sum += MathF.Exp(logits[i] - largest);
        }

        return largest + Math.Log(sum);
    }

    private static TokenLikelihood[] Likeliest(ReadOnlySpan<float> logits, int count)
    {
        var total = LogSumExp(logits);
        var queue = new PriorityQueue<int, (float, int)>();
        for (var token = 0; token < logits.Length; token++)
        {
            if (queue.Count < count)
            {
                queue.Enqueue(token, (logits[token], -token));
            }
            else
            {
                queue.EnqueueDequeue(token, (logits[token], -token));
            }
        }

        var likeliest = new TokenLikelihood[queue.Count];
        for (var place = likeliest.Length - 1; place >= 0; place--)
        {
            var token = queue.Dequeue();
            likeliest[place] = new(token, logits[token] - (float)total);
        }

        return likeliest;
    }
}
