using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Where reading goes on.</summary>
/// <param name="File">Files read to their end.</param>
/// <param name="Document">Documents read of the file behind these.</param>
internal readonly record struct DocumentCursor(int File, long Document);

/// <summary>Documents that several threads share.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="Characters">UTF-16 units of their texts.</param>
/// <param name="Next">Where reading goes on.</param>
internal sealed record TrainingBatch(IReadOnlyList<Document> Documents, long Characters, DocumentCursor Next);

/// <summary>Reads documents in batches of about 8 million characters, the next batch while the last one is being counted.</summary>
internal sealed class TrainingDocuments(DocumentStore store, IReadOnlyList<string> files)
{
    private const int Characters = 1 << 23;
    private const int Count = 1 << 14;

    /// <summary>Reads on.</summary>
    /// <param name="cursor">From where.</param>
    /// <param name="maximum">Stops behind the document that brings the characters to this many, or null to read all.</param>
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
