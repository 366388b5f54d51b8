namespace Experiments.Engine.Yaml;

/// <summary>Where something was written.</summary>
/// <param name="File">The file as messages show it; for a command-line argument, the whole argument:
/// <c>--set vars.x=1</c>.</param>
/// <param name="Line">From 1; 0 for a place without lines, such as an argument.</param>
/// <param name="Column">From 1; 0 for a place without lines.</param>
/// <param name="Profile">The profile that it was written in, when that profile was applied to the recipe; otherwise
/// null.</param>
public readonly record struct SourceLocation(string File, int Line, int Column, string? Profile = null) : IComparable<SourceLocation>
{
    /// <summary>A place without lines, such as an argument.</summary>
    public static SourceLocation Of(string name) => new(name, 0, 0);

    /// <summary>Orders by file, line and column.</summary>
    public int CompareTo(SourceLocation other)
    {
        var byFile = string.CompareOrdinal(File, other.File);
        var byLine = byFile != 0 ? byFile : Line.CompareTo(other.Line);
        return byLine != 0 ? byLine : Column.CompareTo(other.Column);
    }

    /// <summary><c>file(line,column)</c>.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}({Line},{Column})";
}
