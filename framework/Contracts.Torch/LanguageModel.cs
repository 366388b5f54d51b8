using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>A causal language model: token ids in, logits of the next token out.</summary>
/// <param name="name">The name of the module.</param>
/// <param name="vocabularySize">Logits a position.</param>
/// <param name="contextLength">The longest sequence that it takes, in tokens.</param>
/// <remarks>Parameters carry the names that Hugging Face gives them, so that checkpoints open in other tools.</remarks>
public abstract class LanguageModel(string name, int vocabularySize, int contextLength) : nn.Module(name)
{
    /// <summary>Logits a position.</summary>
    public int VocabularySize { get; } = vocabularySize;

    /// <summary>The longest sequence that it takes, in tokens.</summary>
    public int ContextLength { get; } = contextLength;

    /// <summary>Logits for every position.</summary>
    /// <param name="ids">[batch, time], int64.</param>
    /// <param name="cache">Keys and values of the positions before; null in training. It is extended by this call.</param>
    /// <param name="valid">[batch, cached + time], bool: false where a row is padded (on the left); null when nothing is padded. Positions count valid tokens only.</param>
    /// <returns>[batch, time, vocabulary], float32.</returns>
    public abstract Tensor Forward(Tensor ids, KeyValueCache? cache = null, Tensor? valid = null);

    /// <summary>The contents of Hugging Face's <c>config.json</c>.</summary>
    public abstract JsonObject HuggingFaceConfig();
}

/// <summary>Keys and values of the tokens that a decode has seen, a pair a layer.</summary>
/// <param name="layers">Layers of the model.</param>
public sealed class KeyValueCache(int layers) : IDisposable
{
    private readonly (Tensor Keys, Tensor Values)?[] _layers = new (Tensor, Tensor)?[layers];

    /// <summary>Positions cached so far.</summary>
    public int Length { get; private set; }

    /// <summary>Appends the keys and values of new positions, both [batch, heads, time, width], and returns those of all positions.</summary>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        if (_layers[layer] is var (oldKeys, oldValues))
        {
            (keys, values) = (cat([oldKeys, keys], 2), cat([oldValues, values], 2));
            oldKeys.Dispose();
            oldValues.Dispose();
        }
        else
        {
            (keys, values) = (keys.alias(), values.alias());
        }

        _layers[layer] = (keys.DetachFromDisposeScope(), values.DetachFromDisposeScope());
        if (layer == _layers.Length - 1)
        {
            Length = (int)keys.shape[2];
        }

        return (keys, values);
    }

    /// <summary>Keeps only the given rows of the batch, in the given order: int64 indices.</summary>
    public void Select(Tensor rows)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            if (_layers[layer] is var (keys, values))
            {
                _layers[layer] = (keys.index_select(0, rows).DetachFromDisposeScope(), values.index_select(0, rows).DetachFromDisposeScope());
                keys.Dispose();
                values.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pair in _layers)
        {
            pair?.Keys.Dispose();
            pair?.Values.Dispose();
        }
    }
}
