using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using Experiments.Learning.Decoding;
using Experiments.Learning.Processors;
using Experiments.Learning.Training;
using static TorchSharp.torch;

namespace Experiments.Plugins.Training;

/// <summary>
/// Supervised fine-tuning: the model learns to answer in conversations. Only the assistant's messages are learned,
/// including the token that ends each.
/// </summary>
[Plugin("sft", Version = 2, MakesChatModel = true)]
[Metric(MetricNames.ValidationLoss)]
[Metric(MetricNames.Loss)]
[Metric(MetricNames.GradientNorm)]
[Metric(MetricNames.LearningRate)]
[Metric(MetricNames.TokensPerSecond)]
[Metric(MetricNames.GflopsPerSecond)]
public sealed class SftStage(SftOptions options) : IStage<SftInputs, Checkpoint>, ISizedStage
{
    private const int ShownAnswers = 3;
    private const int RowsAtOnce = 32;

    /// <inheritdoc/>
    /// <remarks>The estimate assumes that conversations fill the model's context.</remarks>
    public StageSize Size(IReadOnlyDictionary<string, StageSize> inputs)
    {
        var start = inputs.GetValueOrDefault("checkpoint") ?? new();
        var rows = inputs.GetValueOrDefault("conversations")?.Rows;
        var steps = options.Steps ?? (rows is { } known ? Math.Max(1, (long)Math.Ceiling(options.Epochs * Math.Round(known * (1 - options.ValidationShare)) / options.BatchSize)) : null);
        return start.Model is not { } model ? start : start with
        {
            Training = new TrainingSize
            {
                Steps = steps,
                Missing = steps is null ? $"the number of conversations, {options.Epochs:0.##} times each" : null,
                TokensPerStep = (long)options.BatchSize * model.Context,
                IsAtMost = true,
                SequenceLength = model.Context,
                SequencesAtOnce = Math.Min(options.BatchSize, RowsAtOnce),
                TokensRead = (rows * options.ValidationShare * ((steps / options.EvaluateEvery) + 2) * model.Context) ?? 0,
                OptimizerNumbers = options.Optimizer.Create().StateBuffers,
            }.On(options.Precision, options.Device),
        };
    }

    /// <inheritdoc/>
    public Task<Checkpoint> RunAsync(SftInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        TorchRuntime.Start(context.Threads, context.Seed);
        using var trained = TrainedModel.Open(inputs.Checkpoint.Folder, context.Plugins);
        var (model, template) = (trained.Model, new ChatTemplate(trained.Tokenizer));
        var (training, heldOut) = Split([.. inputs.Conversations.Read()], context);
        var rows = Render(training, template, model.ContextLength, context);
        var validation = Render(heldOut, template, model.ContextLength, context);
        if (rows.Count == 0)
        {
            throw new InvalidDataException($"{inputs.Conversations.Folder}: there are no conversations to learn from.");
        }

        var order = new EpochOrder(context.Seed, rows.Count);
        var steps = options.Steps ?? Math.Max(1, (long)Math.Ceiling(options.Epochs * rows.Count / options.BatchSize));
        context.Log.Info($"{rows.Count:N0} conversations, {rows.Sum(row => (long)row.LearnedCount):N0} learned tokens, {steps:N0} steps, {(double)steps * options.BatchSize / rows.Count:0.00} epochs; {validation.Count:N0} held out");

        var compute = Compute.Choose(options.Precision, options.Device);
        using var loop = new TrainingLoop(model, compute, options.Optimizer.Create(), options.Schedule.Create(), context)
        {
            Steps = steps,
            Clip = options.Clip,
            MetricsEvery = Math.Max(1, steps / 500),
            OperationsPerToken = model.OperationsPerToken(model.ContextLength),
        };
        loop.Run(Updates, Evaluate, cancellationToken);
        trained.Save(context.OutputFolder);
        return Task.FromResult(new Checkpoint(context.OutputFolder));

        IEnumerable<TrainingUpdate> Updates(long step)
        {
            PartlyLearned[] batch = [.. Enumerable.Range(0, options.BatchSize).Select(row => rows[order[(step * options.BatchSize) + row]])];
            var learned = batch.Sum(row => row.LearnedCount);

            // Rows of similar length share a micro-batch, so that there is little padding. Which rows a step gets
            // remains random.
            var parts = batch.OrderBy(row => row.Tokens.Length).Chunk(RowsAtOnce)
                .Select(part => (Func<Tensor>)(() => new LearnedTokens(part, compute.Device).Loss(model).Times(1.0 / learned)));
            yield return new([.. parts], batch.Sum(row => (long)row.Tokens.Length));
        }

        void Evaluate(long step)
        {
            if (validation.Count > 0 && (step % options.EvaluateEvery == 0 || step == steps))
            {
                context.Metrics.Log(MetricNames.ValidationLoss, MeanLoss(model, validation, compute.Device), step);
                ShowAnswers(trained, template, heldOut, step, context);
            }
        }
    }

