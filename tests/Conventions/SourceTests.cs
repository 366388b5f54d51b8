using System.Text.RegularExpressions;

namespace Experiments.Conventions.Tests;

public sealed partial class SourceTests
{
    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Base", "Impl", "Dto", "Service", "Processor"];

    [Fact]
    public void NoFileIsNamedByAWordThatSaysNothing()
    {
        var files = Sources();
        files.Count.ShouldBeGreaterThan(100);
        files.Where(file => EmptyWords.Any(word => Path.GetFileNameWithoutExtension(file).EndsWith(word, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void NothingIsLeftUndone() =>
        Sources().Where(file => Unfinished().IsMatch(File.ReadAllText(file))).ShouldBeEmpty();

    [Fact]
    public void NoWarningIsSuppressedInTheProduct() =>
        Sources().Where(file => File.ReadAllText(file).Contains("#pragma warning disable", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void TheProgramIsShort() =>
        File.ReadAllLines(Path.Combine(Repository.Root, "framework/Host/Program.cs")).Length.ShouldBeLessThanOrEqualTo(40);

    private static IReadOnlyList<string> Sources() => [.. Repository.Files("framework", "*.cs"), .. Repository.Files("plugins", "*.cs")];

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException", RegexOptions.NonBacktracking)]
    private static partial Regex Unfinished();
}
