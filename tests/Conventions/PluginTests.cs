using System.Text.RegularExpressions;
using Experiments.Engine.Code;
using Experiments.Engine.Plugins;

namespace Experiments.Conventions.Tests;

public sealed partial class PluginTests
{
    private static readonly PluginCatalog Catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);

    /// <summary>The ending of a plugin's class name, by kind.</summary>
    private static readonly Dictionary<string, string> Endings = new()
    {
        ["backend"] = "Backend",
        ["chat-engine"] = "ChatEngine",
        ["filter"] = "Filter",
        ["format"] = "Format",
        ["model"] = "Architecture",
        ["optimizer"] = "Optimizer",
        ["reward"] = "Reward",
        ["schedule"] = "Schedule",
        ["stage"] = "Stage",
        ["template-language"] = "TemplateLanguage",
        ["tokenizer-format"] = "TokenizerFormat",
        ["tracker"] = "Tracker",
    };

    [Fact]
    public void EveryPluginSaysWhatItDoes()
    {
        Catalog.Plugins.Count().ShouldBeGreaterThanOrEqualTo(30);
        Catalog.Plugins.Where(plugin => plugin.Summary.Length < 20).Select(plugin => plugin.Name).ShouldBeEmpty();
    }

    [Fact]
    public void EveryOptionSaysWhatItMeans()
    {
        var options = Catalog.Plugins.SelectMany(plugin => plugin.Options.Select(option => (plugin.Name, option))).ToList();
        options.Count.ShouldBeGreaterThanOrEqualTo(60);
        options.Where(pair => pair.option.Summary.Length < 10).Select(pair => $"{pair.Name}.{pair.option.Name}").ShouldBeEmpty();
    }

    /// <summary>Recipes accept both spellings of a choice; people are shown one, that with a hyphen, as in resolved recipes.</summary>
    [Fact]
    public void AChoiceIsSpelledOneWayEverywhere()
    {
        var underscored = Catalog.Plugins.SelectMany(plugin => plugin.Options).Select(option => option.Shape).OfType<ScalarShape>()
            .SelectMany(shape => shape.Names).Where(name => name.Contains('-', StringComparison.Ordinal)).Select(name => name.Replace('-', '_')).ToHashSet();
        underscored.Count.ShouldBeGreaterThanOrEqualTo(4);
        Catalog.Plugins.SelectMany(plugin => plugin.Options.Select(option => (Place: $"{plugin.Name}.{option.Name}", Text: option.Summary)))
            .Concat(Repository.Files("docs", "*.md").Concat(Repository.Files("recipes", "*.yaml")).Select(file => (Place: file, Text: File.ReadAllText(file))))
            .SelectMany(each => underscored.Where(name => Regex.IsMatch(each.Text, $"\\b{name}\\b", RegexOptions.NonBacktracking)).Select(name => $"{each.Place}: {name}")).ShouldBeEmpty();
    }

    [Fact]
    public void TheCodeOfEveryPluginHasADigestOfItsOwn()
    {
        var digest = new CodeDigest();
        Catalog.Plugins.Select(plugin => digest.Of(plugin).Digest).Distinct().Count().ShouldBe(Catalog.Plugins.Count());
    }

    [Fact]
    public void TheClassOfAPluginEndsInItsKind()
    {
        Catalog.Plugins.Count().ShouldBeGreaterThanOrEqualTo(40);
        Catalog.Plugins.Select(plugin => plugin.Kind).Distinct().Order().ShouldBe(Endings.Keys.Order());
        Catalog.Plugins.Where(plugin => !plugin.Type.Name.EndsWith(Endings[plugin.Kind], StringComparison.Ordinal))
            .Select(plugin => $"{plugin.Kind} '{plugin.Name}' is the class {plugin.Type.Name}, not ...{Endings[plugin.Kind]}").ShouldBeEmpty();
    }

    [Fact]
    public void NamesAreKebabCaseAndOptionsSnakeCase()
    {
        Catalog.Plugins.Where(plugin => !KebabCase().IsMatch(plugin.Name)).Select(plugin => plugin.Name).ShouldBeEmpty();
        Catalog.Plugins.SelectMany(plugin => plugin.Options).Where(option => !SnakeCase().IsMatch(option.Name)).Select(option => option.Name).ShouldBeEmpty();
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.NonBacktracking)]
    private static partial Regex KebabCase();

    [GeneratedRegex("^[a-z0-9]+(_[a-z0-9]+)*$", RegexOptions.NonBacktracking)]
    private static partial Regex SnakeCase();
}
