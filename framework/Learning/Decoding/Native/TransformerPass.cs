using Experiments.Learning.Operations;

namespace Experiments.Learning.Decoding.Native;

/// <summary>A token to read.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Sequence">The sequence that stores its keys and values.</param>
/// <param name="Position">Its position.</param>
internal readonly record struct PassToken(int Id, CachedSequence Sequence, int Position);

/// <summary>
/// One pass of tokens through the model. In each product, every thread computes some of the outputs for all tokens, so
/// that each weight is read once.
/// </summary>
internal sealed unsafe class TransformerPass<TFormat> : IDisposable
    where TFormat : struct, INumberFormat
{
    private readonly TransformerWeights _shape;
    private readonly NativeMatrix _embedding;
    private readonly NativeMatrix? _positions;
    private readonly NativeLayer[] _layers;
    private readonly NativeNorm _norm;
    private readonly NativeMatrix _head;
    private readonly CacheLayout _cache;
    private readonly RotationTable? _rotation;
    private readonly ThreadTeam _team = new();
    private readonly RowMemory _states, _joint, _mixed, _up, _last, _logits;
    private readonly RowMemory[] _scratch;
    private readonly AlignedBuffer?[] _scores;
    private readonly int _widest;

    public TransformerPass(TransformerWeights weights, CacheLayout cache)
    {
        _shape = weights;
        _cache = cache;
        _embedding = new(weights.Embedding, null);
        _positions = weights.Positions is null ? null : new(weights.Positions, null);
        _layers = [.. weights.Layers.Select(layer => new NativeLayer(layer))];
        _norm = new(weights.Norm);
        _head = new(weights.Head.Weight, null);
        _rotation = weights.Frequencies is null ? null : new(weights.Frequencies.Values);
        (_states, _last) = (new(_embedding.Columns), new(_embedding.Columns));
        _joint = new((weights.Heads + (2 * weights.SharedHeads)) * weights.HeadWidth);
        _mixed = new(weights.Heads * weights.HeadWidth);
        _up = new(_layers.Max(layer => layer.Up.Rows));
        _logits = new(_head.Rows);
        _widest = _layers.SelectMany(layer => new[] { layer.Joint, layer.Output, layer.Up, layer.Down })
            .Max(matrix => matrix.Columns);
        _scratch = [.. Enumerable.Range(0, _team.Count).Select(_ => new RowMemory(_widest))];
        _scores = new AlignedBuffer?[_team.Count];
    }

    private int Blocks => INumberFormat.Padded(_shape.HeadWidth) / INumberFormat.Block;

    /// <summary>Lets sequences read tokens.</summary>
    /// <param name="tokens">The tokens; those of a sequence are in order.</param>
    /// <param name="last">The indices of the tokens whose logits are returned.</param>
    /// <returns>The logits, one row per index of <paramref name="last"/>.</returns>
    public ReadOnlySpan<float> Compute(PassToken[] tokens, int[] last)
    {
        var longest = tokens.Max(token => token.Position) + 1;
        _rotation?.Reserve(longest);
        var call = new Call(
            tokens, last, _states.Rows(tokens.Length), _joint.Rows(tokens.Length), _mixed.Rows(tokens.Length),
            _up.Rows(tokens.Length), _last.Rows(last.Length), _logits.Rows(last.Length));
        for (var thread = 0; thread < _team.Count; thread++)
        {
            _scratch[thread].Rows(Product<TFormat>.RowsAtOnce + 1);
            var bytes = (long)(longest + CachePage.Positions) * sizeof(float);
            if (_scores[thread] is not { } room || room.Bytes < bytes)
            {
                _scores[thread]?.Dispose();
                _scores[thread] = new(2 * bytes);
            }
        }

        _team.Run(thread => Compute(call, thread));
        GC.KeepAlive(_shape);
        return Result(call.Logits);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var memory in (RowMemory[])[_states, _joint, _mixed, _up, _last, _logits, .. _scratch])
        {
            memory.Dispose();
        }

        foreach (var scores in _scores)
        {
            scores?.Dispose();
        }

        _rotation?.Dispose();
    }

    /// <summary>
    /// Removes the padding between rows. There is some if the vocabulary size is not a multiple of the block size.
    /// </summary>
    private ReadOnlySpan<float> Result(RowBuffer logits)
    {
        var width = _head.Rows;
        for (var row = 1; row < logits.Rows && INumberFormat.Padded(width) != width; row++)
        {
            new ReadOnlySpan<float>(logits[row], width).CopyTo(new(logits[0] + ((long)row * width), width));
        }

        return new(logits[0], logits.Rows * width);
    }

    /// <summary>The work of one thread.</summary>
    private void Compute(Call call, int thread)
    {
        var scratch = _scratch[thread].Rows(Product<TFormat>.RowsAtOnce + 1)[0];
        Embed(call, thread);
        _team.Meet();
        foreach (var (index, layer) in _layers.Index())
        {
            Multiply(layer.Joint, call.States, layer.AttentionNorm, call.Joint, adds: false);
            Remember(call, layer, index, thread);
            _team.Meet();
            Attend(call, index, thread);
            _team.Meet();
            Multiply(layer.Output, call.Mixed, null, call.States, adds: true);
            Activate(call, layer, thread, scratch);
            _team.Meet();
            Multiply(layer.Down, call.Up, null, call.States, adds: true);
        }

        var (first, end) = _team.Share(thread, call.Last.Length, 1);
        for (var row = first; row < end; row++)
        {
            _norm.Apply(call.States[call.Last[row]], call.LastStates[row], _embedding.Columns);
        }

        _team.Meet();
        Multiply(_head, call.LastStates, null, call.Logits, adds: false);
        Cap(call, thread);

        void Multiply(NativeMatrix matrix, RowBuffer x, NativeNorm? norm, RowBuffer to, bool adds)
        {
            var (start, behind) = _team.Share(thread, matrix.Rows, DotProducts<TFormat>.Rows);
            Product<TFormat>.Compute(matrix, start, behind, x, norm, to, adds, scratch);
            _team.Meet();
        }
    }

    private void Embed(Call call, int thread)
    {
        var width = _embedding.Columns;
        var (start, end) = _team.Share(thread, call.Tokens.Length, 1);
        for (var row = start; row < end; row++)
        {
            var token = call.Tokens[row];
            for (var i = 0; i < width; i++)
            {
                call.States[row][i] = TFormat.Get(_embedding.Address, ((long)token.Id * width) + i)
                    + (_positions is null ? 0 : TFormat.Get(_positions.Address, ((long)token.Position * width) + i));
            }
        }
    }

    /// <summary>
    /// Rotates queries and keys by their positions, scales queries by 1 / √width, and stores keys and values in the
    /// cache.
    /// </summary>
    private void Remember(Call call, NativeLayer layer, int index, int thread)
    {
        var (width, heads, shared) = (_shape.HeadWidth, _shape.Heads, _shape.SharedHeads);
        var all = heads + (2 * shared);
        float* whole = stackalloc float[Blocks * INumberFormat.Block];
        new Span<float>(whole, Blocks * INumberFormat.Block).Clear();
        var (start, end) = _team.Share(thread, call.Tokens.Length * all, 1);
        for (var unit = start; unit < end; unit++)
        {
            var (row, head) = (unit / all, unit % all);
            var token = call.Tokens[row];
            var x = call.Joint[row] + (head * width);
            if (head < heads + shared)
            {
                (head < heads ? layer.QueryNorm : layer.KeyNorm)?.Apply(x, x, width);
                if (_rotation is not null)
                {
                    var cosines = _rotation.Cosines(token.Position);
                    VectorFunctions.Turn(x, _rotation.Pairs, cosines, cosines + _rotation.Pairs);
                }
            }

            if (head < heads)
            {
                VectorFunctions.Scale(x, x, width, 0, 1 / MathF.Sqrt(width), null, null);
                continue;
            }

            new ReadOnlySpan<float>(x, width).CopyTo(new(whole, width));
            var place = head < heads + shared
                ? _cache.Keys(token.Sequence, index, head - heads, token.Position)
                : _cache.Values(token.Sequence, index, head - heads - shared, token.Position);
            TFormat.Store(whole, place, Blocks * INumberFormat.Block);
        }
    }

    private void Attend(Call call, int index, int thread)
    {
        var (width, heads) = (_shape.HeadWidth, _shape.Heads);
        var room = Blocks * INumberFormat.Block;
        float* query = stackalloc float[room];
        float* mixed = stackalloc float[room];
        new Span<float>(query, room).Clear();
        var (start, end) = _team.Share(thread, call.Tokens.Length * heads, 1);
        for (var unit = start; unit < end; unit++)
        {
            var (row, head) = (unit / heads, unit % heads);
            var token = call.Tokens[row];
            new ReadOnlySpan<float>(call.Joint[row] + (head * width), width).CopyTo(new(query, width));
            CausalHead<TFormat>.Attend(
                _cache, token.Sequence, index, head * _shape.SharedHeads / heads, token.Position + 1, query, Blocks,
                _scores[thread]!.Floats, mixed);
            new ReadOnlySpan<float>(mixed, width).CopyTo(new(call.Mixed[row] + (head * width), width));
        }
    }

    /// <summary>
    /// The up projection and the activation. Each thread computes gate and up for the same columns, so that no barrier
    /// is needed between the two.
    /// </summary>
    private void Activate(Call call, NativeLayer layer, int thread, float* scratch)
    {
        var isGated = _shape.FeedForward == FeedForwardKind.Swiglu;
        var inner = layer.Down.Columns;
        var (start, end) = _team.Share(thread, inner, DotProducts<TFormat>.Rows);
        Product<TFormat>.Compute(
            layer.Up, start, end, call.States, layer.FeedForwardNorm, call.Up, adds: false, scratch);
        if (isGated)
        {
            Product<TFormat>.Compute(
                layer.Up, inner + start, inner + end, call.States, layer.FeedForwardNorm, call.Up, adds: false,
                scratch);
        }

        for (var row = 0; row < call.Tokens.Length; row++)
        {
            var x = call.Up[row] + start;
            VectorActivation.Apply(_shape.FeedForward, x, x + inner, x, end - start);
        }
    }

    private void Cap(Call call, int thread)
    {
        if (_shape.Head.SoftCap is not { } cap)
        {
            return;
        }

        var (start, end) = _team.Share(thread, _head.Rows, DotProducts<TFormat>.Rows);
        for (var row = 0; row < call.Logits.Rows; row++)
        {
            for (var i = start; i < end; i++)
            {
                call.Logits[row][i] = (float)(cap * Math.Tanh(call.Logits[row][i] / cap));
            }
        }
    }

    private sealed record Call(
        PassToken[] Tokens, int[] Last, RowBuffer States, RowBuffer Joint, RowBuffer Mixed, RowBuffer Up,
        RowBuffer LastStates, RowBuffer Logits);
}
