using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning.Weights;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>
/// A model with its tokenizer, as stored in a Checkpoint artifact: <c>config.json</c>, <c>generation_config.json</c>
/// and <c>model.safetensors</c> (or its shards) in Hugging Face's layout, <c>model.json</c> with the plugin that builds
/// the network, and the tokenizer's files.
/// </summary>
/// <remarks>
/// A model may have more ids than its tokenizer, as published models that pad their vocabulary do. The surplus ids are
/// never sampled.
/// </remarks>
public sealed class TrainedModel : IDisposable
{
    private const string ConfigFile = "config.json";
    private const string GenerationFile = "generation_config.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _tokenizerFolder;

    private TrainedModel(LanguageModel model, ITokenizer tokenizer, JsonElement recipe, string tokenizerFolder) =>
        (Model, Tokenizer, Recipe, _tokenizerFolder) = (model, tokenizer, recipe, tokenizerFolder);

    /// <summary>The network.</summary>
    public LanguageModel Model { get; }

    /// <summary>Its tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The architecture plugin with its options.</summary>
    public JsonElement Recipe { get; }

    /// <summary>Builds a network with random weights for a tokenizer.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="tokenizerFolder">The folder of the tokenizer.</param>
    /// <param name="plugins">Opens the tokenizer.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <param name="vocabularySize">
    /// Number of ids of the model, at least that of the tokenizer. Default: that of the tokenizer.
    /// </param>
    /// <exception cref="InvalidDataException">The tokenizer has more ids than the model.</exception>
    public static TrainedModel Create(
        Plugin<IModelArchitecture> architecture, string tokenizerFolder, IPluginSource plugins, ulong seed,
        int? vocabularySize = null)
    {
        var tokenizer = plugins.OpenTokenizer(tokenizerFolder);
        var model = Build(
            architecture.Create(), vocabularySize ?? tokenizer.VocabularySize, seed, tokenizer, tokenizerFolder);
        return new(model, tokenizer, architecture.Recipe, tokenizerFolder);
    }

    /// <summary>Opens a checkpoint folder.</summary>
    /// <exception cref="InvalidDataException">
    /// A file is missing, truncated or inconsistent with another. The message names it.
    /// </exception>
    public static TrainedModel Open(string checkpointFolder, IPluginSource plugins)
    {
        var tokenizer = plugins.OpenTokenizer(checkpointFolder);
        var (recipe, vocabularySize) = ModelRecord.Read(checkpointFolder);
        using var weights = CheckpointWeights.Open(checkpointFolder);
        var model = Build(
            plugins.Create<IModelArchitecture>(recipe), vocabularySize, seed: 0, tokenizer, checkpointFolder);
        weights.ReadInto(model.NamedWeights());
        return new(model, tokenizer, recipe, checkpointFolder);
    }

    /// <summary>Writes a checkpoint folder.</summary>
    public void Save(string folder)
    {
        File.WriteAllText(Path.Combine(folder, ConfigFile), Model.HuggingFaceConfig().ToJsonString(Indented) + "\n");
        File.WriteAllText(Path.Combine(folder, GenerationFile), Ends().ToJsonString(Indented) + "\n");
        new ModelRecord(Recipe, Model.VocabularySize).Write(folder);
        CheckpointWeights.Write(folder, Model.NamedWeights());
        TokenizerFiles.Copy(_tokenizerFolder, folder);
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static LanguageModel Build(
        IModelArchitecture architecture, int vocabularySize, ulong seed, ITokenizer tokenizer, string folder)
    {
        if (vocabularySize < tokenizer.VocabularySize)
        {
            throw new InvalidDataException(
                $"{folder}: the model has {vocabularySize} tokens, its tokenizer {tokenizer.VocabularySize}. "
                + "The model must have at least as many.");
        }

        manual_seed((long)(seed >> 1));
        var model = architecture.Build(vocabularySize, seed);
        model.TokenCount = tokenizer.VocabularySize;
        return model;
    }

    /// <summary>
    /// The tokens that begin and end a text, for <c>generate</c> of transformers, which otherwise uses its own default
    /// ids.
    /// </summary>
    private JsonObject Ends()
    {
        var ends = new JsonObject();
        if (Tokenizer.SpecialTokens.TryGetValue(Tokenizers.EndOfText, out var endOfText))
        {
            ends["bos_token_id"] = endOfText;
            ends["eos_token_id"] = Tokenizer.SpecialTokens.TryGetValue(Tokenizers.MessageEnd, out var messageEnd)
                ? new JsonArray(endOfText, messageEnd)
                : endOfText;
        }

        return ends;
    }
}
