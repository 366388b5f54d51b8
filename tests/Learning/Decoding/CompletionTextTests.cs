using System.Text;
using Experiments.Learning.Decoding;

namespace Experiments.Learning.Tests.Decoding;

public class CompletionTextTests
{
    [Theory]
    [InlineData("one two STOP three", "one two ")]
    [InlineData("one STO STOP", "one STO ")]
    [InlineData("STSTOP", "ST")]
    [InlineData("nothing ends it, STO", "nothing ends it, STO")]
    [InlineData("na\u00efve \u20ac \ud83d\ude00STOP", "na\u00efve \u20ac \ud83d\ude00")]
    public void NothingOfAStopTextIsShownHoweverTheBytesAreCut(string text, string shown)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var size in new[] { 1, 2, 3, 7, 100 })
        {
            var pieces = new CompletionText(["STOP", "HALT"], []);
            List<string> all = [];
            foreach (var part in bytes.Chunk(size))
            {
                pieces.Add(part);
                all.Add(pieces.Show(isLast: false));
            }

            pieces.End();
            all.Add(pieces.Show(isLast: true));
            string.Concat(all).ShouldBe(shown);
            pieces.ToString().ShouldBe(shown);
            all.ShouldAllBe(piece => piece.Length == 0 || !char.IsHighSurrogate(piece.Last()));
            (pieces.Stop is not null).ShouldBe(text.Contains("STOP", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void APauseIsToldOnceAndTheTextGoesOn()
    {
        var text = new CompletionText(["STOP"], ["</tool>"]);
        List<string?> pauses = [.. "a</tool>b</tool>".Select(character => text.Add([(byte)character]))];
        pauses.Index().Where(pair => pair.Item is not null).Select(pair => pair.Index).ShouldBe([7, 15]);
        text.Inject("STOP"u8);
        text.Stop.ShouldBeNull("only the model's own words end its text");
        text.ToString().ShouldBe("a</tool>b</tool>STOP");
    }
}
