using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters.Tests;

public sealed class QualityFilterTests
{
    private const string Prose = "We have to be with the people that live in the old town, and of all the things that they said this was the best. ";

    [Theory]
    [InlineData("We were all here.\n", 4, "", "dup_line_frac")]
    [InlineData("We were all here.\n\n", 4, "", "dup_para_frac")]
    [InlineData("one two, one two, one two", 1, "", "top_2_gram")]
    [InlineData(Prose, 2, "", "duplicated_5_n_grams")]
    public void RepetitionIsDroppedWithItsReason(string text, int times, string tail, string reason) =>
        Reason(new GopherRepetitionFilter(new()), string.Concat(Enumerable.Repeat(text, times)) + tail).ShouldBe(reason);

    [Fact]
    public void LongRepeatedLinesAreDroppedByTheirCharacters()
    {
        var longLine = new string('x', 40) + ".";
        Reason(new GopherRepetitionFilter(new()), $"One line.\nAnother one.\nA third line.\n{longLine}\n{longLine}\n").ShouldBe("dup_line_char_frac");
        Reason(new GopherRepetitionFilter(new()), $"One line.\n\nAnother one.\n\nA third line.\n\nA fourth.\n\n{longLine}\n\n{longLine}").ShouldBe("dup_para_char_frac");
    }

    [Fact]
    public void LineEndsOfWindowsAreNoRepetition()
    {
        string[] lines = ["The river bends here.", "A mill stood below it.", "Nobody grinds corn now.", "Birds nest under its roof.", "Children swim in summer.", "Ice holds them in winter."];
        Reason(new GopherRepetitionFilter(new()), string.Join("\n\n", lines)).ShouldBeNull();
        Reason(new GopherRepetitionFilter(new()), string.Join("\r\n\r\n", lines)).ShouldBeNull();
    }

    [Theory]
    [InlineData("Too small...", 1, "gopher_short_doc")]
    [InlineData("word ", 1001, "gopher_long_doc")]
    [InlineData("I am ", 20, "gopher_below_avg_threshold")]
    [InlineData("interconnection ", 20, "gopher_above_avg_threshold")]
    [InlineData("# comment ", 20, "gopher_too_many_hashes")]
    [InlineData("... comment ", 20, "gopher_too_many_ellipsis")]
    [InlineData("- point of the list and more\n", 20, "gopher_too_many_bullets")]
    [InlineData("this goes on with no end to it of all that is being…\n", 20, "gopher_too_many_end_ellipsis")]
    [InlineData("./!*?<><> apple orange interconnection ", 20, "gopher_below_alpha_threshold")]
    [InlineData("apple orange banana ", 20, "gopher_enough_stop_words")]
    [InlineData(Prose, 10, null)]
    public void PoorTextIsDroppedWithItsReason(string text, int times, string? reason) =>
        Reason(new GopherQualityFilter(new() { MinWords = 10, MaxWords = 1000 }), string.Concat(Enumerable.Repeat(text, times))).ShouldBe(reason);

    [Fact]
    public void C4RewritesAndDrops()
    {
        var filter = new C4QualityFilter(new());
        var lines = $"Two words\n  A line with citations.[12][edit] It has two sentences. \nPlease enable JavaScript to see this.\nSee our privacy policy for more.\n{new string('x', 1001)} is too long\nMr. Smith lives here. So do I! Do you? Yes.";
        filter.Apply(new Document("1", lines)).Document!.Text.ShouldBe("A line with citations. It has two sentences.\nMr. Smith lives here. So do I! Do you? Yes.");
        Reason(filter, "There are only. Four sentences. In this text. And no more.").ShouldBe("too_few_sentences");
        Reason(filter, "function of x { return x }").ShouldBe("curly_bracket");
        Reason(filter, "Here is Lorem Ipsum dolor.").ShouldBe("lorem_ipsum");
        Reason(new C4QualityFilter(new() { RequireTerminalPunctuation = true }), "Five. Sentences. But. No. End").ShouldBe("too_few_sentences");
    }

    [Fact]
    public void FineWebDropsListsAndRepeatedLines()
    {
        var filter = new FineWebQualityFilter(new());
        Reason(filter, " \n ").ShouldBe("empty");
        Reason(filter, string.Join('\n', Enumerable.Range(0, 20).Select(i => $"a line of some length that does not come to an end {i}"))).ShouldBe("line_punct_ratio");
        Reason(filter, string.Join('\n', Enumerable.Range(0, 20).Select(i => $"short {i}."))).ShouldBe("short_line_ratio");
        Reason(filter, Prose.Trim() + "\n" + Prose.Trim() + "\nThe end of it is this line.").ShouldBe("char_dup_ratio");
        Reason(filter, string.Join('\n', Enumerable.Range(0, 20).Select(i => $"averyverylongwordwithoutanyspaces{i}."))).ShouldBe("list_ratio");
        Reason(filter, "這是一個很長的句子，它有足夠多的字，所以它不算是一個很短的行，也不算是一個列表的一個行。").ShouldBeNull();
        Reason(filter, Prose.Trim()).ShouldBeNull();
    }

    [Theory]
    [InlineData("Don't stop-and-go, \"he said\"...", "Do|n't|stop|-|and|-|go|,|\"|he|said|\"|...")]
    [InlineData("The U.S. has 1,000.5 at http://a.b/c-d.", "The|U.S.|has|1,000.5|at|http://a.b/c-d|.")]
    [InlineData("we’re   here", "we|’re|here")]
    [InlineData("either/or 50%", "either|/|or|50|%")]
    [InlineData("", "")]
    public void WordsAreSplit(string text, string words) => string.Join('|', Words.Split(text).Select(range => text[range])).ShouldBe(words);

    [Fact]
    public void EveryCharacterThatIsNoSpaceIsInExactlyOneWord()
    {
        const string text = "“Hm—🙂,” (she'd) said; a.b..c -- 'twas x-: U.K., e.g. #1 @home!?";
        string.Concat(Words.Split(text).Select(range => text[range])).ShouldBe(text.Replace(" ", "", StringComparison.Ordinal));
    }

    private static string? Reason(IDocumentFilter filter, string text) => filter.Apply(new Document("1", text)).Reason;
}
