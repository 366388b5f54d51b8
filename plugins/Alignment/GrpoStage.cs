using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using Experiments.Learning.Processors;
using Experiments.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Plugins.Alignment;

/// <summary>
/// Reinforcement learning by group relative policy optimization (DeepSeekMath, Shao et al. 2024): several answers to
/// each prompt are sampled and scored, and answers that score above the group's mean become more likely. The loss is
/// the mean over all tokens of a step, as in DAPO.
/// </summary>
/// <remarks>
/// Training uses the sampled tokens themselves, never decoded and encoded again, and the log-probabilities from
/// sampling. The stop token is learned too.
/// </remarks>
[Plugin("grpo", Version = 2, MakesChatModel = true)]
[Metric(MetricNames.Reward)]
[Metric("reward_std", Meaning = "Standard deviation of the rewards of a prompt, mean over prompts.")]
[Metric(MetricNames.EqualRewardShare)]
[Metric(MetricNames.MeanRolloutTokens)]
[Metric(MetricNames.ClippedShare)]
[Metric(MetricNames.Entropy)]
[Metric(MetricNames.Kl)]
[Metric("clip_ratio", Unit = "fraction, 0 to 1", Meaning = "Share of tokens whose probability ratio the loss clips.")]
[Metric(MetricNames.Loss, Meaning = "Policy loss, with the penalty for divergence.")]
[Metric(MetricNames.GradientNorm)]
[Metric(MetricNames.LearningRate)]
[Metric(MetricNames.TokensPerSecond)]
public sealed class GrpoStage(GrpoOptions options) : IStage<GrpoInputs, Checkpoint>, ISizedStage
{
    private const int RowsAtOnce = 256;
    private const double RatioTolerance = 0.02;
    private const double CoarseRatioTolerance = 0.3;
    private readonly PolicyLoss _loss = new(options.ClipLow, options.ClipHigh, options.KlCoefficient);

