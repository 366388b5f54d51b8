using System.Globalization;
using System.Text;
using Experiments.Contracts;
using Experiments.Plugins.Tokenizers.Normalization;

namespace Experiments.Plugins.Tokenizers.Tests.Normalization;

public sealed class ComposedFormTests
{
    /// <summary>Lines of Unicode's NormalizationTest.txt.</summary>
    [Theory]
    [InlineData("0065 0301", "00E9")]
    [InlineData("1E0A 0323", "1E0C 0307")]
    [InlineData("0044 0307 0323", "1E0C 0307")]
    [InlineData("1E0C 031B 0307", "1E0C 031B 0307")]
    [InlineData("0061 0315 0300 05AE 0300 0062", "00E0 05AE 0300 0315 0062")]
    [InlineData("0061 0305 0301", "0061 0305 0301")]
    [InlineData("0340", "0300")]
    [InlineData("212B", "00C5")]
    [InlineData("0958", "0915 093C")]
    [InlineData("1100 1161 11A8", "AC01")]
    [InlineData("AC00 11A8", "AC01")]
    [InlineData("AC01 11A8", "AC01 11A8")]
    [InlineData("2F800", "4E3D")]
    [InlineData("0592 05B7 05BC 05A5 05B0 05C0 05C4 05AD", "05B0 05B7 05BC 05A5 0592 05C0 05AD 05C4")]
    [InlineData("11099 110BA", "1109A")]
    public void CharactersAndMarksAreComposed(string text, string composed)
    {
        ComposedForm.Of(Utf8(text)).ShouldBe(Utf8(composed));
        ComposedForm.IsSure(Utf8(text)).ShouldBeFalse();
    }

    [Fact]
    public void WhatIsSureIsLeftAsItIs()
    {
        var random = new RandomStream(1, "sure");
        var sure = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = Encoding.UTF8.GetBytes(RandomText.Any(ref random));
            var composed = ComposedForm.Of(text);
            ComposedForm.Of(composed).ShouldBe(composed);
            if (ComposedForm.IsSure(text))
            {
                sure++;
                composed.ShouldBe(text);
            }
        }

        sure.ShouldBeGreaterThan(5_000);
    }

    [Fact]
    public void BytesThatAreNoCharacterStayAndNothingJoinsOverThem() =>
        ComposedForm.Of([(byte)'e', 0xFF, 0xCC, 0x81, (byte)'e', 0xCC, 0x81, 0xE2]).ShouldBe([(byte)'e', 0xFF, 0xCC, 0x81, 0xC3, 0xA9, 0xE2]);

    [Fact]
    public void ATokenizerThatComposesGivesOneIdsForBoth()
    {
        var tokenizer = new BytePairTokenizer(TestVocabulary.Train("été café été café", 300) with { ComposesCharacters = true });
        tokenizer.Encode("e\u0301te\u0301").ShouldBe(tokenizer.Encode("été"));
        tokenizer.Decode(tokenizer.Encode("e\u0301te\u0301")).ShouldBe("été");
        tokenizer.Encode("<|im_end|>e\u0301", Contracts.Text.SpecialTokenRules.AllowAll)[1..].ShouldBe(tokenizer.Encode("é"));
    }

    private static byte[] Utf8(string codes) =>
        Encoding.UTF8.GetBytes(string.Concat(codes.Split(' ').Select(code => char.ConvertFromUtf32(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))));
}
