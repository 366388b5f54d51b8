using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// The tokens of all unique pieces in one array, a place for each byte. A token's id stands at its first and at its last byte, <see cref="None"/>
/// at the bytes between and between pieces; so both neighbours of a token are found without links, and merging moves nothing.
/// </summary>
internal sealed class PieceArena
{
    /// <summary>No token.</summary>
    public const int None = -1;

    private const int BlockBits = 6;

    private readonly int[] _ids;

    /// <summary>Places are sorted by weight, the heaviest pieces first, so that a few figures give the weight of all: where each weight ends, ...</summary>
    private readonly int[] _ends;
    private readonly long[] _weights;

    /// <summary>... and for each block of places the first weight in it.</summary>
    private readonly int[] _firstWeights;
    private int[] _lengths = new int[1 << 10];

    /// <summary>Lays out the pieces, each byte a token. Pieces of one byte have no pairs and are left out.</summary>
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
                $"{pieces.Count} unique pieces of {pieces.PieceBytes} bytes are more than {Array.MaxLength} places hold. Set maximum_pieces below {pieces.Count / 2}.");
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

    /// <summary>Places in use.</summary>
    public int Places { get; }

    /// <summary>The token that begins or ends at a place, or <see cref="None"/>.</summary>
    public int this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _ids[place];
    }

    /// <summary>Bytes of a token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Length(int token) => _lengths[token];

    /// <summary>How often the piece at a place was seen.</summary>
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

    /// <summary>Makes a token known.</summary>
    public void AddToken(int token, int length)
    {
        if (token == _lengths.Length)
        {
            Array.Resize(ref _lengths, 2 * token);
        }

        _lengths[token] = length;
    }

    /// <summary>Puts a token in the place of two neighbours.</summary>
    /// <param name="token">The token.</param>
    /// <param name="left">Where the left one begins.</param>
    /// <param name="right">Where the right one begins.</param>
    /// <param name="end">Where the right one ends, exclusive.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Join(int token, int left, int right, int end)
    {
        _ids[right - 1] = None;
        _ids[right] = None;
        _ids[left] = token;
        _ids[end - 1] = token;
    }
}
