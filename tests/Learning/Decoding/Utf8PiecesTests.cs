using System.Text;
using Experiments.Learning.Decoding;

namespace Experiments.Learning.Tests.Decoding;

public sealed class Utf8PiecesTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("naïve €5 日本 😀👩‍👩‍👧")]
    public void PiecesOfSingleBytesAddUpAndNeverSplitACharacter(string text)
    {
        var pieces = new Utf8Pieces();

        List<string> shown = [.. Encoding.UTF8.GetBytes(text).Select(value => pieces.Add([value])), pieces.End()];

        string.Concat(shown).ShouldBe(text);
        shown.Count(piece => piece.Contains('\uFFFD') || piece.Any(char.IsSurrogate) && piece.Length % 2 == 1).ShouldBe(0);
    }

    [Fact]
    public void ACharacterThatNeverBecomesCompleteIsShownAsBroken()
    {
        var pieces = new Utf8Pieces();

        pieces.Add([0xF0, 0x9F]).ShouldBe("");
        pieces.End().ShouldBe("\uFFFD");
    }
}