    /// <summary>Holds out a share of the conversations, drawn at random by the seed.</summary>
    private (List<Conversation> Training, List<Conversation> HeldOut) Split(List<Conversation> conversations, StageContext context)
    {
        var count = (int)Math.Round(conversations.Count * options.ValidationShare);
        HashSet<int> heldOut = [.. new EpochOrder(context.Seed, Math.Max(1, conversations.Count)).Permutation(-1).Take(count)];
        return ([.. conversations.Where((_, index) => !heldOut.Contains(index))], [.. conversations.Where((_, index) => heldOut.Contains(index))]);
    }

    /// <summary>
    /// Renders conversations as tokens. Conversations that are longer than the model's context, or in which the
    /// assistant says nothing, are left out and counted.
    /// </summary>
    private static List<PartlyLearned> Render(List<Conversation> conversations, ChatTemplate template, int context, StageContext stage)
    {
        var rendered = conversations.Select(conversation => template.Render(conversation.Messages)).Select(pair => new PartlyLearned(pair.Tokens, pair.Learned)).ToList();
        var kept = rendered.Where(row => row.Tokens.Length <= context + 1 && row.LearnedCount > 0).ToList();
        if (kept.Count < rendered.Count)
        {
            stage.Log.Warn($"{rendered.Count - kept.Count} of {rendered.Count} conversations are left out: they are longer than the model's context of {context} tokens, or the assistant says nothing in them");
        }

        return kept;
    }

    /// <summary>The mean loss per learned token. Unit: nats.</summary>
    private static double MeanLoss(LanguageModel model, List<PartlyLearned> rows, Device device)
    {
        using var _ = no_grad();
        var nats = 0.0;
        foreach (var batch in rows.OrderBy(row => row.Tokens.Length).Chunk(64))
        {
            using var scope = NewDisposeScope();
            nats += new LearnedTokens(batch, device).Loss(model).item<float>();
        }

        return nats / rows.Sum(row => row.LearnedCount);
    }

    /// <summary>Logs the model's answers to the first held-out questions.</summary>
    private static void ShowAnswers(TrainedModel trained, ChatTemplate template, List<Conversation> heldOut, long step, StageContext context)
    {
        var sampling = new SamplingOptions { Temperature = 0, MaximumTokens = 64 };
        foreach (var conversation in heldOut.Take(ShownAnswers))
        {
            Message[] question = [.. conversation.Messages.TakeWhile(message => message.Role != Message.Assistant)];
            var prompt = template.RenderPrompt(question);
            if (question.Length > 0 && prompt.Length < trained.Model.ContextLength)
            {
                var answer = new Decoder(trained.Model).Complete([prompt], sampling, template.EndOfTurn, context.Seed)[0];
                context.Log.Info($"step {step}, {question[^1].Content} -> {trained.Tokenizer.Decode(answer.Content)}{(answer.Stopped ? "" : " ...")}");
            }
        }
    }
}

/// <summary>Inputs of <c>sft</c>.</summary>
/// <param name="Checkpoint">The model to start from.</param>
/// <param name="Conversations">The conversations to learn from.</param>
public sealed record SftInputs(Checkpoint Checkpoint, Conversations Conversations);

/// <summary>Settings of <c>sft</c>.</summary>
public sealed record SftOptions
{
    /// <summary>The optimizer. Default: adamw.</summary>
    [DefaultUse("adamw")] public required Plugin<IOptimizer> Optimizer { get; init; }

    /// <summary>The learning rate schedule. Default: cosine.</summary>
    [DefaultUse("cosine")] public required Plugin<ISchedule> Schedule { get; init; }

    /// <summary>How many times each conversation is seen. Default: 1.</summary>
    [Range(0.0, 1e6)] public double Epochs { get; init; } = 1;

    /// <summary>
    /// Number of updates of the weights. It takes precedence over epochs. Default: as many as the epochs need.
    /// </summary>
    [Range(1, long.MaxValue)] public long? Steps { get; init; }

    /// <summary>Conversations per step. Default: 32.</summary>
    [Range(1, 1_000_000)] public int BatchSize { get; init; } = 32;

    /// <summary>Maximum norm of the gradient; a gradient with a larger norm is scaled down to it. Default: 1.</summary>
    [Range(1e-6, 1e9)] public double Clip { get; init; } = 1;

    /// <summary>Precision of the computations: auto, float32 or bf16. Default: auto.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Device that computes: auto, cpu or cuda. Default: auto.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>
    /// Share of the conversations that are held out to measure the loss. Unit: fraction, 0 to 0.9. Default: 0.02.
    /// </summary>
    [Range(0.0, 0.9)] public double ValidationShare { get; init; } = 0.02;

    /// <summary>
    /// Steps between measurements on the held-out conversations. The model is also measured at the start and at the
    /// end. Default: 100.
    /// </summary>
    [Range(1, long.MaxValue)] public long EvaluateEvery { get; init; } = 100;
}
