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
    public void AFileIsNamedByAPublicTypeInIt()
    {
        var files = Sources().Select(file => (Path: file, Types: PublicType().Matches(File.ReadAllText(file)).Select(type => type.Groups["name"].Value).ToList()))
            .Where(file => file.Types.Count > 0).ToList();
        files.Count.ShouldBeGreaterThan(300);
        files.Where(file => !file.Types.Contains(Path.GetFileNameWithoutExtension(file.Path)))
            .Select(file => $"{Path.GetRelativePath(Repository.Root, file.Path)} holds {string.Join(", ", file.Types)}").ShouldBeEmpty();
    }

    [Fact]
    public void APluginHasAFileOfItsOwn()
    {
        var files = Repository.Files("plugins", "*.cs").Select(file => (Path: file, Plugins: Plugin().Matches(File.ReadAllText(file)).Select(type => type.Groups["name"].Value).ToList()))
            .Where(file => file.Plugins.Count > 0).ToList();
        files.Sum(file => file.Plugins.Count).ShouldBeGreaterThanOrEqualTo(40);
        files.Where(file => file.Plugins is not [var only] || only != Path.GetFileNameWithoutExtension(file.Path))
            .Select(file => $"{Path.GetRelativePath(Repository.Root, file.Path)} holds {string.Join(", ", file.Plugins)}").ShouldBeEmpty();
    }

    [Fact]
    public void ANamespaceIsItsFolder()
    {
        var projects = (string[])[.. Repository.Files("framework", "*.csproj"), .. Repository.Files("plugins", "*.csproj")];
        var files = projects.SelectMany(project => Repository.Files(Path.GetDirectoryName(project)!, "*.cs").Select(file => (project, file))).ToList();
        files.Count.ShouldBeGreaterThan(500);
        files.Where(pair => DeclaredNamespace().Match(File.ReadAllText(pair.file)) is { Success: true } declared && declared.Groups[1].Value != Expected(pair.project, pair.file))
            .Select(pair => pair.file).ShouldBeEmpty();

        static string Expected(string project, string file) => string.Join('.', Path.GetRelativePath(Path.GetDirectoryName(project)!, Path.GetDirectoryName(file)!)
            .Split('/').Where(folder => folder != ".").Prepend(Path.GetFileNameWithoutExtension(project)));
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

    [GeneratedRegex(@"^public (?:[a-z]+ )*(?:class|struct|record|interface|enum|delegate [\w<>?\[\]]+) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex(@"^\[Plugin\([^\n]*\n(?:\[[^\n]*\n)*public (?:[a-z]+ )*class (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Plugin();
}
