using System.Diagnostics;
using System.Globalization;
using Experiments.Contracts.Artifacts;
using Experiments.Learning.Data;

using static TorchSharp.torch;

namespace Experiments.Benchmarks;

/// <summary>Measures the costs around a step: reading data, saving checkpoints, memory over many steps.</summary>
internal static class TrainingCosts
{
    private const int ManySteps = 10_000;
    private const double SecondsBetweenCheckpoints = 60;

    /// <summary>Prints them as shares of a step or of a minute, for the reference model.</summary>
    public static void Run()
    {
        var shape = TrainingShape.Reference;
        using var training = new OwnTraining(shape, shape.Sized, ScalarType.BFloat16);
        var step = Seconds(5, () => training.Step());
        var folder = Directory.CreateTempSubdirectory("lab-benchmark-").FullName;
        try
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"\ncompared with a step of {step * 1000:0} ms"));
            Share("reading the batch", Reading(folder, shape), step, "of a step");
            Share("saving a checkpoint", Seconds(3, () => training.Save(Path.Combine(folder, Path.GetRandomFileName()))), SecondsBetweenCheckpoints, "of a minute between checkpoints");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Memory();
    }

    private static void Share(string name, double seconds, double whole, string of) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-22} {seconds * 1000,8:0.00} ms  {seconds / whole,7:0.00%} {of}"));

    private static double Reading(string folder, TrainingShape shape)
    {
        using (var writer = new TokenShardWriter(Path.Combine(folder, TokenShards.FileName(TokenShards.Train, 0)), shape.Vocabulary))
        {
            for (var document = 0; document < 1000; document++)
            {
                writer.Write([.. Enumerable.Range(0, 1000).Select(i => (i * 31 + document) % shape.Vocabulary)], 4000);
            }
        }

        using var windows = new TokenWindows(new TokenShards(folder), TokenShards.Train, shape.Context);
        var row = 0;
        return Seconds(50, () =>
        {
            using var scope = NewDisposeScope();
            windows.Read([.. Enumerable.Range(0, shape.Batch).Select(_ => row = (row + 997) % windows.Count)]);
        });
    }

    private static void Memory()
    {
        var shape = TrainingShape.Reference with { Name = "", Layers = 2, Width = 64, Heads = 2, Context = 32, Vocabulary = 256, Batch = 4 };
        using var training = new OwnTraining(shape, shape.Sized, ScalarType.BFloat16);
        using var process = Process.GetCurrentProcess();
        var before = 0.0;
        for (var step = 1; step <= ManySteps; step++)
        {
            training.Step();
            if (step == ManySteps / 10)
            {
                before = Resident();
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  memory                 {before:0} MB after {ManySteps / 10:N0} steps of a small model, {Resident():0} MB after {ManySteps:N0}"));

        double Resident()
        {
            process.Refresh();
            return process.WorkingSet64 / 1e6;
        }
    }

    private static double Seconds(int times, Action action)
    {
        action();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < times; i++)
        {
            action();
        }

        return watch.Elapsed.TotalSeconds / times;
    }
}
