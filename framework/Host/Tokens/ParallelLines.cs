using System.Buffers;

namespace Experiments.Host.Tokens;

/// <summary>Converts a line, without its line end, into output.</summary>
/// <exception cref="InvalidDataException">The line is malformed; the message says how.</exception>
public delegate void LineConversion(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> output);

/// <summary>Converts lines on several threads, while they arrive. The output keeps their order.</summary>
/// <param name="source">The name of the input for messages.</param>
/// <param name="threads">Number of threads, at least 1.</param>
public sealed class ParallelLines(string source, int threads)
{
    private const int BlockBytes = 1 << 22;
    private const int SharesPerThread = 4;

    /// <summary>Reads to the end.</summary>
    /// <exception cref="InvalidDataException">A line is malformed. The message has its number. The output of the lines
    /// before it was written.</exception>
    public void Convert(Stream input, Stream output, LineConversion conversion)
    {
        var line = 1L;
        foreach (var block in Blocks(input))
        {
            var shares = Shares(block);
            Parallel.ForEach(shares, new ParallelOptions { MaxDegreeOfParallelism = threads }, share => share.Convert(conversion));
            foreach (var share in shares)
            {
                output.Write(share.Output.WrittenSpan);
                line += share.Lines;
                if (share.Problem is { } problem)
                {
                    output.Flush();
                    throw new InvalidDataException($"{source}({line}): {problem.Message}", problem);
                }
            }

            output.Flush();
        }
    }

    /// <summary>
    /// Blocks of whole lines, as they arrive. The next block overwrites the memory of the previous one.
    /// </summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Blocks(Stream input)
    {
        var buffer = new byte[BlockBytes];
        var (filled, isStart) = (0, true);
        while (input.Read(buffer, filled, buffer.Length - filled) is var read and > 0)
        {
            var end = buffer.AsSpan(filled, read).LastIndexOf((byte)'\n') is var place and >= 0 ? filled + place + 1 : 0;
            filled += read;
            if (end > 0)
            {
                yield return WithoutMark(buffer.AsMemory(0, end));
                buffer.AsSpan(end, filled - end).CopyTo(buffer);
                (filled, isStart) = (filled - end, false);
            }
            else if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        if (filled > 0)
        {
            yield return WithoutMark(buffer.AsMemory(0, filled));
        }

        ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> block) => isStart && block.Span.StartsWith("\uFEFF"u8) ? block[3..] : block;
    }

    private IReadOnlyList<Share> Shares(ReadOnlyMemory<byte> block)
    {
        List<Share> shares = [];
        var size = Math.Max(1, block.Length / (threads * SharesPerThread));
        while (!block.IsEmpty)
        {
            var end = block.Length <= size ? block.Length
                : block.Span[(size - 1)..].IndexOf((byte)'\n') is var place and >= 0 ? size + place
                : block.Length;
            shares.Add(new(block[..end]));
            block = block[end..];
        }

        return shares;
    }

    /// <summary>The lines that one thread converts at a time.</summary>
    private sealed class Share(ReadOnlyMemory<byte> text)
    {
        public ArrayBufferWriter<byte> Output { get; } = new();

        /// <summary>Number of converted lines.</summary>
        public long Lines { get; private set; }

        /// <summary>What is wrong with the line after those; null when nothing is.</summary>
        public InvalidDataException? Problem { get; private set; }

        public void Convert(LineConversion conversion)
        {
            for (var rest = text.Span; !rest.IsEmpty && Problem is null;)
            {
                var end = rest.IndexOf((byte)'\n');
                var line = end < 0 ? rest : rest[..end];
                rest = end < 0 ? [] : rest[(end + 1)..];
                try
                {
                    conversion(line, Output);
                    Lines++;
                }
                catch (InvalidDataException problem)
                {
                    Problem = problem;
                }
            }
        }
    }
}
