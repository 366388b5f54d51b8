using System.Text.RegularExpressions;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Sweeps;

namespace Experiments.Conventions.Tests;

/// <summary>Every example of <c>docs/recipes.md</c> is read as it stands.</summary>
public sealed partial class RecipeLanguageTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs/recipes.md"));
    private static readonly PluginCatalog Catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-page-").FullName;

    public RecipeLanguageTests()
    {
        foreach (var file in new[] { "data/a.txt", "crawl/2023-06/a.txt", "crawl/2024-10/a.txt" })
        {
            Write(file, "text");
        }

        foreach (var (name, text) in Recipes())
        {
            Write(name, text);
        }
    }

    [Fact]
    public void EveryRecipeOfThePageIsRight()
    {
        var whole = Recipes().Where(recipe => !recipe.Name.StartsWith("base/", StringComparison.Ordinal)).ToList();

        whole.Select(recipe => recipe.Name).ShouldBe(["tiny.yaml", "each.yaml", "sweep.yaml"]);
        whole.ForEach(recipe => Should.NotThrow(() => Read(recipe.Name), recipe.Name));
    }

    [Fact]
    public void TheInstancesAreThoseOfThePage()
    {
        var recipe = Read("each.yaml");

        recipe.Stages.Where(stage => stage.Group == "model").Select(stage => stage.Name).ShouldBe(["model-2023-06-small", "model-2023-06-large", "model-2024-10-small", "model-2024-10-large"]);
        Page.ShouldContain("model-2023-06-small");
        recipe.Stages.Single(stage => stage.Name == "report").Inputs[0].Sources.Select(source => source.Label).ShouldBe(
            ["model-2023-06-small", "model-2023-06-large", "model-2024-10-small", "model-2024-10-large", "words"]);
    }

    [Fact]
    public void TheSweepIsThatOfThePage()
    {
        var recipe = Read("sweep.yaml");

        recipe.Sweep!.Trials.ShouldBe(120);
        SweepCheck.Run(recipe, new RecipeReader(Catalog) { WorkingDirectory = _folder, EnvironmentVariables = _ => null });
    }

    [Fact]
    public void EveryCommandOfThePageFits()
    {
        var commands = Command().Matches(Page).Select(match => match.Groups["arguments"].Value).ToList();
        commands.Count.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var command in commands)
        {
            var words = command.Replace("'", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var recipe = Should.NotThrow(() => Read(words[0], Values(words, "--profile").SingleOrDefault(), [.. Values(words, "--set")]), command);
            foreach (var path in Values(words, "--explain"))
            {
                Explanation.Of(recipe, Catalog, path).Settings.Count.ShouldBe(2, "the recipe's over the base's");
            }
        }
    }

    [Fact]
    public async Task EveryRecipeOfThePageKeepsTheSchema()
    {
        foreach (var (name, text) in Recipes().Where(recipe => !recipe.Name.StartsWith("base/", StringComparison.Ordinal)))
        {
            (await SchemaTests.Mistakes(text)).ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void EveryKeyStandsOnThePage() =>
        new[] { "name", "extends", "seed", "vars", "tracking", "stages", "profiles", "use", "inputs", "with", "run", "expect", "foreach", "sweep" }
            .Where(key => !Page.Contains($"{key}:", StringComparison.Ordinal) && !Page.Contains($"`{key}`", StringComparison.Ordinal)).ShouldBeEmpty();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<(string Name, string Text)> Recipes() => Block().Matches(Page).Select(block => (block.Groups["name"].Value, block.Groups["text"].Value));

    private static IEnumerable<string> Values(string[] words, string option) => words.Index().Where(word => word.Index > 0 && words[word.Index - 1] == option).Select(word => word.Item);

    private CheckedRecipe Read(string recipe, string? profile = null, params string[] sets) =>
        new RecipeReader(Catalog) { WorkingDirectory = _folder, EnvironmentVariables = _ => null }.Read(recipe, new() { Profile = profile, Sets = sets });

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    [GeneratedRegex("```yaml\n# (?<name>[^\n]+)\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();

    [GeneratedRegex("^lab [a-z]+ (?<arguments>[^#\n]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();
}
