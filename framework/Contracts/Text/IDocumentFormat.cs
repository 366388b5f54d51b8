namespace Experiments.Contracts.Text;

/// <summary>Reads one file format as documents.</summary>
[PluginKind("format")]
public interface IDocumentFormat
{
    /// <summary>Endings of the files that it reads, longest first: <c>.warc.gz</c>, <c>.warc</c>.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Streams the documents of a file. Neither the file nor its documents are ever held whole in memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="skips">Takes what could not be read. A damaged record is skipped and named here, and reading goes on behind it; it never throws.</param>
    IEnumerable<Document> Read(string path, ISkipLog skips);
}

/// <summary>A format that can be written too.</summary>
public interface IWritableDocumentFormat : IDocumentFormat
{
    /// <summary>Starts a file.</summary>
    IDocumentWriter Create(string path);
}

/// <summary>Writes documents into one file; complete when disposed.</summary>
public interface IDocumentWriter : IDisposable
{
    /// <summary>Appends one document.</summary>
    void Write(Document document);
}

/// <summary>Takes what could not be read.</summary>
public interface ISkipLog
{
    /// <summary>Counts and names one record, or the rest of a file, that could not be read.</summary>
    /// <param name="reason">A class of its own in the count, lower_snake: <c>truncated_gzip</c>, <c>malformed_record</c>.</param>
    /// <param name="detail">File, byte offset or line, and what was found there.</param>
    void Skip(string reason, string detail);
}
