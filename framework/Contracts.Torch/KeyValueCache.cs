using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

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

    /// <summary>Keeps only the given rows of the batch, in the given order; a row may be taken more than once.</summary>
    /// <param name="rows">Indices, int64.</param>
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
