using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using Experiments.Learning.Data;
using Experiments.Learning.Decoding;
using Experiments.Learning.Processors;
using Experiments.Learning.Training;

using static TorchSharp.torch;

namespace Experiments.Plugins.Training;

/// <summary>
/// Trains a language model from random weights to predict the next token. The result is a base model, which continues
/// documents.
/// </summary>
[Plugin("pretrain", Version = 2)]
[Metric(MetricNames.ValidationLoss)]
[Metric(MetricNames.BitsPerByte)]
[Metric(MetricNames.Loss)]
[Metric(MetricNames.GradientNorm)]
[Metric(MetricNames.LearningRate)]
[Metric(MetricNames.TokensPerSecond)]
[Metric(MetricNames.GflopsPerSecond)]
[Metric(MetricNames.Parameters)]
[Metric(MetricNames.TrainingTokens)]
[Metric(MetricNames.TrainingFlops)]
[Metric("derived/tokens", Unit = "tokens", Meaning = "Length of the training, where depth decides it.")]
[Metric("derived/batch_size", Unit = "sequences", Meaning = "Sequences per step, where depth decides it.")]
[Metric("derived/learning_rate", Meaning = "Peak learning rate, where depth decides it.")]
public sealed class PretrainStage(PretrainOptions options) : IStage<PretrainInputs, Checkpoint>, ISizedStage
{
    /// <inheritdoc/>
    public StageSize Size(IReadOnlyDictionary<string, StageSize> inputs) => PretrainSize.Of(options, inputs);

    /// <inheritdoc/>
    public Task<Checkpoint> RunAsync(PretrainInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        TorchRuntime.Start(context.Threads, context.Seed);
        var compute = Compute.Choose(options.Precision, options.Device);
        var vocabulary = options.Padded(context.Plugins.OpenTokenizer(inputs.Tokenizer.Folder).VocabularySize);
        using var trained = TrainedModel.Create(options.Model, inputs.Tokenizer.Folder, context.Plugins, context.Seed, vocabulary);
        var (model, endOfText) = (trained.Model, trained.Tokenizer.Special(Tokenizers.EndOfText));
        model.UsesActivationCheckpointing = options.ActivationCheckpointing;
        var length = options.SequenceLength ?? model.ContextLength;
        Check(inputs, trained, length, context);
        using var rows = Rows(inputs.Tokens, length, endOfText, context);
        var parameters = model.parameters().Sum(parameter => parameter.numel());
        var operations = model.OperationsPerToken(rows.Length);
        var plan = PretrainPlan.Of(options, parameters, operations, rows.Length);
        var (batchSize, steps, tokensPerStep) = (plan.BatchSize, plan.Steps, (long)plan.BatchSize * rows.Length);
        var order = new EpochOrder(context.Seed, rows.Count);
        context.Log.Info($"{parameters:N0} parameters, {steps:N0} steps of {tokensPerStep:N0} tokens, {(double)steps * batchSize / rows.Count:0.00} epochs");
        if (plan.Dial is { } dial)
        {
            context.Log.Info($"{dial}");
        }

        using var loop = new TrainingLoop(model, compute, options.Optimizer.Create(), options.Schedule.Create(), context)
        {
            Steps = steps,
            LearningRate = plan.LearningRate,
            Clip = options.Clip,
            MetricsEvery = Math.Max(1, steps / 500),
            OperationsPerToken = operations,
        };
        loop.Run(Updates, Evaluate, cancellationToken);
        Record(plan, parameters, (double)steps * tokensPerStep, operations, context);
        trained.Save(context.OutputFolder);
        return Task.FromResult(new Checkpoint(context.OutputFolder));

        IEnumerable<TrainingUpdate> Updates(long step)
        {
            int[] batch = [.. Enumerable.Range(0, batchSize).Select(row => order[(step * batchSize) + row])];
            var learned = batch.Sum(row => (long)rows.Learned(row));
            yield return new([.. batch.Chunk(batchSize / options.Accumulation).Select(part => (Func<Tensor>)(() => rows.Read(part).To(compute.Device).Loss(model).Times(1.0 / learned)))], tokensPerStep);
        }

        void Evaluate(long step)
        {
            if (step % options.EvaluateEvery != 0 && step != steps)
            {
                return;
            }

            var heldOut = HeldOut.Measure(model, trained.Tokenizer, inputs.Tokens, options.ValidationTokens);
            context.Metrics.Log(MetricNames.ValidationLoss, heldOut.Loss, step);
            context.Metrics.Log(MetricNames.BitsPerByte, heldOut.BitsPerByte, step);
            int[][] prompts = [.. options.SamplePrompts.Select(text => (int[])[endOfText, .. trained.Tokenizer.Encode(text)])];
            var sampling = new SamplingOptions { Temperature = 0.8, MaximumTokens = options.SampleTokens };
            foreach (var (text, sample) in options.SamplePrompts.Zip(new Decoder(model).Complete(prompts, sampling, endOfText, context.Seed)))
            {
                context.Log.Info($"step {step}, sample: {text}{trained.Tokenizer.Decode(sample.Content)}");
            }
        }
    }

