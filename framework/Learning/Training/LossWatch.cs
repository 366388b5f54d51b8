using System.Globalization;

namespace Experiments.Learning.Training;

/// <summary>
/// Detects a diverging training. Each loss is compared with the running mean and deviation, once there have been 50
/// losses. A loss far above is a spike; 25 spikes in a row are divergence.
/// </summary>
/// <remarks>
/// For loss spikes and their remedy, returning to an earlier checkpoint, see Chowdhery et al. 2022 (PaLM), section 5.1.
/// </remarks>
public sealed class LossWatch
{
    private const double Memory = 0.98; // about the last 50 steps
    private const int FirstSteps = 50;
    private const double Deviations = 6;
    private const double LeastDistance = 0.5; // nats
    private const int SpikesInARow = 25;
    private double _mean;
    private double _square;
    private double _weight;
    private int _seen;
    private int _spikes;

    /// <summary>Whether the newest loss was a spike. No checkpoint should be saved then.</summary>
    public bool IsSuspicious => _spikes > 0;

    /// <summary>Records the loss of a step.</summary>
    /// <returns>Whether it is a spike.</returns>
    /// <exception cref="InvalidDataException">The training has diverged. The message says since when.</exception>
    public bool See(long step, double loss)
    {
        var mean = Mean;
        var bound = mean + Math.Max(
            LeastDistance, Deviations * Math.Sqrt(Math.Max(0, (_square / Weight) - (mean * mean))));
        if (_seen >= FirstSteps && loss > bound)
        {
            return ++_spikes < SpikesInARow ? true : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"Diverged: the loss has been above {bound:0.00} for {SpikesInARow} steps, since step {step - SpikesInARow + 1}; before it was {mean:0.00}. Usual remedies: a lower learning rate, a longer warmup or a smaller clip."));
        }

        _spikes = 0;
        _seen = Math.Min(_seen + 1, FirstSteps);
        _mean = (Memory * _mean) + ((1 - Memory) * loss);
        _square = (Memory * _square) + ((1 - Memory) * loss * loss);
        _weight = (Memory * _weight) + (1 - Memory);
        return false;
    }

    /// <summary>The state, for a checkpoint.</summary>
    public string Save() =>
        string.Create(CultureInfo.InvariantCulture, $"{_mean:R} {_square:R} {_weight:R} {_seen} {_spikes}");

    /// <summary>Restores a saved state.</summary>
    public void Load(string state)
    {
        var parts = state.Split(' ');
        (_mean, _square, _weight) = (Number(parts[0]), Number(parts[1]), Number(parts[2]));
        (_seen, _spikes) = ((int)Number(parts[3]), (int)Number(parts[4]));

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    private double Mean => _mean / Weight;

    private double Weight => Math.Max(_weight, 1e-12);
}
