using Experiments.Host.Display;

namespace Experiments.Host.Tests.Display;

public sealed class DisarmedWriterTests
{
    [Theory]
    [InlineData("plain, \ttabs,\nlines and \u00FCml\u00E4uts \U0001F600\n", "plain, \ttabs,\nlines and \u00FCml\u00E4uts \U0001F600\n")]
    [InlineData("\u001B[31mred\u001B[0m", "\u241B[31mred\u241B[0m")]
    [InlineData("\u001B]0;title\u0007", "\u241B]0;title\u2407")]
    [InlineData("\u009B31m", "<U+009B>31m")]
    [InlineData("over\rwritten\r\n", "over\u240Dwritten\n")]
    [InlineData("back\b\u007F", "back\u2408\u2421")]
    [InlineData("exe.\u202Egpj", "exe.<U+202E>gpj")]
    public void WhatATerminalWouldObeyIsShown(string text, string shown)
    {
        using var written = new StringWriter();
        using var writer = new DisarmedWriter(written);
        writer.Write(text);
        writer.Write(text.ToCharArray());
        writer.WriteLine(text);
        writer.Write("{0}", text);

        written.ToString().Replace("\u240D\n", "\n", StringComparison.Ordinal).ShouldBe($"{shown}{shown}{shown}\n{shown}");
    }
}
