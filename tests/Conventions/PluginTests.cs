using System.Text.RegularExpressions;
using Experiments.Engine.Code;
using Experiments.Engine.Plugins;

namespace Experiments.Conventions.Tests;

public sealed partial class PluginTests
{
    private static readonly PluginCatalog Catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);

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

    [Fact]
    public void TheCodeOfEveryPluginHasADigestOfItsOwn()
    {
        var digest = new CodeDigest();
        Catalog.Plugins.Select(plugin => digest.Of(plugin).Digest).Distinct().Count().ShouldBe(Catalog.Plugins.Count());
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
