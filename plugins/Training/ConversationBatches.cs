using Experiments.Contracts;
using Experiments.Learning;

namespace Experiments.Plugins.Training;

/// <summary>Cuts the epochs of a set of conversations into batches of similar length, so that little is padded: a function of seed and step.</summary>
internal sealed class ConversationBatches(IReadOnlyList<PartlyLearned> conversations, int batchSize, ulong seed)
{
    private const int BatchesPerPool = 16;
    private readonly EpochOrder _order = new(seed, conversations.Count);
    private int[][] _batches = [];
    private long _epoch = -1;

    /// <summary>Batches an epoch.</summary>
    public int PerEpoch { get; } = (conversations.Count + batchSize - 1) / batchSize;

    /// <summary>The batch of a step.</summary>
    public IReadOnlyList<PartlyLearned> this[long step]
    {
        get
        {
            if (step / PerEpoch != _epoch)
            {
                _epoch = step / PerEpoch;
                _batches = Cut(_epoch);
            }

            return [.. _batches[step % PerEpoch].Select(index => conversations[index])];
        }
    }

    private int[][] Cut(long epoch)
    {
        int[][] batches = [.. _order.Permutation(epoch)
            .Chunk(batchSize * BatchesPerPool)
            .SelectMany(pool => pool.OrderBy(index => conversations[index].Tokens.Length).Chunk(batchSize))];
        new RandomStream(seed, "batches", epoch).Shuffle<int[]>(batches);
        return batches;
    }
}
