using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Experiments.Plugins.Tokenizers.Tests;

public sealed class PublishedTokenizerStageTests
{
    [Theory]
    [InlineData(typeof(PublishedTokenizerOptions), nameof(PublishedTokenizerOptions.Name))]
    [InlineData(typeof(TokenizerReportOptions), nameof(TokenizerReportOptions.Baselines))]
    public void AnOptionTakesAllPublishedNamesAndNoOther(Type options, string property) =>
        options.GetProperty(property)!.GetCustomAttribute<AllowedValuesAttribute>()!.Values.ShouldBe(RankEncoding.Published.Keys, ignoreOrder: true);
}
