namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>Places the nodes of a trie of tokens in the slots of a double array, those with most children first.</summary>
internal sealed class TrieLayout
{
    private const int None = -1;
    private const int Block = 256;

    private readonly List<int> _tokens = [];
    private readonly List<byte> _labels = [];
    private readonly List<int> _parents = [];
    private readonly int[] _slots;
    private readonly int[] _bases;

    /// <summary>Lays tokens out.</summary>
    /// <param name="tokens">The bytes of each; the first 256 are the bytes, whose nodes are the slots 0 to 255.</param>
    public TrieLayout(IReadOnlyList<byte[]> tokens)
    {
        AddNodes(tokens);
        _slots = new int[Nodes];
        _bases = new int[Nodes];
        Place();
    }

    /// <summary>How many nodes there are: one for each beginning of a token.</summary>
    public int Nodes => _tokens.Count;

    /// <summary>How many slots are needed.</summary>
    public int Slots { get; private set; }

    /// <summary>The slot of a node.</summary>
    public int SlotOf(int node) => _slots[node];

    /// <summary>Where a node's children are; for a node without any, where nothing is.</summary>
    public int BaseOf(int node) => _bases[node];

    /// <summary>The token that ends at a node, or -1.</summary>
    public int TokenOf(int node) => _tokens[node];

    /// <summary>The last byte of a node.</summary>
    public byte LabelOf(int node) => _labels[node];

    private void AddNodes(IReadOnlyList<byte[]> tokens)
    {
        Dictionary<int, int> children = new(4 * tokens.Count);
        for (var token = 0; token < tokens.Count; token++)
        {
            var node = None;
            foreach (var value in tokens[token])
            {
                var key = ((node + 1) << 8) | value;
                if (!children.TryGetValue(key, out var child))
                {
                    child = Nodes;
                    children.Add(key, child);
                    _tokens.Add(None);
                    _labels.Add(value);
                    _parents.Add(node);
                }

                node = child;
            }

            _tokens[node] = token;
        }
    }

    private void Place()
    {
        var children = Enumerable.Range(0, Nodes).Where(node => _parents[node] != None).ToLookup(node => _parents[node]);
        for (var value = 0; value < Block; value++)
        {
            _slots[value] = value;
        }

        // Free slots are a ring through those that are left; behind the first block is one that stays empty.
        var free = new FreeSlots(2 * Block);
        foreach (var siblings in children.OrderByDescending(siblings => siblings.Count()))
        {
            var labels = siblings.Select(node => _labels[node]).ToArray();
            var found = free.Take(labels);
            _bases[siblings.Key] = found;
            foreach (var child in siblings)
            {
                _slots[child] = found ^ _labels[child];
            }
        }

        for (var node = 0; node < Nodes; node++)
        {
            _bases[node] = children.Contains(node) ? _bases[node] : Block;
        }

        Slots = free.Count;
    }

    /// <summary>Hands out places for siblings.</summary>
    private sealed class FreeSlots(int first)
    {
        private readonly List<int> _next = [.. Enumerable.Range(1, first)];
        private readonly List<bool> _isTaken = [.. Enumerable.Repeat(true, first)];
        private readonly List<bool> _isBase = [.. Enumerable.Repeat(true, first)];
        private int _head = first;

        public int Count => _next.Count;

        /// <summary>A base at which all labels are free, which no one else has.</summary>
        public int Take(byte[] labels)
        {
            var before = None;
            for (var slot = _head; ; slot = _next[slot])
            {
                Grow(slot);
                while (_isTaken[slot])
                {
                    // Slots that were taken since are left out of the chain on the way.
                    slot = _next[slot];
                    Grow(slot);
                    if (before == None)
                    {
                        _head = slot;
                    }
                    else
                    {
                        _next[before] = slot;
                    }
                }

                var found = slot ^ labels[0];
                if (!_isBase[found] && Array.TrueForAll(labels, label => !_isTaken[found ^ label]))
                {
                    _isBase[found] = true;
                    foreach (var label in labels)
                    {
                        _isTaken[found ^ label] = true;
                    }

                    return found;
                }

                before = slot;
            }
        }

        private void Grow(int slot)
        {
            while (slot >= _next.Count)
            {
                for (var i = 0; i < Block; i++)
                {
                    _next.Add(_next.Count + 1);
                    _isTaken.Add(false);
                    _isBase.Add(false);
                }
            }
        }
    }
}
