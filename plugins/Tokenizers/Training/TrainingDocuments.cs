using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>The place at which reading continues.</summary>
/// <param name="File">Number of files that were read to their end.</param>
/// <param name="Document">Number of documents that were read from the file after these.</param>
internal readonly record struct DocumentCursor(int File, long Document);

/// <summary>Documents that several threads share.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="Characters">Total length of their texts. Unit: UTF-16 units.</param>
/// <param name="Next">The place at which reading continues.</param>
internal sealed record TrainingBatch(IReadOnlyList<Document> Documents, long Characters, DocumentCursor Next);

/// <summary>
/// Reads documents in batches of about 8 million characters. The next batch is read while the last one is being
/// counted.
/// </summary>
internal sealed class TrainingDocuments(DocumentStore store, IReadOnlyList<string> files)
{
    private const int Characters = 1 << 23;
    private const int Count = 1 << 14;

    /// <summary>Reads from a place on.</summary>
    /// <param name="cursor">Place at which to begin.</param>
    /// <param name="maximum">
    /// Reading stops after the document that reaches this many characters. Null = all documents are read.
    /// </param>
    public IEnumerable<TrainingBatch> Read(DocumentCursor cursor, long? maximum)
    {
        using var batches = Batches(cursor, maximum ?? long.MaxValue).GetEnumerator();
        var next = Task.Run(Next);
        try
        {
            while (next.GetAwaiter().GetResult() is { } batch)
            {
                next = Task.Run(Next);
                yield return batch;
            }
        }
        finally
        {
            Task.WaitAny(next);
        }

        TrainingBatch? Next() => batches.MoveNext() ? batches.Current : null;
    }

    private IEnumerable<TrainingBatch> Batches(DocumentCursor cursor, long maximum)
    {
        List<Document> documents = [];
        var (characters, all) = (0L, 0L);
        for (var file = cursor.File; file < files.Count && all < maximum; file++)
        {
            var (read, done) = (0L, file == cursor.File ? cursor.Document : 0);
            foreach (var document in store.ReadFile(files[file]))
            {
                if (all >= maximum)
                {
                    break;
                }

                if (++read <= done)
                {
                    continue;
                }

                documents.Add(document);
                characters += document.Text.Length;
                all += document.Text.Length;
                if (characters >= Characters || documents.Count >= Count)
                {
                    yield return new(documents, characters, new(file, read));
                    (documents, characters) = ([], 0);
                }
            }
        }

        if (documents.Count > 0)
        {
            yield return new(documents, characters, new(files.Count, 0));
        }
    }
}
