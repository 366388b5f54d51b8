using System.Globalization;
using Experiments.Contracts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Torch;
using Experiments.Learning.Processors;
using Experiments.Learning.Weights;
using static TorchSharp.torch;

namespace Experiments.Learning.Training;

/// <summary>One update of the weights: its losses and its number of tokens.</summary>
/// <param name="Losses">
/// The losses of the micro-batches, computed one after another. Each is the summed loss divided by the tokens of the
/// whole update, so that the division into micro-batches does not matter.
/// </param>
/// <param name="Tokens">
/// Number of tokens that the model reads in this update, for the metric <c>tokens_per_second</c>.
/// </param>
public sealed record TrainingUpdate(IReadOnlyList<Func<Tensor>> Losses, long Tokens);

/// <summary>
/// The loop of all training: loss, backward pass, clipping by the global norm, schedule, optimizer, metrics,
/// checkpoints. The data of a step must be a function of its number alone; then an interrupted run ends with the same
/// bytes as an uninterrupted one.
/// </summary>
public sealed class TrainingLoop : IDisposable
{
    /// <summary>The default peak learning rate, for models of up to a few million parameters.</summary>
    public const double UsualLearningRate = 1e-3;

    private const string StateFile = "trainer.safetensors";
    private const string UpdatesKey = "updates";
    private const string WatchKey = "loss_watch";
    private readonly FlatParameters _parameters;
    private readonly IOptimizer _optimizer;
    private readonly ISchedule _schedule;
    private readonly StageContext _context;
    private readonly LossWatch _watch = new();
    private long _updates;

    /// <summary>Prepares the training of a model.</summary>
    /// <param name="model">The model; its parameters move into flat buffers.</param>
    /// <param name="compute">The device and number type to compute with.</param>
    /// <param name="optimizer">Updates the weights.</param>
    /// <param name="schedule">The schedule of the learning rate.</param>
    /// <param name="context">Takes metrics, progress and checkpoints.</param>
    public TrainingLoop(
        LanguageModel model, Compute compute, IOptimizer optimizer, ISchedule schedule, StageContext context)
    {
        (_optimizer, _schedule, _context) = (optimizer, schedule, context);
        _parameters = new FlatParameters(model, compute, optimizer.StateBuffers);
        context.Log.Info($"computing in {compute}, {context.Threads} {(context.Threads == 1 ? "thread" : "threads")}");
    }

    /// <summary>Number of steps.</summary>
    public required long Steps { get; init; }

    /// <summary>The peak learning rate if the optimizer has none. Default: 0.001.</summary>
    public double LearningRate { get; init; } = UsualLearningRate;

    /// <summary>The largest global norm of the gradient. A larger gradient is scaled down to it. Default: 1.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>
    /// Number of steps between records of metrics; they are also recorded at the last step. Default: 1.
    /// </summary>
    public long MetricsEvery { get; init; } = 1;

    /// <summary>
    /// Whether the training ends when the loss diverges. Suitable for losses in nats per token; others may jump.
    /// Default: true.
    /// </summary>
    public bool StopsWhenDiverging { get; init; } = true;

    /// <summary>
    /// Floating-point operations per token, for the metric <c>gflops_per_second</c>; null to leave it out. Default:
    /// null.
    /// </summary>
    public double? OperationsPerToken { get; init; }

