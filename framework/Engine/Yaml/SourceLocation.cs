namespace Experiments.Engine.Yaml;

/// <summary>Where something was written.</summary>
/// <param name="File">The file as messages name it; of an argument, the whole argument: <c>--set vars.x=1</c>.</param>
/// <param name="Line">From 1; 0 where a place has no lines, as in an argument.</param>
/// <param name="Column">From 1; 0 where a place has no lines.</param>
/// <param name="Profile">The profile that it is part of, when that profile was laid over the recipe; otherwise null.</param>
public readonly record struct SourceLocation(string File, int Line, int Column, string? Profile = null) : IComparable<SourceLocation>
{
    /// <summary>A place without lines.</summary>
    public static SourceLocation Of(string name) => new(name, 0, 0);

    /// <summary>By file, line and column.</summary>
    public int CompareTo(SourceLocation other)
    {
        var byFile = string.CompareOrdinal(File, other.File);
        var byLine = byFile != 0 ? byFile : Line.CompareTo(other.Line);
        return byLine != 0 ? byLine : Column.CompareTo(other.Column);
    }

    /// <summary><c>file(line,column)</c>.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}({Line},{Column})";
}
