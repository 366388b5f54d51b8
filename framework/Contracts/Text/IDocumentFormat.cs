namespace Experiments.Contracts.Text;

/// <summary>Reads one file format as documents.</summary>
[PluginKind("format")]
public interface IDocumentFormat
{
    /// <summary>Extensions of the files that it reads, longest first: <c>.warc.gz</c>, <c>.warc</c>.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Reads the documents of a file, one at a time. The file is never in memory as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="skips">
    /// Takes what could not be read. A damaged record is reported here and skipped; reading continues after it and
    /// never throws.
    /// </param>
    IEnumerable<Document> Read(string path, ISkipLog skips);
}

/// <summary>A format that can also be written.</summary>
public interface IWritableDocumentFormat : IDocumentFormat
{
    /// <summary>Creates a file.</summary>
    IDocumentWriter Create(string path);
}

/// <summary>Writes documents to one file. The file is complete after disposal.</summary>
public interface IDocumentWriter : IDisposable
{
    /// <summary>Appends one document.</summary>
    void Write(Document document);
}

/// <summary>Takes what could not be read.</summary>
public interface ISkipLog
{
    /// <summary>Reports one record, or the rest of a file, that could not be read.</summary>
    /// <param name="reason">
    /// The class under which it is counted, in lower_snake: <c>truncated_gzip</c>, <c>malformed_record</c>.
    /// </param>
    /// <param name="detail">The file, the byte offset or line, and what was found there.</param>
    void Skip(string reason, string detail);
}
