using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Yaml;

namespace Experiments.Conventions.Tests;

public sealed class RecipeTests
{
    [Fact]
    public void EveryRecipeOfTheRepositoryIsRight()
    {
        var catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);
        var recipes = Repository.Files("recipes", "*.yaml");
        recipes.Count.ShouldBeGreaterThanOrEqualTo(2);
        var file = Path.Combine(Repository.Root, "README.md");
        foreach (var recipe in recipes)
        {
            // The files that a recipe expects from its user.
            var text = File.ReadAllText(recipe);
            string[] sets = [.. new[] { $"vars.crawl={file}", $"vars.books=file:{file}", $"vars.documents=file:{file}" }.Where(set => text.Contains($"$({set[..set.IndexOf('=', StringComparison.Ordinal)]})", StringComparison.Ordinal))];
            Should.NotThrow(() => new RecipeReader(catalog).Read(recipe, new RecipeArguments { Sets = sets }));
        }
    }

    [Fact]
    public void ARecipeWithoutItsBooksSaysHowToNameThem()
    {
        var catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);
        Should.Throw<RecipeException>(() => new RecipeReader(catalog).Read(Path.Combine(Repository.Root, "recipes/books.yaml"))).Message.ShouldContain("--set vars.books=file:PATTERN");
    }
}
