using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;

namespace Experiments.Learning.Decoding;

/// <summary>
/// The rows of one session. Some are live, the others wait. Prompts are read in the same passes in which live rows
/// continue.
/// </summary>
internal sealed class DecodingBatch : IDisposable
{
    private const int RowsAtOnce = 256;
    private const int PromptTokensAtOnce = 2048;
    private readonly int _vocabularySize;
    private readonly int _tokens; // ids above it are never drawn
    private readonly IDecodingSession _session;
    private readonly Sampler _sampler;
    private readonly Queue<PromptGroup> _unread;
    private readonly Queue<PromptGroup> _read = [];
    private List<DecodingRow> _live = [];

    public DecodingBatch(LanguageModel model, SamplingOptions options, IReadOnlyList<DecodingRow> rows)
    {
        _vocabularySize = model.VocabularySize;
        _tokens = model.TokenCount;
        _sampler = new(options, _tokens);
        var groups = rows.GroupBy(row => row.Prompt, (IEqualityComparer<int[]>)ReferenceEqualityComparer.Instance);
        _unread = new(groups.Select(group => new PromptGroup(group.Key, new(group))));
        _session = model.StartDecoding();
    }

    /// <summary>Draws a token for every live row, then lets waiting rows take the free places.</summary>
    /// <returns>False when all rows have ended.</returns>
    public bool Advance()
    {
        var begun = Begin();
        if (_live.Count == 0 && begun.Count == 0 && _read.Count == 0)
        {
            return false;
        }

        if (_live.Count + begun.Count > 0)
        {
            var logits = _session.Read([
                .. _live.Select(row => new SequenceTokens(row.Sequence, row.Unread)),
                .. begun.Select(group => new SequenceTokens(group.Sequence, group.Prompt)),
            ]);
            for (var i = 0; i < _live.Count; i++)
            {
                _live[i].Draw(_sampler, logits.Slice(i * _vocabularySize, _tokens));
            }

            foreach (var (i, group) in begun.Index())
            {
                group.Logits = logits.Slice((_live.Count + i) * _vocabularySize, _tokens).ToArray();
                _read.Enqueue(group);
            }
        }

        End();
        Enter();
        return true;
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Starts the prompts whose rows have a place in this pass.</summary>
    private List<PromptGroup> Begin()
    {
        List<PromptGroup> begun = [];
        var (places, tokens) = (RowsAtOnce - _live.Count - _read.Sum(group => group.Waiting.Count), 0);
        while (places > 0 && _unread.TryPeek(out var group) && (tokens == 0 || tokens + group.Prompt.Length <= PromptTokensAtOnce))
        {
            _unread.Dequeue();
            group.Sequence = _session.Begin();
            begun.Add(group);
            (places, tokens) = (places - group.Waiting.Count, tokens + group.Prompt.Length);
        }

        return begun;
    }

    /// <summary>Lets rows whose prompts were read take the free places and draw their first token.</summary>
    private void Enter()
    {
        while (_live.Count < RowsAtOnce && _read.TryPeek(out var group))
        {
            var row = group.Waiting.Dequeue();
            row.Sequence = group.Waiting.Count > 0 ? _session.Fork(group.Sequence) : group.Sequence;
            row.Draw(_sampler, group.Logits);
            if (row.IsDone)
            {
                _session.End(row.Sequence);
            }
            else
            {
                _live.Add(row);
            }

            if (group.Waiting.Count == 0)
            {
                _read.Dequeue();
            }
        }
    }

    private void End()
    {
        foreach (var row in _live.Where(row => row.IsDone))
        {
            _session.End(row.Sequence);
        }

        _live = [.. _live.Where(row => !row.IsDone)];
    }

    /// <summary>Rows with the same prompt.</summary>
    private sealed class PromptGroup(int[] prompt, Queue<DecodingRow> waiting)
    {
        public int[] Prompt => prompt;

        public Queue<DecodingRow> Waiting => waiting;

        public int Sequence { get; set; }

        public float[] Logits { get; set; } = [];
    }
}
