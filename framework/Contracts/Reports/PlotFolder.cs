namespace Experiments.Contracts.Reports;

/// <summary>The folder <c>plots</c> of a report.</summary>
public sealed class PlotFolder(string reportFolder)
{
    /// <summary>Writes a plot and returns its path relative to the page.</summary>
    public string Save(string name, string svg)
    {
        var path = $"plots/{string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-'))}.svg";
        Directory.CreateDirectory(Path.Combine(reportFolder, "plots"));
        File.WriteAllText(Path.Combine(reportFolder, path), svg);
        return path;
    }
}
