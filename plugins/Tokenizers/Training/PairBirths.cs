using System.Runtime.InteropServices;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// What one merge does to the pairs around it, gathered by neighbour in arrays as long as the vocabulary: the tables of pairs are then asked once
/// for each neighbour and not once for each place. A neighbour is an id and a side: even numbers stand to the left of the new token, odd ones to the right.
/// </summary>
internal sealed class PairBirths
{
    private readonly List<int> _touched = [];
    private PairChange[] _changes = new PairChange[1 << 10];
    private int[] _placeOwners = new int[1 << 10];
    private int[] _places = new int[1 << 10];
    private int _count;

    /// <summary>The neighbours that were met, in the order of meeting.</summary>
    public IReadOnlyList<int> Neighbours => _touched;

    /// <summary>A neighbour to the left of the new token.</summary>
    public static int Left(int token) => token << 1;

    /// <summary>A neighbour to the right of the new token.</summary>
    public static int Right(int token) => (token << 1) | 1;

    /// <summary>What happened to a neighbour's pairs.</summary>
    public ref PairChange this[int neighbour] => ref _changes[neighbour];

    /// <summary>Makes room for the neighbours of a new token and forgets the last merge.</summary>
    public void Begin(int token)
    {
        foreach (var neighbour in _touched)
        {
            _changes[neighbour] = default;
        }

        _touched.Clear();
        _count = 0;
        if (Right(token) >= _changes.Length)
        {
            Array.Resize(ref _changes, 4 * (token + 1));
        }
    }

    /// <summary>The new token stands beside a neighbour in whose pair it comes.</summary>
    /// <param name="neighbour">The neighbour.</param>
    /// <param name="place">Where the new pair begins.</param>
    /// <param name="weight">How often the piece was seen.</param>
    /// <param name="gone">How often the pair is gone that the neighbour had with the merged token.</param>
    public void Meet(int neighbour, int place, long weight, long gone)
    {
        ref var change = ref _changes[neighbour];
        if (change.Places == 0)
        {
            _touched.Add(neighbour);
        }

        change.Born += weight;
        change.Gone += gone;
        change.Places++;
        if (_count == _places.Length)
        {
            Array.Resize(ref _places, 2 * _count);
            Array.Resize(ref _placeOwners, 2 * _count);
        }

        (_places[_count], _placeOwners[_count]) = (place, neighbour);
        _count++;
    }

    /// <summary>Sorts the places by neighbour, and gives those neighbours a start that have a pair with the new token.</summary>
    /// <returns>The places, those of one neighbour together and in the order of meeting.</returns>
    public int[] SortPlaces()
    {
        var total = 0;
        foreach (var neighbour in _touched)
        {
            ref var change = ref _changes[neighbour];
            change.Start = total;
            total += change.Born > 0 ? change.Places : 0;
        }

        var sorted = new int[total];
        for (var i = 0; i < _count; i++)
        {
            ref var change = ref _changes[_placeOwners[i]];
            if (change.Born > 0)
            {
                sorted[change.Start + change.Sorted++] = _places[i];
            }
        }

        return sorted;
    }
}

/// <summary>What a merge does to the pairs of one neighbour.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PairChange
{
    /// <summary>How often it stands beside the new token.</summary>
    public long Born;

    /// <summary>How often it stands no more beside the merged one.</summary>
    public long Gone;

    /// <summary>Places of its pair with the new token.</summary>
    public int Places;

    /// <summary>Where these begin.</summary>
    public int Start;

    /// <summary>How many of them are in order.</summary>
    public int Sorted;
}
