namespace Experiments.Host.Display;

/// <summary>Lines of text with aligned columns.</summary>
public sealed class Columns
{
    private const string Gap = "  ";
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>
    /// Writes the rows. A column is as wide as its widest cell. The last cell of a row is not padded.
    /// </summary>
    /// <param name="output">Receives the rows.</param>
    /// <param name="indent">Text before each row.</param>
    public void Write(TextWriter output, string indent = "")
    {
        List<int> widths = [];
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length - 1; i++)
            {
                widths.AddRange(i == widths.Count ? [0] : (int[])[]);
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        foreach (var row in _rows)
        {
            output.WriteLine((indent + string.Join(Gap, row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i])))).TrimEnd());
        }
    }
}
