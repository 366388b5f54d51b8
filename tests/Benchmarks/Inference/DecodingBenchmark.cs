using System.Globalization;
using System.Runtime.Intrinsics;
using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Processors;
using Experiments.Plugins.Models;
using TorchSharp;

using static TorchSharp.torch;

namespace Experiments.Benchmarks;

/// <summary>
/// Measures tokens per second of greedy decoding, compared with plain libtorch and with the time it takes to read the
/// weights. The model has 6 layers of width 384 and a vocabulary of 8192; the prompt has 32 tokens, followed by 200 new
/// ones.
/// </summary>
internal static class DecodingBenchmark
{
    private const int Vocabulary = 8192;
    private const int Prompt = 32;
    private const int NewTokens = 200;
    private const int Recomputed = 20;
    private const int Rows = 32;
    private const int Readings = 50;

    /// <summary>Measures both number types. The variants take turns; the best time of each counts.</summary>
    /// <param name="times">Number of rounds. The first includes compilation.</param>
    public static void Run(int times)
    {
        TorchRuntime.Start(Environment.ProcessorCount, seed: 1);
        foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
        {
            using var model = new GptArchitecture(new() { Layers = 6, Width = 384, Heads = 6, Context = 256 })
                .Build(Vocabulary, seed: 1);
            model.to(type);
            using var _ = no_grad();
            (string Name, int Tokens, Action Run)[] ways =
            [
                ("libtorch, recomputing all", Recomputed, () => Recompute(model)),
                ("libtorch, cache by cat", NewTokens, () => new CatDecoder(model).Decode(Prompt, NewTokens)),
                ("ours, single stream", NewTokens, () => Decode(model, 1)),
                ("ours, batch of 32", Rows * NewTokens, () => Decode(model, Rows)),
            ];
            var best = ways.Select(_ => double.PositiveInfinity).ToArray();
            var floor = double.PositiveInfinity;
            for (var time = 0; time < times; time++)
            {
                for (var way = 0; way < ways.Length; way++)
                {
                    best[way] = Math.Min(best[way], Seconds(ways[way].Run) / ways[way].Tokens);
                }

                for (var reading = 0; reading < Readings; reading++)
                {
                    floor = Math.Min(floor, Seconds(() => Stream(model)));
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{type}, {TorchThreads.Count} threads:"));
            foreach (var ((name, _, _), seconds) in ways.Zip(best))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {1 / seconds:N0} tokens/s"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  reading the weights: {floor * 1e6:F0} us, at most {1 / floor:N0} tokens/s; a single stream reaches {floor / best[2]:P0} of it (goal: 80 %)"));
        }
    }

    private static double Seconds(Action run)
    {
        var start = TimeProvider.System.GetTimestamp();
        run();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static void Decode(LanguageModel model, int rows)
    {
        int[][] prompts = [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(row, Prompt).ToArray())];
        new Decoder(model)
            .Complete(prompts, new() { Temperature = 0, MaximumTokens = NewTokens }, stopToken: -1, seed: 1);
    }

    private static void Recompute(LanguageModel model)
    {
        List<long> ids = [.. Enumerable.Range(0, Prompt)];
        for (var i = 0; i < Recomputed; i++)
        {
            using var scope = NewDisposeScope();
            var states = model.States(tensor(ids).unsqueeze(0));
            ids.Add(model.Logits(states.narrow(1, ids.Count - 1, 1)).flatten().argmax().item<long>());
        }
    }

    /// <summary>Reads all matrices once on all threads, as fast as the memory allows.</summary>
    private static unsafe void Stream(LanguageModel model)
    {
        foreach (var parameter in model.parameters().Where(parameter => parameter.shape.Length > 1))
        {
            fixed (byte* address = parameter.bytes)
            {
                var (first, sums) = ((nint)address, new ulong[TorchThreads.Count * 8]);
                TorchThreads.ForRange(
                    parameter.bytes.Length / 512, 1,
                    (start, end) => sums[0] |= Sum((byte*)first + (512L * start), end - start));
                GC.KeepAlive(sums);
            }
        }
    }

    private static unsafe ulong Sum(byte* at, int blocks)
    {
        Vector512<ulong> a = default, b = default, c = default, d = default;
        for (var block = 0; block < blocks; block++, at += 512)
        {
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(at + 4096);
            a ^= Vector512.Load((ulong*)at) ^ Vector512.Load((ulong*)(at + 64));
            b ^= Vector512.Load((ulong*)(at + 128)) ^ Vector512.Load((ulong*)(at + 192));
            c ^= Vector512.Load((ulong*)(at + 256)) ^ Vector512.Load((ulong*)(at + 320));
            d ^= Vector512.Load((ulong*)(at + 384)) ^ Vector512.Load((ulong*)(at + 448));
        }

        return Vector512.Sum(a ^ b ^ c ^ d);
    }
}
