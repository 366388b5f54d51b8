using System.Text;

namespace Experiments.Plugins.Mlflow.Tests;

public sealed class MlflowNamesTests
{
    [Theory]
    [InlineData("tokens_per_second", "tokens_per_second")]
    [InlineData("dropped/too_short", "dropped/too_short")]
    [InlineData("steps[0].keep=en,de", "steps_0_.keep_en_de")]
    [InlineData("größe 東京: a-b", "größe 東京: a-b")]
    [InlineData("/a//b/", "a/b")]
    [InlineData("../x", "__/x")]
    [InlineData("a/./b", "a/_/b")]
    [InlineData(".hidden/end.", "_hidden/end_")]
    [InlineData("", "_")]
    [InlineData("///", "_")]
    [InlineData("100%", "100_")]
    public void AKeyIsFittedIntoTheAllowedAlphabet(string name, string key) => MlflowNames.Key(name).ShouldBe(key);

    [Fact]
    public void LongKeysStayDifferentAndFitAFileName()
    {
        var (one, two) = (MlflowNames.Key(new string('東', 300) + "1"), MlflowNames.Key(new string('東', 300) + "2"));

        one.ShouldNotBe(two);
        Encoding.UTF8.GetByteCount(one).ShouldBeLessThanOrEqualTo(240);
    }

    [Fact]
    public void ALongValueEndsWithARemark()
    {
        MlflowNames.Value(new string('x', 6000), 6000).Length.ShouldBe(6000);
        var cut = MlflowNames.Value(new string('x', 6001), 6000);
        cut.Length.ShouldBe(6000);
        cut.ShouldEndWith("... [cut: 6001 characters]");
    }
}
