using System.Globalization;
using System.Text;
using Experiments.Contracts;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Formats;
using Experiments.Plugins.Tokenizers.Splitting;
using Experiments.Plugins.Tokenizers.Tests;
using Experiments.Testing;

namespace Experiments.Benchmarks;

/// <summary>
/// Compares encodings of random strings with the definition: the published expression, translated by
/// <see cref="SplitExpression"/> for .NET's engine, and the merges of each piece, one after another.
/// </summary>
internal static class TokenizerFuzz
{
    private static readonly string[] Names = ["cl100k_base", "o200k_base", "p50k_base", "gpt2"];

    /// <summary>Compares, and prints the first difference of each thread.</summary>
    /// <returns>0 if there is no difference, otherwise 1.</returns>
    public static int Run(int strings, int seed)
    {
        var differences = 0;
        foreach (var name in Names)
        {
            var tokenizer = (BytePairTokenizer)new PublishedTokenizerFormat().Open(name, new GivenPlugins());
            var rules = new PieceRules(tokenizer.Vocabulary);
            var splitter = SequenceSplitter.By(((PublishedSplitter)tokenizer.Vocabulary.Splitter).Pattern.Expression());
            var (done, start) = (0L, TimeProvider.System.GetTimestamp());
            Parallel.For(0, Environment.ProcessorCount, thread =>
            {
                for (var i = thread; i < strings / Names.Length; i += Environment.ProcessorCount)
                {
                    var random = new RandomStream((ulong)seed, name, i);
                    var text = i % 2 == 0 ? RandomText.Basic(ref random) : RandomText.Any(ref random);
                    var expected = new Definition(rules);
                    splitter.Split(Encoding.UTF8.GetBytes(text), ref expected);
                    if (!tokenizer.Encode(text).AsSpan().SequenceEqual(expected.Ids.ToArray()))
                    {
                        Interlocked.Increment(ref differences);
                        Console.WriteLine($"{name}, string {i}: {Convert.ToHexString(Encoding.UTF8.GetBytes(text))}");
                        return;
                    }

                    Interlocked.Increment(ref done);
                }
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {done:N0} strings alike, {TimeProvider.System.GetElapsedTime(start).TotalSeconds:F0} s"));
        }

        Console.WriteLine($"{differences} differences");
        return differences == 0 ? 0 : 1;
    }

    private readonly struct Definition(PieceRules rules) : IPieceSink
    {
        public List<int> Ids { get; } = [];

        public void Add(ReadOnlySpan<byte> text, int start, int end) => Ids.AddRange(rules.Defined(text[start..end]));
    }
}