    /// <summary>
    /// Records the size of the training. This is done once, at the end, because metrics that were recorded before a
    /// resume would be recorded twice.
    /// </summary>
    private static void Record(PretrainPlan plan, long parameters, double tokens, double operations, StageContext context)
    {
        context.Metrics.Log(MetricNames.Parameters, parameters);
        context.Metrics.Log(MetricNames.TrainingTokens, tokens);
        context.Metrics.Log(MetricNames.TrainingFlops, tokens * operations);
        if (plan.Dial is { } dial)
        {
            context.Metrics.Log("derived/tokens", dial.Tokens);
            context.Metrics.Log("derived/batch_size", dial.BatchSize);
            context.Metrics.Log("derived/learning_rate", dial.LearningRate);
        }
    }

    private ITokenRows Rows(TokenShards tokens, int length, int endOfText, StageContext context)
    {
        var keepsApart = !(options.AttendAcrossDocuments ?? options.Packing == Packing.Continuous);
        if (options.Packing == Packing.Continuous)
        {
            return new TokenWindows(tokens, TokenShards.Train, length, keepsApart ? endOfText : null);
        }

        var packed = new PackedDocuments(tokens, TokenShards.Train, length, endOfText, keepsApart, context.Seed);
        context.Log.Info(string.Create(CultureInfo.InvariantCulture, $"{packed.Count:N0} packed rows, {packed.PaddedShare:0.0%} padding"));
        return packed;
    }

    /// <summary>
    /// Rejects inputs that would otherwise cause an index out of range, or a training on meaningless tokens.
    /// </summary>
    private static void Check(PretrainInputs inputs, TrainedModel trained, int length, StageContext context)
    {
        if (length > trained.Model.ContextLength)
        {
            throw new InvalidDataException($"sequence_length is {length}, but the model's context is {trained.Model.ContextLength} tokens: reduce sequence_length or increase the context.");
        }

        var (tokens, tokenizer) = (inputs.Tokens.Folder, inputs.Tokenizer.Folder);
        var other = context.Plugins.OpenTokenizer(tokens);
        if (other.VocabularySize != trained.Tokenizer.VocabularySize || !Spelled(other).SequenceEqual(Spelled(trained.Tokenizer)))
        {
            throw new InvalidDataException($"The tokens were made with a tokenizer ({tokens}, {other.VocabularySize:N0} tokens) other than the one given ({tokenizer}, {trained.Tokenizer.VocabularySize:N0} tokens): use the same tokenizer in both stages.");
        }

        static IEnumerable<string> Spelled(ITokenizer tokenizer) => Enumerable.Range(0, tokenizer.VocabularySize).Select(id => Convert.ToHexString(tokenizer.Bytes(id)));
    }
}

/// <summary>How documents become rows of equal length.</summary>
public enum Packing
{
    /// <summary>Documents follow one another and are cut wherever a row ends, as in GPT-2's training.</summary>
    Continuous,

    /// <summary>
    /// Best-fit packing, which cuts few documents (Ding et al. 2024): a document goes whole into the row with the least
    /// sufficient room. Only documents longer than a row are cut. Rows are padded.
    /// </summary>
    BestFit,
}

/// <summary>Inputs of <c>pretrain</c>.</summary>
/// <param name="Tokens">Token shards with a train and a validation part.</param>
/// <param name="Tokenizer">The tokenizer that made them.</param>
public sealed record PretrainInputs(TokenShards Tokens, Tokenizer Tokenizer);

/// <summary>Settings of <c>pretrain</c>.</summary>
public sealed record PretrainOptions : IValidatableObject
{
    /// <summary>The model architecture.</summary>
    [DefaultUse("gpt")] public required Plugin<IModelArchitecture> Model { get; init; }

    /// <summary>The optimizer. Default: adamw.</summary>
    [DefaultUse("adamw")] public required Plugin<IOptimizer> Optimizer { get; init; }

