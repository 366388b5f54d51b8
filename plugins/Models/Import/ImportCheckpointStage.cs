using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning;

namespace Experiments.Plugins.Models.Import;

/// <summary>Takes a published model: a folder of Hugging Face's (Llama, GPT-2, Qwen2, Qwen3), or a .bin of llama2.c.</summary>
/// <remarks>
/// The result is a checkpoint as any other, to be trained on, evaluated or talked to; numbers become float32. What <c>gpt</c> cannot express exactly is refused, by the field of
/// <c>config.json</c> that asks for it.
/// </remarks>
[Plugin("import-checkpoint")]
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
            throw new InvalidDataException($"{inputs.Source.Folder}: the model knows {known} tokens, the tokenizer in {folder} {tokens}. Give the tokenizer that the model was trained with.");
        }

        source.ReadInto(((ITransformer)model.Model).Weights());
        model.Save(context.OutputFolder);
        var parameters = model.Model.parameters().Sum(parameter => parameter.numel());
        context.Metrics.Log(MetricNames.Parameters, parameters);
        context.Metrics.Log("vocabulary_size", known);
        context.Log.Info($"{source.Description}: {parameters:N0} parameters, {known:N0} ids" + (tokens < known ? $", of which the last {known - tokens:N0} are no tokens of its tokenizer and will never be sampled" : ""));
        return Task.FromResult(new Checkpoint(context.OutputFolder));
    }

    private ICheckpointSource Open(Checkpoint source)
    {
        var config = source.Files.FirstOrDefault(file => Path.GetFileName(file) == HuggingFaceSource.ConfigFile);
        string[] binaries = [.. source.Files.Where(file => file.EndsWith(".bin", StringComparison.Ordinal))];
        return config is not null ? new HuggingFaceSource(Path.GetDirectoryName(config)!, options.IgnoreFields)
            : binaries.Length == 1 ? new Llama2cSource(binaries[0])
            : throw new InvalidDataException($"{source.Folder}: neither a {HuggingFaceSource.ConfigFile} of Hugging Face's nor one .bin of llama2.c. Found: {string.Join(", ", source.Files.Take(5).Select(Path.GetFileName))}");
    }

    /// <summary>The folder of the tokenizer that is given, else of the source.</summary>
    private static string TokenizerFolder(ImportCheckpointInputs inputs, IPluginSource plugins)
    {
        var folder = (inputs.Tokenizer as Artifact ?? inputs.Source).Folder;
        return inputs.Tokenizer is not null || plugins.All<ITokenizerFormat>().Any(format => format.CanOpen(folder))
            ? folder
            : throw new InvalidDataException(
                $"{folder}: no tokenizer beside the weights that can be opened. Give one, inputs: {{ source: ..., tokenizer: STAGE or file:PATH }}; a tokenizer.model becomes a tokenizer.json by transformers' AutoTokenizer and save_pretrained.");
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

/// <summary>What <c>import-checkpoint</c> reads.</summary>
/// <param name="Source">The model: <c>file:FOLDER</c> with config.json, model.safetensors (or shards of it) and tokenizer files, or <c>file:MODEL.bin</c>.</param>
/// <param name="Tokenizer">A tokenizer, in the place of that in the source. A model of llama2.c must know exactly its ids, any other at least as many.</param>
public sealed record ImportCheckpointInputs(Checkpoint Source, Tokenizer? Tokenizer = null);

/// <summary>Settings of <c>import-checkpoint</c>.</summary>
public sealed record ImportCheckpointOptions
{
    /// <summary>Fields of config.json that are not known here and are to be passed over, for they do not change what the model computes. Default: none.</summary>
    public IReadOnlyList<string> IgnoreFields { get; init; } = [];
}
