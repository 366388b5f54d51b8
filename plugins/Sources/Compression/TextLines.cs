using System.Text;
using Experiments.Contracts.Text;
using ZstdSharp;

namespace Experiments.Plugins.Sources.Compression;

/// <summary>
/// The lines of a UTF-8 file. A file that ends in <c>.zst</c> is read as Zstandard; for others the first bytes decide
/// between gzip and plain text. Reading stops at the first damage, which is reported as a skip.
/// </summary>
internal sealed class TextLines : IDisposable
{
    private readonly string _path;
    private readonly ISkipLog _skips;
    private readonly StreamReader _reader;
    private readonly LineReader _lines;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="longestLine">The longest line to return. Unit: characters.</param>
    /// <param name="skips">Takes the damage.</param>
    public TextLines(string path, int longestLine, ISkipLog skips)
    {
        (_path, _skips) = (path, skips);
        _reader = new StreamReader(Open(path), Encoding.UTF8);
        _lines = new LineReader(_reader, longestLine);
    }

    /// <summary>Number of the line that was read last, counted from 1.</summary>
    public int Number => _lines.Number;

    /// <summary>Whether the line that was read last is too long. It was returned as an empty line.</summary>
    public bool WasTooLong => _lines.WasTooLong;

    /// <summary>Whether reading stopped at damage: the last lines may be only the beginning of a document.</summary>
    public bool Broken { get; private set; }

    /// <summary>The next line without its line break, or null at the end.</summary>
    public string? Next()
    {
        try
        {
            return _lines.Next();
        }
        catch (DamagedInputException damage)
        {
            return Break(damage.Reason, damage.Message);
        }
        catch (EndOfStreamException)
        {
            return Break("truncated_zstd", "the file ends within a Zstandard frame");
        }
        catch (ZstdException damage)
        {
            return Break("corrupt_zstd", damage.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static Stream Open(string path) => path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase)
        ? new DecompressionStream(File.OpenRead(path), leaveOpen: false)
        : new JoinedMembers(MemberSource.Open(path));

    private string? Break(string reason, string message)
    {
        Broken = true;
        _skips.Skip(reason, $"{_path}, after line {Number}: {message}");
        return null;
    }
}
