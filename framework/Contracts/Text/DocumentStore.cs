using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;

namespace Experiments.Contracts.Text;

/// <summary>Reads and writes documents in every format that a plugin knows.</summary>
public sealed class DocumentStore(IPluginSource plugins, IStageLog log) : ISkipLog
{
    private const int NamedSkipsPerReason = 5;
    private readonly Dictionary<string, long> _skipped = [];
    private IReadOnlyList<IDocumentFormat>? _formats;

    /// <summary>How many records were skipped so far, by reason.</summary>
    public IReadOnlyDictionary<string, long> Skipped => _skipped;

    /// <summary>Streams all documents, file by file. Damaged records are skipped, counted and logged.</summary>
    public IEnumerable<Document> Read(Documents documents) => documents.Files.SelectMany(ReadFile);

    /// <summary>Streams the documents of one file.</summary>
    public IEnumerable<Document> ReadFile(string path)
    {
        _formats ??= plugins.All<IDocumentFormat>();
        var format = _formats
            .SelectMany(format => format.Extensions, (format, extension) => (format, extension))
            .Where(pair => path.EndsWith(pair.extension, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(pair => pair.extension.Length)
            .Select(pair => pair.format)
            .FirstOrDefault();
        if (format is null)
        {
            Skip("unknown_format", $"{path}: no format reads this ending. Known: {string.Join(' ', _formats.SelectMany(each => each.Extensions).Order(StringComparer.Ordinal))}");
            return [];
        }

        return format.Read(path, this);
    }

    /// <summary>Starts a file in the format of its ending, such as <c>documents-00000.jsonl.zst</c>.</summary>
    public IDocumentWriter Create(string path) =>
        plugins.All<IDocumentFormat>().OfType<IWritableDocumentFormat>()
            .FirstOrDefault(format => format.Extensions.Any(extension => path.EndsWith(extension, StringComparison.Ordinal)))?.Create(path)
        ?? throw new InvalidDataException($"{path}: no format writes this ending.");

    /// <inheritdoc/>
    public void Skip(string reason, string detail)
    {
        var count = _skipped.GetValueOrDefault(reason) + 1;
        _skipped[reason] = count;
        if (count <= NamedSkipsPerReason)
        {
            log.Warn($"skipped ({reason}): {detail}");
        }
        else if (count == NamedSkipsPerReason + 1)
        {
            log.Warn($"skipped ({reason}): more of the same are counted, not named");
        }
    }
}
