using System.Text.Json;

namespace Experiments.Contracts.Sizing;

/// <summary>A stage that can tell beforehand how large its output, or its work, will be. What <c>lab estimate</c> asks.</summary>
public interface ISizedStage
{
    /// <summary>What follows from the options and from what is known of the inputs.</summary>
    /// <param name="inputs">What is known of each input, by its name in recipes; an input of which nothing is known is not among them.</param>
    /// <remarks>It answers at once: it loads no native library and opens no file.</remarks>
    StageSize Size(IReadOnlyDictionary<string, StageSize> inputs);
}

/// <summary>What is known of an artifact before it is made, or from its files once it is there; null is not known.</summary>
public sealed record StageSize
{
    /// <summary>Of a tokenizer, and of what was made with it: its tokens.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Of token shards: the tokens to train on.</summary>
    public long? Tokens { get; init; }

    /// <summary>Of conversations and problems: how many.</summary>
    public long? Rows { get; init; }

    /// <summary>Of a checkpoint: the plugin that builds the model, as an artifact keeps it (<see cref="Plugin{T}.Recipe"/>).</summary>
    public JsonElement? Architecture { get; init; }

    /// <summary>Of a checkpoint: the model.</summary>
    public ModelSize? Model { get; init; }

    /// <summary>Of a stage that trains: the training.</summary>
    public TrainingSize? Training { get; init; }
}
