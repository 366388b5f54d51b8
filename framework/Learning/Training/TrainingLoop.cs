using System.Globalization;
using Experiments.Contracts;
using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>One update of the weights: its losses, and how many tokens they are over.</summary>
/// <param name="Losses">
/// The micro-batches, computed one after the other. Each gives its summed loss divided by the tokens of the whole update, so that cutting an
/// update into other micro-batches changes nothing.
/// </param>
/// <param name="Tokens">Tokens that the model reads in this update; for the rate.</param>
public sealed record TrainingUpdate(IReadOnlyList<Func<Tensor>> Losses, long Tokens);

/// <summary>
/// The loop that all training shares: loss, backward, clipping by the global norm, schedule, optimizer, metrics, checkpoint. What a step trains
/// on must be a function of its number alone; a run that was broken off then ends with the same bytes as one that was not.
/// </summary>
public sealed class TrainingLoop : IDisposable
{
    private const string StateFile = "trainer.safetensors";
    private const string UpdatesKey = "updates";
    private readonly FlatParameters _parameters;
    private readonly IOptimizer _optimizer;
    private readonly ISchedule _schedule;
    private readonly StageContext _context;
    private readonly float[][] _state;
    private long _updates;

    /// <summary>Prepares the training of a model.</summary>
    /// <param name="model">The model; its parameters move into flat buffers.</param>
    /// <param name="optimizer">Updates the weights.</param>
    /// <param name="schedule">The course of the learning rate.</param>
    /// <param name="context">Takes metrics, progress and checkpoints.</param>
    public TrainingLoop(LanguageModel model, IOptimizer optimizer, ISchedule schedule, StageContext context)
    {
        (_optimizer, _schedule, _context) = (optimizer, schedule, context);
        _parameters = new FlatParameters(model);
        _state = [.. Enumerable.Range(0, optimizer.StateBuffers).Select(_ => GC.AllocateArray<float>(_parameters.Length, pinned: true))];
    }

    /// <summary>Steps in all.</summary>
    public required long Steps { get; init; }

    /// <summary>The largest global norm of the gradient; a longer one is shortened to it.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>Metrics are recorded every so many steps, and at the last.</summary>
    public long MetricsEvery { get; init; } = 1;

    /// <summary>Trains from the newest checkpoint, or from the start, to the last step.</summary>
    /// <param name="updates">The updates of a step; the losses are computed while it is enumerated.</param>
    /// <param name="evaluate">Called with the number of steps done: before the first step, and after every step.</param>
    /// <param name="cancellationToken">Ends the loop after a step.</param>
    /// <exception cref="InvalidDataException">A loss or a gradient is not finite.</exception>
    public void Run(Func<long, IEnumerable<TrainingUpdate>> updates, Action<long> evaluate, CancellationToken cancellationToken)
    {
        var start = _context.Checkpoints.Latest is { } checkpoint ? Load(checkpoint.Step, checkpoint.Folder) : 0;
        if (start == 0)
        {
            evaluate(0);
        }

        var (tokens, since) = (0L, _context.Time.GetTimestamp());
        for (var step = start; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var note = "";
            foreach (var update in updates(step))
            {
                var (loss, norm) = Update(step, update);
                tokens += update.Tokens;
                note = string.Create(CultureInfo.InvariantCulture, $"loss {loss:0.00}");
                if ((step + 1) % MetricsEvery == 0 || step + 1 == Steps)
                {
                    var seconds = _context.Time.GetElapsedTime(since).TotalSeconds;
                    _context.Metrics.Log("loss", loss, step + 1);
                    _context.Metrics.Log("gradient_norm", norm, step + 1);
                    _context.Metrics.Log("learning_rate", _optimizer.LearningRate * _schedule.Factor(step, Steps), step + 1);
                    _context.Metrics.Log("tokens_per_second", tokens / seconds, step + 1);
                    (tokens, since) = (0, _context.Time.GetTimestamp());
                }
            }

            _context.Progress.Report(step + 1, Steps, "steps", note);
            evaluate(step + 1);
            _context.Checkpoints.SaveIfDue(step + 1, Save);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters.Dispose();

    private (double Loss, double GradientNorm) Update(long step, TrainingUpdate update)
    {
        _parameters.ZeroGradients();
        var loss = 0.0;
        foreach (var part in update.Losses)
        {
            using var scope = NewDisposeScope();
            var value = part();
            loss += value.item<float>();
            value.backward();
        }

        var norm = _parameters.GradientNorm();
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"Step {step}: the loss is {loss}, the norm of the gradient {norm}. A lower learning rate or a longer warmup is the usual remedy."));
        }

        if (norm > Clip)
        {
            _parameters.ScaleGradients((float)(Clip / norm));
        }

        var rate = _optimizer.LearningRate * _schedule.Factor(step, Steps);
        _optimizer.Step(_parameters.Weights, _parameters.Gradients, _parameters.Decayed, _state, rate, _updates++);
        return (loss, norm);
    }

    private void Save(string folder)
    {
        using var scope = NewDisposeScope();
        var updates = new Dictionary<string, string> { [UpdatesKey] = _updates.ToString(CultureInfo.InvariantCulture) };
        Safetensors.Write(Path.Combine(folder, StateFile), TrainerState(), updates);
    }

    private long Load(long step, string folder)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var texts = Safetensors.ReadInto(Path.Combine(folder, StateFile), TrainerState());
        _updates = long.Parse(texts[UpdatesKey], CultureInfo.InvariantCulture);
        return step;
    }

    /// <summary>The weights and the optimizer's state, the latter as tensors over its own memory.</summary>
    private (string Name, Tensor Value)[] TrainerState() =>
        [("weights", _parameters.Tensor), .. _state.Select((buffer, i) => ($"state.{i}", frombuffer(buffer, ScalarType.Float32)))];
}
