using System.Text.Json;

namespace Experiments.Contracts.Sizing;

/// <summary>A stage that can predict the size of its output or its work. Used by <c>lab estimate</c>.</summary>
public interface ISizedStage
{
    /// <summary>Predicts the size from the options and from what is known about the inputs.</summary>
    /// <param name="inputs">
    /// The known size of each input, by its name in recipes. Inputs of unknown size are left out.
    /// </param>
    /// <remarks>It must be fast: it loads no native library and opens no file.</remarks>
    StageSize Size(IReadOnlyDictionary<string, StageSize> inputs);
}

/// <summary>What is known about an artifact, before it is made or from its files. null means unknown.</summary>
public sealed record StageSize
{
    /// <summary>For a tokenizer, and for what was made with it: the number of tokens in the vocabulary.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>For token shards: the number of training tokens.</summary>
    public long? Tokens { get; init; }

    /// <summary>For conversations and problems: their number.</summary>
    public long? Rows { get; init; }

    /// <summary>
    /// For a checkpoint: the plugin that builds the model, as stored in artifacts (<see cref="Plugin{T}.Recipe"/>).
    /// </summary>
    public JsonElement? Architecture { get; init; }

    /// <summary>For a checkpoint: the size of the model.</summary>
    public ModelSize? Model { get; init; }

    /// <summary>For a stage that trains: the size of the training.</summary>
    public TrainingSize? Training { get; init; }
}
