namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>The pairs of bytes in a text before the first merge.</summary>
/// <param name="Pairs">Each pair that occurs in the text.</param>
/// <param name="Places">The places of the pairs. Each pair has a range of them, in order.</param>
internal sealed record BytePairs(IReadOnlyList<PairEntry> Pairs, int[] Places)
{
    private const int Kinds = 1 << 16;

    /// <summary>
    /// Counts the pairs and sorts the places by pair. Each thread counts in a part of the text. The result is the same
    /// for any number of threads.
    /// </summary>
    public static BytePairs Count(PieceArena text, int threads)
    {
        var parts = Enumerable.Range(0, threads).Select(part => new Part(PartStart(part), PartStart(part + 1))).ToArray();
        Parallel.ForEach(parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part => part.Count(text));
        List<PairEntry> pairs = [];
        var next = 0;
        for (var kind = 0; kind < Kinds; kind++)
        {
            var start = next;
            foreach (var part in parts)
            {
                (part.Next[kind], next) = (next, next + part.Next[kind]);
            }

            if (next > start)
            {
                pairs.Add(new() { Key = PairTable.Key(kind >> 8, kind & 0xFF), Count = parts.Sum(part => part.Weights[kind]), Start = start, Length = next - start });
            }
        }

        var places = new int[next];
        Parallel.ForEach(parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part => part.Sort(text, places));
        return new(pairs, places);

        int PartStart(int part) => (int)((long)(text.Places - 1) * part / threads);
    }

    private sealed class Part(int start, int end)
    {
        /// <summary>How often each pair occurs in the part.</summary>
        public long[] Weights { get; } = new long[Kinds];

        /// <summary>At first the number of places of each pair, later the index for its next place.</summary>
        public int[] Next { get; } = new int[Kinds];

        public void Count(PieceArena text)
        {
            for (var place = start; place < end; place++)
            {
                if (Kind(text, place) is >= 0 and var kind)
                {
                    Weights[kind] += text.Weight(place);
                    Next[kind]++;
                }
            }
        }

        public void Sort(PieceArena text, int[] places)
        {
            for (var place = start; place < end; place++)
            {
                if (Kind(text, place) is >= 0 and var kind)
                {
                    places[Next[kind]++] = place;
                }
            }
        }

        /// <summary>The pair at a place, or a negative number if there is none.</summary>
        private static int Kind(PieceArena text, int place) => (text[place] << 8) | text[place + 1];
    }
}
