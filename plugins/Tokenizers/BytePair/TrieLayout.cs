namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Assigns the nodes of a trie of tokens to the slots of a double array, nodes with the most children first.
/// </summary>
internal sealed class TrieLayout
{
    private const int None = -1;
    private const int Block = 256;
    private const int Patience = 64;

    private readonly List<int> _tokens = [];
    private readonly List<byte> _labels = [];
    private readonly List<int> _parents = [];
    private readonly int[] _slots;
    private readonly int[] _bases;

    /// <summary>Computes the layout for tokens.</summary>
    /// <param name="order">The tokens. The nodes of the first 256, the bytes, are in the slots 0 to 255.</param>
    public TrieLayout(MergeOrder order)
    {
        AddNodes(order);
        _slots = new int[Nodes];
        _bases = new int[Nodes];
        Place();
    }

    /// <summary>Number of nodes: one for each prefix of a token.</summary>
    public int Nodes => _tokens.Count;

    /// <summary>Number of slots.</summary>
    public int Slots { get; private set; }

    /// <summary>The slot of a node.</summary>
    public int SlotOf(int node) => _slots[node];

    /// <summary>The base of a node's children. For a node without children, the base of an empty block.</summary>
    public int BaseOf(int node) => _bases[node];

    /// <summary>The token that ends at a node, or -1.</summary>
    public int TokenOf(int node) => _tokens[node];

    /// <summary>The last byte of a node.</summary>
    public byte LabelOf(int node) => _labels[node];

    private void AddNodes(MergeOrder order)
    {
        Dictionary<int, int> children = new(4 * order.Count);
        var nodes = new int[order.Count];
        for (var token = 0; token < order.Count; token++)
        {
            // A token begins with its left part, whose node already exists.
            var isByte = token < Block;
            var node = isByte ? None : nodes[order.PartsOf(token).Left];
            foreach (var value in order.Bytes(isByte ? token : order.PartsOf(token).Right))
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

            (nodes[token], _tokens[node]) = (node, token);
        }
    }

    private void Place()
    {
        for (var value = 0; value < Block; value++)
        {
            _slots[value] = value;
        }

        // The second block stays empty: it is the base of nodes without children.
        Array.Fill(_bases, Block);
        var free = new FreeSlots(2 * Block);
        var (children, starts) = ByParent();
        foreach (var parent in Enumerable.Range(0, Nodes).OrderByDescending(node => starts[node + 1] - starts[node]).TakeWhile(node => starts[node + 1] > starts[node]))
        {
            var siblings = children.AsSpan(starts[parent]..starts[parent + 1]);
            var labels = new byte[siblings.Length];
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] = _labels[siblings[i]];
            }

            _bases[parent] = free.Take(labels);
            foreach (var child in siblings)
            {
                _slots[child] = _bases[parent] ^ _labels[child];
            }
        }

        Slots = free.Count;
    }

    /// <summary>
    /// All nodes with a parent, sorted by parent, and the index at which each parent's children begin.
    /// </summary>
    private (int[] Children, int[] Starts) ByParent()
    {
        var starts = new int[Nodes + 1];
        foreach (var parent in _parents.Where(parent => parent != None))
        {
            starts[parent + 1]++;
        }

        for (var node = 0; node < Nodes; node++)
        {
            starts[node + 1] += starts[node];
        }

        var next = starts[..^1];
        var children = new int[starts[^1]];
        for (var node = 0; node < Nodes; node++)
        {
            if (_parents[node] != None)
            {
                children[next[_parents[node]]++] = node;
            }
        }

        return (children, starts);
    }

    /// <summary>Finds free slots for siblings.</summary>
    private sealed class FreeSlots(int first)
    {
        private readonly List<int> _next = [.. Enumerable.Range(1, first)];
        private readonly List<bool> _isTaken = [.. Enumerable.Repeat(true, first)];
        private readonly List<bool> _isBase = [.. Enumerable.Repeat(true, first)];
        private int _head = first;

        public int Count => _next.Count;

        /// <summary>
        /// Takes a base that no other node has and at which the slots of all labels are free. After every 64
        /// unsuccessful tries, the slots tried so far are given up: this wastes few slots and saves much time.
        /// </summary>
        public int Take(byte[] labels)
        {
            var before = None;
            var slot = Free(_head, before);
            for (var tries = 1; ; tries++)
            {
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

                before = tries % Patience == 0 ? None : slot;
                slot = Free(_next[slot], before);
            }
        }

        /// <summary>
        /// Finds the next free slot from <paramref name="slot"/> on, and links it after <paramref name="before"/>, or
        /// as the head if that is -1. Slots that were taken in the meantime are thereby unlinked.
        /// </summary>
        private int Free(int slot, int before)
        {
            Grow(slot);
            while (_isTaken[slot])
            {
                slot = _next[slot];
                Grow(slot);
            }

            if (before == None)
            {
                _head = slot;
            }
            else
            {
                _next[before] = slot;
            }

            return slot;
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
