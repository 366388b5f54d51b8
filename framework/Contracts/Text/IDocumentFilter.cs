namespace Experiments.Contracts.Text;

/// <summary>One step of <c>process-documents</c>: it keeps, rewrites or drops one document at a time.</summary>
/// <remarks>
/// Called from several threads at once; the verdict depends on the document alone. Failure rule: what is wrong with a document is a reason to
/// drop it, not an exception; an exception fails the stage.
/// </remarks>
[PluginKind("filter")]
public interface IDocumentFilter
{
    /// <summary>Judges one document.</summary>
    Verdict Apply(Document document);
}

/// <summary>A filter whose verdict depends on the documents before, as in deduplication: called one document at a time, in document order.</summary>
public interface IOrderedDocumentFilter : IDocumentFilter
{
    /// <summary>Writes what it remembers, for a checkpoint.</summary>
    void Save(Stream stream);

    /// <summary>Takes back what <see cref="Save"/> wrote.</summary>
    void Load(Stream stream);
}

/// <summary>What a filter says of a document.</summary>
public readonly record struct Verdict
{
    private Verdict(Document? document, string? reason) => (Document, Reason) = (document, reason);

    /// <summary>The document that goes on, or null when it is dropped.</summary>
    public Document? Document { get; }

    /// <summary>Why it is dropped, lower_snake; it becomes the metric <c>dropped/REASON</c>.</summary>
    public string? Reason { get; }

    /// <summary>The document goes on, as it was or rewritten.</summary>
    public static Verdict Keep(Document document) => new(document, null);

    /// <summary>The document ends here.</summary>
    public static Verdict Drop(string reason) => new(null, reason);
}
