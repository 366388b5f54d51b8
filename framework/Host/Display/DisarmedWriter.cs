using System.Text;
using Experiments.Contracts.Text;

namespace Experiments.Host.Display;

/// <summary>
/// Writes text that may come from anywhere, such as web addresses, file names and answers of models. Control characters are shown and
/// not obeyed by the terminal. A carriage return before a line feed is left out.
/// </summary>
/// <param name="inner">The writer to which the text goes.</param>
public sealed class DisarmedWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => inner.Write(VisibleText.Disarm(value.ToString()));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(VisibleText.Disarm((value ?? "").Replace("\r\n", "\n", StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + '\n');

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
