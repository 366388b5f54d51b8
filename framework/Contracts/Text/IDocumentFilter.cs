namespace Experiments.Contracts.Text;

/// <summary>A step of <c>process-documents</c>: keeps, rewrites or drops one document at a time.</summary>
/// <remarks>
/// Called from several threads at once; the verdict must depend only on the document. Failure rule: drop a bad document
/// with a reason, and do not throw; an exception fails the stage.
/// </remarks>
[PluginKind("filter")]
public interface IDocumentFilter
{
    /// <summary>Judges one document.</summary>
    Verdict Apply(Document document);
}

/// <summary>
/// A filter whose verdict depends on earlier documents, as in deduplication. It is called with one document at a time,
/// in order.
/// </summary>
public interface IOrderedDocumentFilter : IDocumentFilter
{
    /// <summary>Writes the filter's state, for a checkpoint.</summary>
    void Save(Stream stream);

    /// <summary>Restores the state that <see cref="Save"/> wrote.</summary>
    void Load(Stream stream);
}

/// <summary>A filter's decision about a document.</summary>
public readonly record struct Verdict
{
    private Verdict(Document? document, string? reason) => (Document, Reason) = (document, reason);

    /// <summary>The kept document, or null if it is dropped.</summary>
    public Document? Document { get; }

    /// <summary>
    /// Why it is dropped, in lower_snake; counted in the metric <c>dropped/REASON</c>. Null if it is kept.
    /// </summary>
    public string? Reason { get; }

    /// <summary>Keeps the document, unchanged or rewritten.</summary>
    public static Verdict Keep(Document document) => new(document, null);

    /// <summary>Drops the document.</summary>
    public static Verdict Drop(string reason) => new(null, reason);
}