    /// <summary>
    /// Trains to the last step, from the newest checkpoint if there is one. Afterwards the model is in float32 on the
    /// processor.
    /// </summary>
    /// <param name="updates">Gives the updates of a step. Their losses are computed during the enumeration.</param>
    /// <param name="evaluate">
    /// Called with the number of finished steps, before the first step and after every step.
    /// </param>
    /// <param name="cancellationToken">Stops the loop after the current step.</param>
    /// <exception cref="InvalidDataException">A loss or a gradient is not finite, or the training diverges.</exception>
    public void Run(
        Func<long, IEnumerable<TrainingUpdate>> updates, Action<long> evaluate, CancellationToken cancellationToken)
    {
        var start = _context.Checkpoints.Latest is { } checkpoint ? Load(checkpoint.Step, checkpoint.Folder) : 0;
        if (start == 0)
        {
            evaluate(0);
        }

        var rate = new Rate(_context.Time);
        for (var step = start; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            manual_seed((long)(new RandomStream(_context.Seed, "torch", step).NextUInt64() >> 1));
            var note = "";
            foreach (var update in updates(step))
            {
                var (loss, norm) = Update(step, update);
                rate.Add(update.Tokens);
                note = string.Create(CultureInfo.InvariantCulture, $"loss {loss:0.00}");
                if ((step + 1) % MetricsEvery == 0 || step + 1 == Steps)
                {
                    Record(step, loss, norm, rate);
                }
            }

            _context.Progress.Report(step + 1, Steps, "steps", note);
            rate.Pause();
            evaluate(step + 1);
            if (!_watch.IsSuspicious)
            {
                _context.Checkpoints.SaveIfDue(step + 1, Save);
            }

            rate.Resume();
            cancellationToken.ThrowIfCancellationRequested();
        }

        _parameters.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters.Dispose();

    private void Record(long step, double loss, double norm, Rate rate)
    {
        _context.Metrics.Log(MetricNames.Loss, loss, step + 1);
        _context.Metrics.Log(MetricNames.GradientNorm, norm, step + 1);
        _context.Metrics.Log(MetricNames.LearningRate, RateAt(step), step + 1);
        var tokensPerSecond = rate.Take();
        _context.Metrics.Log(MetricNames.TokensPerSecond, tokensPerSecond, step + 1);
        if (OperationsPerToken is { } operations)
        {
            _context.Metrics.Log(MetricNames.GflopsPerSecond, tokensPerSecond * operations / 1e9, step + 1);
        }
    }

    private (double Loss, double GradientNorm) Update(long step, TrainingUpdate update)
    {
        _parameters.ZeroGradients();
        Tensor? sum = null;
        foreach (var part in update.Losses)
        {
            using var scope = NewDisposeScope();
            var value = part();
            sum = (sum is null ? value.detach() : sum.Plus(value.detach())).MoveToOuterDisposeScope();
            value.backward();
            if (update.Losses.Count > 1)
            {
                _parameters.Accumulate();
            }
        }

        var (loss, norm) = ((double)sum!.item<float>(), _parameters.GradientNorm()); // waits for a GPU, once per update
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"Step {step}: the loss is {loss}, the norm of the gradient {norm}. Usual remedies: a lower learning rate or a longer warmup."));
        }

        if (StopsWhenDiverging && _watch.See(step, loss))
        {
            _context.Log.Warn(string.Create(CultureInfo.InvariantCulture, $"step {step}: the loss jumps to {loss:0.00}, the gradient's norm is {norm:0.00}"));
        }

        if (norm > Clip)
        {
            _parameters.ScaleGradients(Clip / norm);
        }

        var rate = RateAt(step);
        _optimizer.Step(_parameters, rate, _updates++);
        return (loss, norm);
    }

    private double RateAt(long step) => (_optimizer.LearningRate ?? LearningRate) * _schedule.Factor(step, Steps);

    private void Save(string folder)
    {
        using var scope = NewDisposeScope();
        var texts = new Dictionary<string, string> { [UpdatesKey] = _updates.ToString(CultureInfo.InvariantCulture), [WatchKey] = _watch.Save() };
        Safetensors.Write(Path.Combine(folder, StateFile), TrainerState(), texts);
    }

    private long Load(long step, string folder)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var texts = Safetensors.ReadInto(Path.Combine(folder, StateFile), TrainerState());
        _updates = long.Parse(texts[UpdatesKey], CultureInfo.InvariantCulture);
        _watch.Load(texts[WatchKey]);
        _parameters.Publish();
        return step;
    }

    private (string Name, Tensor Value)[] TrainerState() =>
        [("weights", _parameters.Weights), .. _parameters.State.Select((buffer, i) => ($"state.{i}", buffer))];

    /// <summary>Tokens per second of training, without the time for evaluations and checkpoints.</summary>
    private sealed class Rate(TimeProvider time)
    {
        private long _tokens;
        private long _since = time.GetTimestamp();
        private TimeSpan _paused;
        private long _pause;

        public void Add(long tokens) => _tokens += tokens;

        public void Pause() => _pause = time.GetTimestamp();

        public void Resume() => _paused += time.GetElapsedTime(_pause);

        public double Take()
        {
            var seconds = (time.GetElapsedTime(_since) - _paused).TotalSeconds;
            var rate = seconds > 0 ? _tokens / seconds : 0;
            (_tokens, _since, _paused) = (0, time.GetTimestamp(), TimeSpan.Zero);
            return rate;
        }
    }
}
