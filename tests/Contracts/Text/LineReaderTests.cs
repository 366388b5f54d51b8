using Experiments.Contracts.Text;

namespace Experiments.Contracts.Tests.Text;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a")]
    [InlineData("a\nb")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("a\rb\n\rc\r\n\n")]
    [InlineData("\r\n\r\n")]
    public void LinesAreThoseOfDotNet(string text) => Lines(text, 100).ShouldBe(Expected(text));

    [Fact]
    public void LinesOfAnyLengthAreThoseOfDotNet()
    {
        string[] ends = ["\n", "\r", "\r\n", "", "\n\n"];
        var random = new RandomStream(1, "lines");
        var text = string.Concat(Enumerable.Range(0, 400).Select(_ => new string('x', random.Next(700)) + ends[random.Next(ends.Length)]));
        text.Length.ShouldBeGreaterThan(1 << 16);

        Lines(text, int.MaxValue).ShouldBe(Expected(text));
    }

    [Fact]
    public void ALineThatIsTooLongIsEmptyAndTheNextAreRead()
    {
        var reader = new LineReader(new StringReader("12345\n123456\r\n12345\n1234567"), 5);

        Line(reader).ShouldBe((1, "12345", false));
        Line(reader).ShouldBe((2, "", true));
        Line(reader).ShouldBe((3, "12345", false));
        Line(reader).ShouldBe((4, "", true));
        reader.Next().ShouldBeNull();
    }

    [Fact]
    public void ALineLargerThanMemoryNeedsNoMemory()
    {
        var reader = new LineReader(new Repeated('a', 1L << 33, "\nnext"), 1 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Line(reader).ShouldBe((1, "", true));
        Line(reader).ShouldBe((2, "next", false));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8 << 20);
    }

    private static (int Number, string? Text, bool WasTooLong) Line(LineReader reader)
    {
        var text = reader.Next();
        return (reader.Number, text, reader.WasTooLong);
    }

    private static List<string> Lines(string text, int longest)
    {
        var reader = new LineReader(new StringReader(text), longest);
        List<string> lines = [];
        while (reader.Next() is { } line)
        {
            lines.Add(line);
            reader.Number.ShouldBe(lines.Count);
        }

        return lines;
    }

    private static List<string> Expected(string text)
    {
        using var reader = new StringReader(text);
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>One character many times, then an end.</summary>
    private sealed class Repeated(char letter, long count, string end) : TextReader
    {
        private readonly StringReader _end = new(end);
        private long _left = count;

        public override int Read(char[] buffer, int index, int count)
        {
            if (_left == 0)
            {
                return _end.Read(buffer, index, count);
            }

            var length = (int)Math.Min(count, _left);
            buffer.AsSpan(index, length).Fill(letter);
            _left -= length;
            return length;
        }
    }
}
