using Experiments.Contracts.Artifacts;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>A split of token shards cut into windows of equal length, each overlapping the next by the one token that is the target of its last position.</summary>
/// <remarks>Documents lie one behind the other, as in GPT-2's training: a window may begin in the middle of one and end in another. What is left at the end of a shard is not read.</remarks>
public sealed class TokenWindows : IDisposable
{
    private readonly IReadOnlyList<TokenShard> _shards;
    private readonly long[] _firstWindow;
    private readonly int _length;

    /// <summary>Opens a split.</summary>
    /// <param name="tokens">The shards.</param>
    /// <param name="split"><see cref="TokenShards.Train"/> or <see cref="TokenShards.Validation"/>.</param>
    /// <param name="length">Positions a window. A split that is shorter gives one shorter window.</param>
    /// <exception cref="InvalidDataException">The split holds less than two tokens.</exception>
    public TokenWindows(TokenShards tokens, string split, int length)
    {
        _shards = tokens.Open(split);
        _length = (int)Math.Min(length, _shards.Max(shard => shard.Count) - 1);
        if (_length < 1)
        {
            Dispose();
            throw new InvalidDataException($"{tokens.Folder}: the {split} part has less than two tokens.");
        }

        _firstWindow = new long[_shards.Count + 1];
        for (var i = 0; i < _shards.Count; i++)
        {
            _firstWindow[i + 1] = _firstWindow[i] + Math.Max(0, (_shards[i].Count - 1) / _length);
        }
    }

    /// <summary>Windows in all.</summary>
    public long Count => _firstWindow[^1];

    /// <summary>Positions a window.</summary>
    public int Length => _length;

    /// <summary>Reads windows: token ids, and for each position the token that follows. Both are [windows, length], int64.</summary>
    public (Tensor Inputs, Tensor Targets) Read(ReadOnlySpan<long> windows)
    {
        var inputs = new long[windows.Length * _length];
        var targets = new long[inputs.Length];
        Span<long> window = new long[_length + 1];
        for (var i = 0; i < windows.Length; i++)
        {
            var shard = Array.FindLastIndex(_firstWindow, _shards.Count - 1, _shards.Count, ContainsUpTo(windows[i]));
            _shards[shard].Read((windows[i] - _firstWindow[shard]) * _length, window);
            window[..^1].CopyTo(inputs.AsSpan(i * _length));
            window[1..].CopyTo(targets.AsSpan(i * _length));
        }

        return (tensor(inputs).view(windows.Length, _length), tensor(targets).view(windows.Length, _length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }
    }

    private static Predicate<long> ContainsUpTo(long window) => first => first <= window;
}
