using System.Diagnostics;
using System.Globalization;
using Experiments.Learning.Processors;
using static TorchSharp.torch;

namespace Experiments.Benchmarks;

/// <summary>
/// Compares training steps with plain TorchSharp and the processor's peak. All variants run in one process and take
/// turns; the best time of each counts.
/// </summary>
internal static class TrainingSpeed
{
    private const int Rounds = 6;
    private const int WarmRounds = 3; // faults in memory and compiles kernels

    /// <summary>Measures and prints the ratios.</summary>
    public static void Run()
    {
        TorchRuntime.Start(threads: Environment.ProcessorCount, seed: 1);
        var peak = Peak(ScalarType.BFloat16);
        Console.WriteLine(Text($"threads {Environment.ProcessorCount}; product peak {peak:0} GFLOP/s in bfloat16, {Peak(ScalarType.Float32):0} in float32 (oneDNN)"));
        Compare(TrainingShape.Reference, peak);
        Compare(TrainingShape.Gpt2, peak);
        Architectures(TrainingShape.Reference, peak);
        TrainingCosts.Run();
        PrecisionComparison.Run();
    }

    private static void Compare(TrainingShape shape, double peak)
    {
        Console.WriteLine($"\n{shape.Name}");
        using var plain = new PlainTraining(shape);
        using var single = new OwnTraining(shape, shape.Sized, ScalarType.Float32);
        using var brain = new OwnTraining(shape, shape.Sized, ScalarType.BFloat16);
        var operations = single.OperationsPerToken(shape.Context);
        var seconds = Best(shape, Plain(plain), ("float32", single.Step), ("bfloat16", brain.Step));
        foreach (var (name, time) in seconds)
        {
            var speed = shape.Tokens / time;
            Console.WriteLine(Text($"  {name,-22} {speed,8:0} tokens/s  {speed * operations / 1e9,6:0} GFLOP/s  {speed * operations / 1e9 / peak,6:0.0%} of the peak  {seconds[0].Seconds / time,5:0.00} x plain"));
        }
    }

    /// <summary>
    /// The baseline runs with libtorch's defaults: MKL computes the products, which suits its fused attention.
    /// </summary>
    private static (string, Func<double>) Plain(PlainTraining plain) => ("plain TorchSharp", () =>
    {
        TorchRuntime.RouteProducts(toOneDnn: false);
        var loss = plain.Step();
        TorchRuntime.RouteProducts(toOneDnn: true);
        return loss;
    });

    private static void Architectures(TrainingShape shape, double peak)
    {
        Console.WriteLine($"\narchitectures, bfloat16, {shape.Name}");
        List<(string Name, OwnTraining Training)> variants = [.. TrainingVariants.All.Select(pair => (pair.Name, new OwnTraining(shape, pair.Change(shape.Sized), ScalarType.BFloat16)))];
        var seconds = Best(shape, [.. variants.Select(pair => (pair.Name, (Func<double>)pair.Training.Step))]);
        double[] rates = [.. seconds.Zip(variants, (pair, variant) => shape.Tokens / pair.Seconds * variant.Training.OperationsPerToken(shape.Context) / 1e9)];
        foreach (var ((name, time), rate) in seconds.Zip(rates))
        {
            Console.WriteLine(Text($"  {name,-34} {shape.Tokens / time,8:0} tokens/s  {rate,6:0} GFLOP/s  {rate / peak,6:0.0%} of the peak  {rate / rates[0],5:0.00} of the first per FLOP"));
        }

        variants.ForEach(variant => variant.Training.Dispose());
    }

    /// <summary>The best time of a step for each variant, in seconds. The variants take turns.</summary>
    private static List<(string Name, double Seconds)> Best(
        TrainingShape shape, params (string Name, Func<double> Step)[] variants)
    {
        var best = new double[variants.Length];
        Array.Fill(best, double.PositiveInfinity);
        for (var round = 0; round < WarmRounds + Rounds; round++)
        {
            for (var i = 0; i < variants.Length; i++)
            {
                for (var again = 0; again < (shape.Tokens < 1000 ? 3 : 2); again++)
                {
                    var watch = Stopwatch.StartNew();
                    variants[i].Step();
                    best[i] = round < WarmRounds ? best[i] : Math.Min(best[i], watch.Elapsed.TotalSeconds);
                }
            }
        }

        return [.. variants.Select((variant, i) => (variant.Name, best[i]))];
    }

    /// <summary>The speed of the fastest matrix product with the reference model's shapes. Unit: GFLOP/s.</summary>
    private static double Peak(ScalarType type)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var best = 0.0;
        foreach (var (rows, inner, columns) in new[] { (4096, 384, 1152), (4096, 384, 1536), (4096, 128, 512) })
        {
            var (x, w) = (randn(rows, inner).to(type), randn(columns, inner).to(type));
            for (var i = 0; i < 30; i++)
            {
                var watch = Stopwatch.StartNew();
                nn.functional.linear(x, w).Dispose();
                best = Math.Max(best, 2.0 * rows * inner * columns / watch.Elapsed.TotalSeconds / 1e9);
            }
        }

        return best;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
