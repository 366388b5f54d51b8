using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;

namespace Experiments.Conventions.Tests;

public sealed class RecipeTests
{
    [Fact]
    public void EveryRecipeOfTheRepositoryIsRight()
    {
        var catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);
        var recipes = Repository.Files("recipes", "*.yaml");
        recipes.Count.ShouldBeGreaterThanOrEqualTo(2);
        var crawl = $"vars.crawl={Path.Combine(Repository.Root, "README.md")}";
        foreach (var recipe in recipes)
        {
            var needsCrawl = File.ReadAllText(recipe).Contains("vars.crawl", StringComparison.Ordinal);
            Should.NotThrow(() => new RecipeReader(catalog).Read(recipe, new RecipeArguments { Sets = needsCrawl ? [crawl] : [] }));
        }
    }
}
