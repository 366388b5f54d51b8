using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using Experiments.Learning.Decoding;
using Experiments.Learning.Processors;

namespace Experiments.Plugins.Models.Import;

/// <summary>
/// Imports a published model: a Hugging Face folder (Llama, GPT-2, Qwen2, Qwen3) or a .bin file of llama2.c.
/// </summary>
/// <remarks>
/// The result is an ordinary checkpoint with float32 weights: it can be trained further, evaluated and chatted with. A
/// model that <c>gpt</c> cannot express exactly is rejected with an error that names the field of <c>config.json</c>.
/// </remarks>
[Plugin("import-checkpoint")]
[Metric(MetricNames.Parameters)]
[Metric(MetricNames.VocabularySize)]
public sealed class ImportCheckpointStage(ImportCheckpointOptions options) : IStage<ImportCheckpointInputs, Checkpoint>
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <inheritdoc/>
    public Task<Checkpoint> RunAsync(ImportCheckpointInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        TorchRuntime.Start(context.Threads, context.Seed);
        using var source = Open(inputs.Source);
        var folder = TokenizerFolder(inputs, context.Plugins);
        using var model = TrainedModel.Create(Architecture(source.Options), folder, context.Plugins, context.Seed, source.VocabularySize);
        var (known, tokens) = (source.VocabularySize, model.Tokenizer.VocabularySize);
        if (tokens != known && !source.MayBePadded)
        {
            throw new InvalidDataException($"{inputs.Source.Folder}: the model has {known} tokens, but the tokenizer in {folder} has {tokens}. Give the tokenizer that the model was trained with.");
        }

        source.ReadInto(((ITransformer)model.Model).Weights());
        model.Save(context.OutputFolder);
        var parameters = model.Model.parameters().Sum(parameter => parameter.numel());
        context.Metrics.Log(MetricNames.Parameters, parameters);
        context.Metrics.Log(MetricNames.VocabularySize, known);
        context.Log.Info($"{source.Description}: {parameters:N0} parameters, {known:N0} ids" + (tokens < known ? $"; the last {known - tokens:N0} of them are not in its tokenizer and are never sampled" : ""));
        return Task.FromResult(new Checkpoint(context.OutputFolder));
    }

    private ICheckpointSource Open(Checkpoint source)
    {
        var config = source.Files.FirstOrDefault(file => Path.GetFileName(file) == HuggingFaceSource.ConfigFile);
        string[] binaries = [.. source.Files.Where(file => file.EndsWith(".bin", StringComparison.Ordinal))];
        return config is not null ? new HuggingFaceSource(Path.GetDirectoryName(config)!, options.IgnoreFields)
            : binaries.Length == 1 ? new Llama2cSource(binaries[0])
            : throw new InvalidDataException($"{source.Folder}: there is neither a {HuggingFaceSource.ConfigFile} of Hugging Face nor exactly one .bin file of llama2.c. Found: {string.Join(", ", source.Files.Take(5).Select(Path.GetFileName))}");
    }

    /// <summary>The folder of the given tokenizer or, if none is given, of the source.</summary>
    private static string TokenizerFolder(ImportCheckpointInputs inputs, IPluginSource plugins)
    {
        var folder = (inputs.Tokenizer as Artifact ?? inputs.Source).Folder;
        return inputs.Tokenizer is not null || plugins.All<ITokenizerFormat>().Any(format => format.CanOpen(folder))
            ? folder
            : throw new InvalidDataException(
                $"{folder}: there is no supported tokenizer next to the weights. Give one, inputs: {{ source: ..., tokenizer: STAGE or file:PATH }}. To convert a tokenizer.model to a tokenizer.json, use transformers' AutoTokenizer and save_pretrained.");
    }

    private static Plugin<IModelArchitecture> Architecture(GptOptions model)
    {
        var recipe = new JsonObject { ["use"] = "gpt" };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(model, Json)!.AsObject())
        {
            recipe[name] = value?.DeepClone();
        }

        return new("gpt", JsonSerializer.SerializeToElement(recipe), () => new GptArchitecture(model));
    }
}

/// <summary>Inputs of <c>import-checkpoint</c>.</summary>
/// <param name="Source">
/// The model: <c>file:FOLDER</c> with config.json, model.safetensors (or shards of it) and tokenizer files, or
/// <c>file:MODEL.bin</c>.
/// </param>
/// <param name="Tokenizer">
/// A tokenizer that replaces the one in the source. The vocabulary of a llama2.c model must have exactly its size;
/// other models' vocabularies may be larger.
/// </param>
public sealed record ImportCheckpointInputs(Checkpoint Source, Tokenizer? Tokenizer = null);

/// <summary>Settings of <c>import-checkpoint</c>.</summary>
public sealed record ImportCheckpointOptions
{
    /// <summary>
    /// Unknown fields of config.json to ignore, because they do not change what the model computes. Default: none.
    /// </summary>
    public IReadOnlyList<string> IgnoreFields { get; init; } = [];
}
