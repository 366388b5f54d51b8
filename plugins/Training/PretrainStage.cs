using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using static TorchSharp.torch;

namespace Experiments.Plugins.Training;

/// <summary>Trains a language model from random weights to predict the next token; a base model, which simulates documents.</summary>
[Plugin("pretrain", Version = 2)]
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

    /// <summary>How large the training was; once, at its end, for what is recorded before a checkpoint is read would be there twice.</summary>
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

    /// <summary>What would otherwise end in an index out of range, or train on nonsense.</summary>
    private static void Check(PretrainInputs inputs, TrainedModel trained, int length, StageContext context)
    {
        if (length > trained.Model.ContextLength)
        {
            throw new InvalidDataException($"sequence_length is {length}, but the model's context is {trained.Model.ContextLength} tokens: make the sequences shorter or the context longer.");
        }

        var (tokens, tokenizer) = (inputs.Tokens.Folder, inputs.Tokenizer.Folder);
        var other = context.Plugins.OpenTokenizer(tokens);
        if (other.VocabularySize != trained.Tokenizer.VocabularySize || !Spelled(other).SequenceEqual(Spelled(trained.Tokenizer)))
        {
            throw new InvalidDataException($"The tokens were made with another tokenizer ({tokens}, {other.VocabularySize:N0} tokens) than the one given ({tokenizer}, {trained.Tokenizer.VocabularySize:N0} tokens): give the stage that made the tokens the same.");
        }

        static IEnumerable<string> Spelled(ITokenizer tokenizer) => Enumerable.Range(0, tokenizer.VocabularySize).Select(id => Convert.ToHexString(tokenizer.Bytes(id)));
    }
}

/// <summary>How documents become rows of equal length.</summary>
public enum Packing
{
    /// <summary>One behind the other, cut wherever a row ends, as in GPT-2's training.</summary>
    Continuous,

    /// <summary>Every row begins with the beginning of a document, or of a row's length of a long one, and few are cut (Ding et al. 2024).</summary>
    BestFit,
}

/// <summary>What <c>pretrain</c> reads.</summary>
/// <param name="Tokens">The text as tokens, with a train and a validation part.</param>
/// <param name="Tokenizer">The tokenizer that made them.</param>
public sealed record PretrainInputs(TokenShards Tokens, Tokenizer Tokenizer);

/// <summary>Settings of <c>pretrain</c>.</summary>
public sealed record PretrainOptions : IValidatableObject
{
    /// <summary>The architecture.</summary>
    [DefaultUse("gpt")] public required Plugin<IModelArchitecture> Model { get; init; }

    /// <summary>The optimizer. Default: adamw.</summary>
    [DefaultUse("adamw")] public required Plugin<IOptimizer> Optimizer { get; init; }

    /// <summary>The course of the learning rate. Default: cosine.</summary>
    [DefaultUse("cosine")] public required Plugin<ISchedule> Schedule { get; init; }

    /// <summary>Updates of the weights. Give this or tokens, or a model with a depth.</summary>
    [Range(1, long.MaxValue)] public long? Steps { get; init; }

    /// <summary>Tokens to train on, repeats included; decides the steps. Default: of a model with a depth tokens_per_parameter times its parameters.</summary>
    [Range(1.0, 1e15)] public double? Tokens { get; init; }

    /// <summary>Tokens for each parameter of a model with a depth, where neither tokens nor steps are given (Chinchilla, Hoffmann et al. 2022: 20; nanochat: 12). Default: 20.</summary>
    [Range(0.001, 1e6)] public double TokensPerParameter { get; init; } = DepthDial.TokensPerParameter;

    /// <summary>Sequences a step. Default: derived from the depth of the model, or 32.</summary>
    [Range(1, 1_000_000)] public int? BatchSize { get; init; }

    /// <summary>Micro-batches that a step is cut into, to save memory; divides the batch size. Default: 1.</summary>
    [Range(1, 1_000_000)] public int Accumulation { get; init; } = 1;

    /// <summary>Tokens a sequence. Default: the model's context.</summary>
    [Range(1, 1_048_576)] public int? SequenceLength { get; init; }

    /// <summary>The model's vocabulary is rounded up to a multiple of this; the ids above the tokenizer's are never sampled. Products like round numbers: GPT-2's 50,257 is trained as 50,304, with 64. Default: 1.</summary>
    [Range(1, 65_536)] public int VocabularyMultiple { get; init; } = 1;

    /// <summary>How documents become rows: continuous or best_fit. Default: continuous.</summary>
    public Packing Packing { get; init; } = Packing.Continuous;

    /// <summary>Whether a position sees other documents of its row. Default: true for continuous rows, false for best_fit.</summary>
    public bool? AttendAcrossDocuments { get; init; }

    /// <summary>What the model computes with: auto, float32 or bf16 (on float32 master weights). Default: auto, bf16 where it is faster.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Where it computes: auto, cpu or cuda. Default: auto, a GPU where there is one.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>Whether layers are computed anew for backward, for a fraction of the memory and a third more work (Chen et al. 2016). Default: false.</summary>
    public bool ActivationCheckpointing { get; init; }

    /// <summary>The largest norm of the gradient; a longer one is shortened. Default: 1.</summary>
    [Range(1e-6, 1e9)] public double Clip { get; init; } = 1;

    /// <summary>Steps between measurements on the validation part; there is one at the start and one at the end too. Default: 100.</summary>
    [Range(1, long.MaxValue)] public long EvaluateEvery { get; init; } = 100;

    /// <summary>Tokens of the validation part that are measured. Default: 65536.</summary>
    [Range(1, long.MaxValue)] public long ValidationTokens { get; init; } = 65_536;

    /// <summary>Beginnings of documents that the model continues at every measurement, into the log; an empty text for a document of its own. Default: one empty text.</summary>
    public IReadOnlyList<string> SamplePrompts { get; init; } = [""];

    /// <summary>Tokens a sample. Default: 48.</summary>
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
            yield return new("Give either steps or tokens, or a model with a depth, from which they follow.", [nameof(Steps), nameof(Tokens)]);
        }

        if (BatchSize % Accumulation is not (null or 0))
        {
            yield return new($"A batch of {BatchSize} cannot be cut into {Accumulation} equal parts.", [nameof(Accumulation)]);
        }
    }
}
