using System.Buffers;
using System.Text;
using Experiments.Host.Tokens;

namespace Experiments.Host.Tests.Tokens;

public sealed class ParallelLinesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(4, 1 << 20)]
    public void LinesComeOutInOrderHoweverTheyComeIn(int threads, int step)
    {
        var lines = Enumerable.Range(0, 5000).Select(i => new string('x', i % 50) + i).ToList();
        Convert(string.Join('\n', lines), threads, step).ShouldBe(string.Concat(lines.Select(line => $"[{line}]\n")));
    }

    [Fact]
    public void ALineLongerThanTheBufferIsOneLine()
    {
        var line = new string('y', 9 << 20);
        Convert($"{line}\nz\n", 2, 1 << 16).ShouldBe($"[{line}]\n[z]\n");
    }

    [Fact]
    public void AnEmptyLineIsALineAndTheLastLineEndIsNone() => Convert("a\n\nb\n", 2, 3).ShouldBe("[a]\n[]\n[b]\n");

    [Fact]
    public void AByteOrderMarkIsNoText() => Convert("\uFEFFa\n\uFEFFb\n", 2, 64).ShouldBe("[a]\n[\uFEFFb]\n");

    [Fact]
    public void NoInputIsNoOutput() => Convert("", 2, 8).ShouldBe("");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WhatCameBeforeAMalformedLineIsWrittenAndTheLineIsNamed(int threads)
    {
        using var output = new MemoryStream();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 1000).Select(i => i is 700 or 900 ? "bad\n" : $"{i}\n"))));
        Should.Throw<InvalidDataException>(() => new ParallelLines("some.jsonl", threads).Convert(input, output, Bracket)).Message.ShouldBe("some.jsonl(700): it is bad");
        Encoding.UTF8.GetString(output.ToArray()).ShouldBe(string.Concat(Enumerable.Range(1, 699).Select(i => $"[{i}]\n")));
    }

    [Fact]
    public void WhatIsThereIsAnsweredBeforeMoreIsAskedFor()
    {
        using var output = new MemoryStream();
        using var input = new SteppingStream(Encoding.UTF8.GetBytes("a\nb\n"), 2) { BeforeRead = at => output.Length.ShouldBe(at * 2) };
        new ParallelLines("in", 2).Convert(input, output, Bracket);
        output.Length.ShouldBe(8);
    }

    private static string Convert(string text, int threads, int step)
    {
        using var output = new MemoryStream();
        using var input = new SteppingStream(Encoding.UTF8.GetBytes(text), step);
        new ParallelLines("in", threads).Convert(input, output, Bracket);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static void Bracket(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> output)
    {
        if (line.SequenceEqual("bad"u8))
        {
            throw new InvalidDataException("it is bad");
        }

        output.Write("["u8);
        output.Write(line);
        output.Write("]\n"u8);
    }

    /// <summary>Returns a few bytes at a time, like a pipe.</summary>
    private sealed class SteppingStream(byte[] content, int step) : MemoryStream(content)
    {
        public Action<long> BeforeRead { get; init; } = _ => { };

        public override int Read(byte[] buffer, int offset, int count)
        {
            BeforeRead(Position);
            return base.Read(buffer, offset, Math.Min(step, count));
        }
    }
}
