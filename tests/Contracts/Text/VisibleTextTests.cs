using Experiments.Contracts.Text;

namespace Experiments.Contracts.Tests.Text;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("a b\tc\nd\re", "a·b→c⏎d␍e")]
    [InlineData("\u200D\u00A0\u0007\u007F", "<U+200D><U+00A0>␇<U+007F>")]
    [InlineData("\u0301x\u0301", "◌\u0301x\u0301")]
    [InlineData("ä日👍", "ä日👍")]
    public void AReaderSeesEveryCharacter(string text, string shown) => VisibleText.Show(text).ShouldBe(shown);

    [Theory]
    [InlineData("a b\t\n\r\\", @"a b\t\n\r\\")]
    [InlineData("\u200D\u0007", @"\u200D\u0007")]
    [InlineData("\U000E0001", @"\U000E0001")]
    public void AScriptGetsOneLineWithEscapes(string text, string escaped) => VisibleText.Escape(text).ShouldBe(escaped);

    [Fact]
    public void BytesThatAreNoCharacterAreHexadecimal()
    {
        VisibleText.Show([0x20, 0xE2, 0x98, 0xC3, 0xA4]).ShouldBe(@"·\xE2\x98ä");
        VisibleText.Hex([0x0A, 0xFF]).ShouldBe("0A FF");
    }
}