    /// <inheritdoc/>
    public Task<Checkpoint> RunAsync(GrpoInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        TorchRuntime.Start(context.Threads, context.Seed);
        using var trained = TrainedModel.Open(inputs.Checkpoint.Folder, context.Plugins);
        using var reference = TrainedModel.Open(inputs.Checkpoint.Folder, context.Plugins);
        var sampler = new RolloutSampler(trained, options, [.. inputs.Problems.Read()], context.Seed);
        var compute = Compute.Choose(options.Precision, options.Device);
        reference.Model.to(compute.Device, compute.Type);
        var tolerance = compute.Type == ScalarType.BFloat16 ? CoarseRatioTolerance : RatioTolerance;
        using var loop = new TrainingLoop(trained.Model, compute, options.Optimizer.Create(), options.Schedule.Create(), context)
        {
            Steps = options.Steps,
            Clip = options.Clip,
            StopsWhenDiverging = false,
        };
        loop.Run(Updates, _ => { }, cancellationToken);
        trained.Save(context.OutputFolder);
        return Task.FromResult(new Checkpoint(context.OutputFolder));

        IEnumerable<TrainingUpdate> Updates(long step)
        {
            var groups = sampler.Sample(step);
            LogRollouts(groups, step + 1, context);
            IReadOnlyList<Rollout> rollouts = [.. groups.Where(group => group.Any(rollout => rollout.Advantage != 0))
                .SelectMany(group => group).Where(rollout => rollout.Completion.Stopped || !options.MaskTruncated)];
            if (rollouts.Count == 0)
            {
                yield break;
            }

            for (var update = 0; update < options.UpdatesPerBatch; update++)
            {
                var watch = new PolicyWatch(update == 0 ? tolerance : null);
                var tokens = rollouts.Sum(rollout => (long)rollout.Completion.Tokens.Length);
                var measuresKl = options.KlCoefficient > 0 || (step + 1) % options.KlEvery == 0 || step + 1 == options.Steps;
                var parts = rollouts.OrderBy(rollout => rollout.Sequence.Tokens.Length).Chunk(RowsAtOnce)
                    .Select(part => (Func<Tensor>)(() => Loss(new PolicyBatch(part, options.Temperature, compute.Device), measuresKl ? reference.Model : null, tokens, watch)));
                yield return new([.. parts], rollouts.Sum(rollout => (long)rollout.Sequence.Tokens.Length));
                watch.Log(context.Metrics, step + 1);
            }
        }

        Tensor Loss(PolicyBatch batch, LanguageModel? start, long tokens, PolicyWatch watch)
        {
            var distributions = batch.Distributions(trained.Model);
            var sampled = batch.OfSampled(distributions);
            var before = start is null ? null : Before(batch, start);
            watch.See(distributions, sampled, before, batch, _loss);
            return _loss.PerToken(sampled, batch.Behaviour, batch.Advantages, before).sum().Times(1.0 / tokens);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The estimate assumes that a prompt with its answer fills the model's context, and that answers have the maximum
    /// length.
    /// </remarks>
    public StageSize Size(IReadOnlyDictionary<string, StageSize> inputs)
    {
        var start = inputs.GetValueOrDefault("checkpoint") ?? new();
        var rollouts = (long)options.PromptsPerStep * options.RolloutsPerPrompt;
        return start.Model is not { } model ? start : start with
        {
            Training = new TrainingSize
            {
                Steps = options.Steps,
                TokensPerStep = rollouts * options.UpdatesPerBatch * model.Context,
                IsAtMost = true,
                SequenceLength = model.Context,
                SequencesAtOnce = (int)Math.Min(rollouts, RowsAtOnce),
                TokensRead = (double)rollouts * options.UpdatesPerBatch * model.Context * (options.KlCoefficient > 0 ? options.Steps : options.Steps / options.KlEvery),
                TokensSampled = (double)options.Steps * rollouts * options.MaximumTokens,
                OptimizerNumbers = options.Optimizer.Create().StateBuffers,
                FrozenModels = 1,
            }.On(options.Precision, options.Device),
        };
    }

    private static Tensor Before(PolicyBatch batch, LanguageModel reference)
    {
        using var _ = no_grad();
        return batch.OfSampled(batch.Distributions(reference));
    }

    private static void LogRollouts(IReadOnlyList<Rollout[]> groups, long step, StageContext context)
    {
        Rollout[] all = [.. groups.SelectMany(group => group)];
        context.Metrics.Log(MetricNames.Reward, all.Average(rollout => rollout.Reward), step);
        context.Metrics.Log("reward_std", groups.Average(group => GroupAdvantage.StandardDeviation([.. group.Select(rollout => rollout.Reward)])), step);
        context.Metrics.Log(MetricNames.EqualRewardShare, groups.Count(group => group.All(rollout => rollout.Reward == group[0].Reward)) / (double)groups.Count, step);
        context.Metrics.Log(MetricNames.MeanRolloutTokens, all.Average(rollout => rollout.Completion.Tokens.Length), step);
        context.Metrics.Log(MetricNames.ClippedShare, all.Count(rollout => !rollout.Completion.Stopped) / (double)all.Length, step);
    }
}

/// <summary>Inputs of <c>grpo</c>.</summary>
/// <param name="Checkpoint">The model to start from. It must already answer some problems correctly.</param>
/// <param name="Problems">Problems with checkable answers.</param>
public sealed record GrpoInputs(Checkpoint Checkpoint, Problems Problems);

/// <summary>Settings of <c>grpo</c>.</summary>
public sealed record GrpoOptions
{
    /// <summary>The reward, which scores the answers.</summary>
    public required Plugin<IReward> Reward { get; init; }

    /// <summary>
    /// The optimizer. A learning rate of 1e-4 to 5e-4 suits tiny models, 1e-6 large ones. Default: adamw.
    /// </summary>
    [DefaultUse("adamw")] public required Plugin<IOptimizer> Optimizer { get; init; }

    /// <summary>The learning rate schedule. Default: constant.</summary>
    [DefaultUse("constant")] public required Plugin<ISchedule> Schedule { get; init; }

    /// <summary>Number of steps. Each step samples one batch of rollouts. Default: 200.</summary>
    [Range(1, long.MaxValue)] public long Steps { get; init; } = 200;

    /// <summary>Problems per step. Default: 16.</summary>
    [Range(1, 100_000)] public int PromptsPerStep { get; init; } = 16;

    /// <summary>Answers sampled for each problem. Default: 16.</summary>
    [Range(2, 100_000)] public int RolloutsPerPrompt { get; init; } = 16;

    /// <summary>Maximum length of an answer; longer ones are cut off. Unit: tokens. Default: 64.</summary>
    [Range(1, 1_048_576)] public int MaximumTokens { get; init; } = 64;

    /// <summary>Temperature of sampling, and of the distribution that is trained. Default: 1.</summary>
    [Range(0.01, 10.0)] public double Temperature { get; init; } = 1;

    /// <summary>How rewards become advantages: grpo or dr-grpo. Default: grpo.</summary>
    public AdvantageKind Advantage { get; init; } = AdvantageKind.Grpo;

    /// <summary>Lower clip: probability ratios are clipped at 1 minus this. Default: 0.2.</summary>
    [Range(0.0, 1.0)] public double ClipLow { get; init; } = 0.2;

    /// <summary>Upper clip: probability ratios are clipped at 1 plus this. Default: 0.28 (DAPO).</summary>
    [Range(0.0, 10.0)] public double ClipHigh { get; init; } = 0.28;

    /// <summary>Weight of the KL divergence from the starting model in the loss. Default: 0.</summary>
    [Range(0.0, 100.0)] public double KlCoefficient { get; init; }

    /// <summary>Steps between measurements of the KL divergence, if it is not part of the loss. Default: 10.</summary>
    [Range(1, long.MaxValue)] public long KlEvery { get; init; } = 10;

    /// <summary>Updates of the weights per batch of rollouts. Default: 1.</summary>
    [Range(1, 1000)] public int UpdatesPerBatch { get; init; } = 1;

    /// <summary>
    /// Whether answers that were cut off are left out of the loss (DAPO's overlong filtering). Default: false.
    /// </summary>
    public bool MaskTruncated { get; init; }

    /// <summary>Maximum norm of the gradient; a gradient with a larger norm is scaled down to it. Default: 1.</summary>
    [Range(1e-6, 1e9)] public double Clip { get; init; } = 1;

    /// <summary>
    /// Precision of the computations: auto, float32 or bf16. A token's probability must be the same in sampling and in
    /// training, and bfloat16 rounds differently in the two. Default: float32.
    /// </summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Device that computes: auto, cpu or cuda. Default: auto.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;
}
