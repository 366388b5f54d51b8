using System.Xml.Linq;

namespace Experiments.Conventions.Tests;

public sealed class ProjectReferenceTests
{
    private static readonly string[] AllowedToPlugins = ["Experiments.Contracts.csproj", "Experiments.Contracts.Torch.csproj", "Experiments.Learning.csproj"];

    [Fact]
    public void APluginReferencesOnlyTheContractsAndLearning()
    {
        var projects = Repository.Files("plugins", "*.csproj");
        projects.Count.ShouldBeGreaterThanOrEqualTo(10);
        var strangers =
            from project in projects
            from reference in References(project, "ProjectReference")
            where !AllowedToPlugins.Contains(Path.GetFileName(reference))
            select $"{Path.GetFileName(project)} -> {reference}";
        strangers.ShouldBeEmpty();
    }

    [Fact]
    public void TheContractsReferenceNoPackage() =>
        References(Path.Combine(Repository.Root, "framework/Contracts/Experiments.Contracts.csproj"), "PackageReference").ShouldBeEmpty();

    [Fact]
    public void TheEngineDoesNotSeeTorch() =>
        References(Path.Combine(Repository.Root, "framework/Engine/Experiments.Engine.csproj"), "ProjectReference").ShouldAllBe(reference => !reference.Contains("Torch") && !reference.Contains("Learning"));

    [Fact]
    public void EveryProjectIsInTheSolution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Experiments.sln"));
        var projects = Repository.Files("framework", "*.csproj").Concat(Repository.Files("plugins", "*.csproj")).Concat(Repository.Files("tests", "*.csproj")).ToList();
        projects.Count.ShouldBeGreaterThan(25);
        projects.Where(project => !solution.Contains(Path.GetFileName(project), StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void TheSolutionNamesAnyCpuOnly() =>
        File.ReadLines(Path.Combine(Repository.Root, "Experiments.sln"))
            .Where(line => line.Contains("|x64", StringComparison.Ordinal) || line.Contains("|x86", StringComparison.Ordinal))
            .ShouldBeEmpty("`dotnet sln add` writes such rows; delete them");

    [Fact]
    public void PackageVersionsStandInOnePlace() =>
        Repository.Files("", "*.csproj").Where(project => File.ReadAllText(project).Contains("Version=\"", StringComparison.Ordinal)).ShouldBeEmpty();

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(project).Descendants(kind).Select(reference => reference.Attribute("Include")?.Value).OfType<string>();
}
