using System.Runtime.InteropServices;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// Collects how one merge changes the pairs around it, by neighbour, in arrays with entries for the whole vocabulary.
/// The table of pairs is then accessed once per neighbour instead of once per place. A neighbour is a token and a side
/// in one number: even numbers are to the left of the new token, odd ones to the right.
/// </summary>
internal sealed class PairBirths
{
    private readonly List<int> _touched = [];
    private PairChange[] _changes = new PairChange[1 << 10];
    private int[] _placeOwners = new int[1 << 10];
    private int[] _places = new int[1 << 10];
    private int _count;

    /// <summary>The neighbours that were met, in the order in which they were first met.</summary>
    public IReadOnlyList<int> Neighbours => _touched;

    /// <summary>A neighbour to the left of the new token.</summary>
    public static int Left(int token) => token << 1;

    /// <summary>A neighbour to the right of the new token.</summary>
    public static int Right(int token) => (token << 1) | 1;

    /// <summary>The changes of a neighbour's pairs.</summary>
    public ref PairChange this[int neighbour] => ref _changes[neighbour];

    /// <summary>
    /// Prepares for a new token: makes room for its neighbours and clears the changes of the last merge.
    /// </summary>
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

    /// <summary>Records that the new token is next to a neighbour at a place.</summary>
    /// <param name="neighbour">The neighbour.</param>
    /// <param name="place">Place at which the new pair begins.</param>
    /// <param name="weight">How often the piece occurs.</param>
    /// <param name="gone">
    /// How many occurrences of the neighbour's old pair, with the token that was merged, are lost.
    /// </param>
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

    /// <summary>Sorts the places by neighbour, and sets the start of each neighbour's places.</summary>
    /// <returns>
    /// The places, grouped by neighbour and in the order in which they were met. Neighbours without a new pair are left
    /// out.
    /// </returns>
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

/// <summary>How a merge changes the pairs of one neighbour.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PairChange
{
    /// <summary>How many occurrences its pair with the new token has.</summary>
    public long Born;

    /// <summary>How many occurrences its pair with the merged token has lost.</summary>
    public long Gone;

    /// <summary>Number of places of its pair with the new token.</summary>
    public int Places;

    /// <summary>Index of the first of these places.</summary>
    public int Start;

    /// <summary>How many of these places are sorted so far.</summary>
    public int Sorted;
}
