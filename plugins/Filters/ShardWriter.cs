using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>Writes documents into numbered shards of bounded size.</summary>
internal sealed class ShardWriter(DocumentStore store, string folder, int documentsPerShard) : IDisposable
{
    private IDocumentWriter? _writer;
    private int _shards;
    private int _inShard;

    public void Write(Document document)
    {
        if (_inShard == documentsPerShard)
        {
            EndShard();
        }

        _writer ??= store.Create(Path.Combine(folder, $"documents-{_shards:D5}.jsonl.zst"));
        _writer.Write(document);
        _inShard++;
    }

    /// <summary>Finishes the shard, if one is open.</summary>
    public void EndShard()
    {
        if (_writer is not null)
        {
            _writer.Dispose();
            _writer = null;
            _inShard = 0;
            _shards++;
        }
    }

    /// <summary>Copies the finished shards into a checkpoint. File systems that clone files make this cheap.</summary>
    public void Save(string checkpoint) => Copy(folder, checkpoint);

    /// <summary>Restores the finished shards from a checkpoint.</summary>
    public void Load(string checkpoint)
    {
        Copy(checkpoint, folder);
        _shards = Directory.GetFiles(folder).Length;
    }

    public void Dispose() => EndShard();

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
