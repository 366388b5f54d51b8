using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;

namespace Experiments.Contracts.Text;

/// <summary>Reads and writes documents in every format that a plugin knows.</summary>
public sealed class DocumentStore(IPluginSource plugins, IStageLog log) : ISkipLog
{
    private const int NamedSkipsPerReason = 5;
    private readonly Dictionary<string, long> _skipped = [];
    private IReadOnlyList<IDocumentFormat>? _formats;

    /// <summary>Number of skipped records so far, by reason.</summary>
    public IReadOnlyDictionary<string, long> Skipped => _skipped;

    /// <summary>
    /// Reads all documents, one at a time, file by file. Damaged records are skipped, counted and logged.
    /// </summary>
    public IEnumerable<Document> Read(Documents documents) => documents.Files.SelectMany(ReadFile);

    /// <summary>Reads the documents of one file, one at a time.</summary>
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
            var known = string.Join(' ', _formats.SelectMany(each => each.Extensions).Order(StringComparer.Ordinal));
            Skip("unknown_format", $"{path}: no format reads this file extension. Known: {known}");
            return [];
        }

        return format.Read(path, this);
    }

    /// <summary>Creates a file in the format of its extension, such as <c>documents-00000.jsonl.zst</c>.</summary>
    public IDocumentWriter Create(string path) =>
        plugins.All<IDocumentFormat>().OfType<IWritableDocumentFormat>()
            .FirstOrDefault(format =>
                format.Extensions.Any(extension => path.EndsWith(extension, StringComparison.Ordinal)))
            ?.Create(path)
        ?? throw new InvalidDataException($"{path}: no format writes this file extension.");

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
            log.Warn($"skipped ({reason}): further ones are counted but not named");
        }
    }
}
