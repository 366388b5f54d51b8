using Experiments.Engine.Plugins;

namespace Experiments.Conventions.Tests;

public sealed class RecipeFuzzTests
{
    private const int Recipes = 2_000;
    private const ulong Seed = 1;

    /// <summary><c>dotnet run -c Release --project tests/Benchmarks recipes</c> checks more of them.</summary>
    [Fact]
    public void ADamagedRecipeIsRightOrHasPlacedProblems()
    {
        var folder = Directory.CreateTempSubdirectory("lab-fuzz-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a.txt"), "one\n");
            string[] whole = [.. Repository.Files("recipes", "*.yaml").Concat(Repository.Files("tests/EndToEnd/Recipes", "*.yaml")).Select(File.ReadAllText)];
            whole.Length.ShouldBeGreaterThan(7);
            var fuzz = new RecipeFuzz(whole, PluginCatalog.FromFolder(AppContext.BaseDirectory), folder);

            Enumerable.Range(0, Recipes).AsParallel().Select(number => fuzz.FaultOf(Seed, number)).FirstOrDefault(fault => fault is not null).ShouldBeNull();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
