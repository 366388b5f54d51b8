using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// The tokens of all unique pieces in one array with a place for each byte. A token's id is at the places of its first
/// and last byte. <see cref="None"/> is at the places between them and between pieces. So both neighbours of a token
/// are found without links, and merging moves nothing.
/// </summary>
internal sealed class PieceArena
{
    /// <summary>No token.</summary>
    public const int None = -1;

    private const int BlockBits = 6;

    private readonly int[] _ids;

    /// <summary>
    /// Pieces are sorted by weight, heaviest first, so the weights of all places can be stored as a few ranges. These
    /// are the ends of the ranges.
    /// </summary>
    private readonly int[] _ends;
    private readonly long[] _weights;

    /// <summary>For each block of places, the index of the first range of weights in it.</summary>
    private readonly int[] _firstWeights;
    private int[] _lengths = new int[1 << 10];

    /// <summary>Stores the pieces with one token per byte. Pieces of one byte have no pairs and are left out.</summary>
    public PieceArena(PieceCounts pieces)
    {
        Array.Fill(_lengths, 1, 0, 256);
        long[] counts = [.. pieces.Counts];
        int[] order = [.. Enumerable.Range(0, counts.Length)];
        Array.Sort(counts, order);
        var places = 1L + pieces.PieceBytes + pieces.Count;
        if (places > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"{pieces.Count} unique pieces of {pieces.PieceBytes} bytes need more than the maximum of {Array.MaxLength} places. Set maximum_pieces below {pieces.Count / 2}.");
        }

        _ids = new int[places];
        _ids[0] = None;
        List<int> ends = [];
        List<long> weights = [];
        var place = 1;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            var piece = pieces[order[i]];
            if (piece.Length < 2)
            {
                continue;
            }

            foreach (var value in piece)
            {
                _ids[place++] = value;
            }

            _ids[place++] = None;
            if (weights.Count == 0 || weights[^1] != counts[i])
            {
                weights.Add(counts[i]);
                ends.Add(place);
            }

            ends[^1] = place;
        }

        (Places, _ends, _weights) = (place, [.. ends], [.. weights]);
        _firstWeights = new int[(place >> BlockBits) + 1];
        for (int block = 0, weight = 0; block < _firstWeights.Length && weight < _ends.Length; block++)
        {
            while (weight + 1 < _ends.Length && _ends[weight] <= block << BlockBits)
            {
                weight++;
            }

            _firstWeights[block] = weight;
        }
    }

    /// <summary>Number of places in use.</summary>
    public int Places { get; }

    /// <summary>The token that begins or ends at a place, or <see cref="None"/>.</summary>
    public int this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _ids[place];
    }

    /// <summary>Length of a token. Unit: bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Length(int token) => _lengths[token];

    /// <summary>How often the piece at a place occurs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Weight(int place)
    {
        var weight = _firstWeights[place >> BlockBits];
        while (_ends[weight] <= place)
        {
            weight++;
        }

        return _weights[weight];
    }

    /// <summary>Adds a token.</summary>
    public void AddToken(int token, int length)
    {
        if (token == _lengths.Length)
        {
            Array.Resize(ref _lengths, 2 * token);
        }

        _lengths[token] = length;
    }

    /// <summary>Replaces two neighbours with a token.</summary>
    /// <param name="token">The new token.</param>
    /// <param name="left">Place at which the left neighbour begins.</param>
    /// <param name="right">Place at which the right neighbour begins.</param>
    /// <param name="end">Place at which the right neighbour ends, exclusive.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Join(int token, int left, int right, int end)
    {
        _ids[right - 1] = None;
        _ids[right] = None;
        _ids[left] = token;
        _ids[end - 1] = token;
    }
}
