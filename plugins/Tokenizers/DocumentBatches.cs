using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers;

/// <summary>Groups a stream of documents into batches that several threads share.</summary>
internal static class DocumentBatches
{
    private const int Characters = 1 << 23;
    private const int Count = 1 << 14;

    /// <summary>Batches of about 8 million characters, in order.</summary>
    public static IEnumerable<IReadOnlyList<Document>> InBatches(this IEnumerable<Document> documents)
    {
        var batch = new List<Document>();
        var characters = 0L;
        foreach (var document in documents)
        {
            batch.Add(document);
            characters += document.Text.Length;
            if (characters >= Characters || batch.Count >= Count)
            {
                yield return batch;
                (batch, characters) = ([], 0);
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
