namespace Experiments.Plugins.Deduplication.Tests;

public sealed class SimplifiedTextTests
{
    [Theory]
    [InlineData("  Hello,\n\tWORLD!! ", "hello world")]
    [InlineData("in 1999 it cost $12.50, now 7", "in 0 it cost 0 now 0")]
    [InlineData("1,000,000", "0 0")]
    [InlineData("Ça déjà-vu Ελλάδα Йод ắ", "ca deja vu ελλαδα иод a")]
    [InlineData("e\u0301", "e")]
    [InlineData("...", "")]
    public void TextIsSimplified(string text, string expected) => SimplifiedText.Of(text).ShouldBe(expected);
}
