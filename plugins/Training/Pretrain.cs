using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using static TorchSharp.torch;

namespace Experiments.Plugins.Training;

/// <summary>Trains a language model from random weights to predict the next token; a base model, which simulates documents.</summary>
[Plugin("pretrain")]
public sealed class PretrainStage(PretrainOptions options) : IStage<PretrainInputs, Checkpoint>, ISizedStage
{
    /// <inheritdoc/>
    public StageSize Size(IReadOnlyDictionary<string, StageSize> inputs) => PretrainSize.Of(options, inputs);

    /// <inheritdoc/>
    public Task<Checkpoint> RunAsync(PretrainInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        TorchRuntime.Start(context.Threads, context.Seed);
        using var trained = TrainedModel.Create(options.Model, inputs.Tokenizer.Folder, context.Plugins, context.Seed);
        var model = trained.Model;
        using var windows = new TokenWindows(inputs.Tokens, TokenShards.Train, options.SequenceLength ?? model.ContextLength);
        if (windows.Count > int.MaxValue || windows.Length > model.ContextLength)
        {
            throw new InvalidDataException($"{windows.Count} windows of {windows.Length} tokens: at most {int.MaxValue}, and the model's context is {model.ContextLength}.");
        }

        var tokensPerStep = (long)options.BatchSize * windows.Length;
        var steps = options.Steps ?? Math.Max(1, (long)(options.Tokens!.Value / tokensPerStep));
        var order = new EpochOrder(context.Seed, (int)windows.Count);
        context.Log.Info($"{model.parameters().Sum(parameter => parameter.numel()):N0} parameters, {steps:N0} steps of {tokensPerStep:N0} tokens, {(double)steps * options.BatchSize / windows.Count:0.00} epochs");

        using var loop = new TrainingLoop(model, options.Optimizer.Create(), options.Schedule.Create(), context)
        {
            Steps = steps,
            Clip = options.Clip,
            MetricsEvery = Math.Max(1, steps / 500),
        };
        context.Metrics.Log("parameters", model.parameters().Sum(parameter => parameter.numel()));
        context.Metrics.Log("training_tokens", (double)steps * tokensPerStep);
        context.Metrics.Log("training_flops", (double)steps * tokensPerStep * model.OperationsPerToken(windows.Length));
        loop.Run(Updates, Evaluate, cancellationToken);
        trained.Save(context.OutputFolder);
        return Task.FromResult(new Checkpoint(context.OutputFolder));

        IEnumerable<TrainingUpdate> Updates(long step)
        {
            long[] rows = [.. Enumerable.Range(0, options.BatchSize).Select(row => (long)order[(step * options.BatchSize) + row])];
            yield return new([.. rows.Chunk(options.BatchSize / options.Accumulation).Select(part => (Func<Tensor>)(() => Loss(part)))], tokensPerStep);
        }

        Tensor Loss(long[] rows)
        {
            var (ids, targets) = windows.Read(rows); // [rows, time]
            var logits = model.Forward(ids); // [rows, time, vocabulary]
            return nn.functional.cross_entropy(logits.view(-1, model.VocabularySize), targets.view(-1), reduction: nn.Reduction.Sum).Times(1.0 / tokensPerStep);
        }

        void Evaluate(long step)
        {
            if (step % options.EvaluateEvery != 0 && step != steps)
            {
                return;
            }

            var heldOut = HeldOut.Measure(model, trained.Tokenizer, inputs.Tokens, options.ValidationTokens);
            context.Metrics.Log("validation_loss", heldOut.Loss, step);
            context.Metrics.Log("bits_per_byte", heldOut.BitsPerByte, step);
            var endOfText = trained.Tokenizer.Special(Tokenizers.EndOfText);
            int[][] prompts = [.. options.SamplePrompts.Select(text => (int[])[endOfText, .. trained.Tokenizer.Encode(text)])];
            var sampling = new SamplingOptions { Temperature = 0.8, MaximumTokens = options.SampleTokens };
            foreach (var (text, sample) in options.SamplePrompts.Zip(new Decoder(model).Complete(prompts, sampling, endOfText, context.Seed)))
            {
                context.Log.Info($"step {step}, sample: {text}{trained.Tokenizer.Decode(sample.Content)}");
            }
        }
    }
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

    /// <summary>Updates of the weights. Give this or tokens.</summary>
    [Range(1, long.MaxValue)] public long? Steps { get; init; }

    /// <summary>Tokens to train on, repeats included; decides the steps.</summary>
    [Range(1.0, 1e15)] public double? Tokens { get; init; }

    /// <summary>Sequences a step. Default: 32.</summary>
    [Range(1, 1_000_000)] public int BatchSize { get; init; } = 32;

    /// <summary>Micro-batches that a step is cut into, to save memory; divides the batch size. Default: 1.</summary>
    [Range(1, 1_000_000)] public int Accumulation { get; init; } = 1;

    /// <summary>Tokens a sequence. Default: the model's context.</summary>
    [Range(1, 1_048_576)] public int? SequenceLength { get; init; }

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

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Steps is null == Tokens is null)
        {
            yield return new("Give either steps or tokens.", [nameof(Steps), nameof(Tokens)]);
        }

        if (BatchSize % Accumulation != 0)
        {
            yield return new($"A batch of {BatchSize} cannot be cut into {Accumulation} equal parts.", [nameof(Accumulation)]);
        }
    }
}