    /// <summary>The learning rate schedule. Default: cosine.</summary>
    [DefaultUse("cosine")] public required Plugin<ISchedule> Schedule { get; init; }

    /// <summary>
    /// Number of updates of the weights. Give either this or tokens; neither is needed for a model with a depth.
    /// </summary>
    [Range(1, long.MaxValue)] public long? Steps { get; init; }

    /// <summary>
    /// Number of tokens to train on, including repetitions. The number of steps follows from it. Default: for a model
    /// with a depth, tokens_per_parameter times the number of its parameters.
    /// </summary>
    [Range(1.0, 1e15)] public double? Tokens { get; init; }

    /// <summary>
    /// Tokens to train on for each parameter of a model with a depth, if neither tokens nor steps are given
    /// (Chinchilla, Hoffmann et al. 2022: 20; nanochat: 12). Default: 20.
    /// </summary>
    [Range(0.001, 1e6)] public double TokensPerParameter { get; init; } = DepthDial.TokensPerParameter;

    /// <summary>Sequences per step. Default: derived from the model's depth; 32 for a model without a depth.</summary>
    [Range(1, 1_000_000)] public int? BatchSize { get; init; }

    /// <summary>
    /// Number of micro-batches into which a step is split to save memory. The batch size must be a multiple of it.
    /// Default: 1.
    /// </summary>
    [Range(1, 1_000_000)] public int Accumulation { get; init; } = 1;

    /// <summary>Tokens per sequence. Default: the model's context length.</summary>
    [Range(1, 1_048_576)] public int? SequenceLength { get; init; }

    /// <summary>
    /// The model's vocabulary size is rounded up to a multiple of this, because matrix products are faster with round
    /// sizes: with 64, GPT-2's 50,257 becomes 50,304. Token ids above the tokenizer's are never sampled. Default: 1.
    /// </summary>
    [Range(1, 65_536)] public int VocabularyMultiple { get; init; } = 1;

    /// <summary>How documents become rows: continuous or best-fit. Default: continuous.</summary>
    public Packing Packing { get; init; } = Packing.Continuous;

    /// <summary>
    /// Whether attention crosses the borders of documents in a row. Default: true for continuous, false for best-fit.
    /// </summary>
    public bool? AttendAcrossDocuments { get; init; }

    /// <summary>
    /// Precision of the computations: auto, float32 or bf16 (with float32 master weights). Default: auto, which is bf16
    /// where that is faster.
    /// </summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Device that computes: auto, cpu or cuda. Default: auto, which is a GPU if there is one.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>
    /// Whether activations are recomputed in the backward pass instead of kept. It takes a fraction of the memory and a
    /// third more work (Chen et al. 2016). Default: false.
    /// </summary>
    public bool ActivationCheckpointing { get; init; }

    /// <summary>Maximum norm of the gradient; a gradient with a larger norm is scaled down to it. Default: 1.</summary>
    [Range(1e-6, 1e9)] public double Clip { get; init; } = 1;

    /// <summary>
    /// Steps between measurements on the validation part. The model is also measured at the start and at the end.
    /// Default: 100.
    /// </summary>
    [Range(1, long.MaxValue)] public long EvaluateEvery { get; init; } = 100;

    /// <summary>Maximum number of tokens of the validation part that are measured. Default: 65536.</summary>
    [Range(1, long.MaxValue)] public long ValidationTokens { get; init; } = 65_536;

    /// <summary>
    /// Texts that the model continues at every measurement; the continuations are written to the log. An empty text
    /// lets the model write a whole document. Default: one empty text.
    /// </summary>
    public IReadOnlyList<string> SamplePrompts { get; init; } = [""];

    /// <summary>Maximum length of such a continuation. Unit: tokens. Default: 48.</summary>
    [Range(1, 100_000)] public int SampleTokens { get; init; } = 48;

    internal int Padded(int vocabularySize) => (vocabularySize + VocabularyMultiple - 1) / VocabularyMultiple * VocabularyMultiple;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Steps is not null && Tokens is not null)
        {
            yield return new("Give either steps or tokens.", [nameof(Steps), nameof(Tokens)]);
        }
        else if (Steps is null && Tokens is null && Model.Create().Depth is null)
        {
            yield return new("Give steps or tokens, or use a model with a depth, from which they are derived.", [nameof(Steps), nameof(Tokens)]);
        }

        if (BatchSize % Accumulation is not (null or 0))
        {
            yield return new($"A batch of {BatchSize} cannot be split into {Accumulation} equal parts.", [nameof(Accumulation)]);
        }
    }
}
