using System.Globalization;
using System.Text;
using Experiments.Contracts;
using static TorchSharp.torch;

namespace Experiments.Benchmarks;

/// <summary>
/// Compares the loss of training in bfloat16 and float32: same model, same batches of text bytes, three seeds.
/// </summary>
internal static class PrecisionComparison
{
    private const int Steps = 240;
    private const int Counted = 20;
    private const int Seeds = 3;

    /// <summary>
    /// Prints the mean loss of the last steps for each seed, and the mean difference with its standard error.
    /// </summary>
    public static void Run()
    {
        var text = Encoding.UTF8.GetBytes(BenchmarkText.Read(BenchmarkText.English));
        Console.WriteLine($"\nfloat32 against bfloat16: 4 x 128 on bytes of English, {Steps} steps of 2048 tokens, mean loss of the last {Counted}");
        List<double> differences = [];
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var (single, brain) =
                (Loss(text, ScalarType.Float32, (ulong)seed), Loss(text, ScalarType.BFloat16, (ulong)seed));
            differences.Add(brain - single);
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"  seed {seed}  {single:0.0000}  {brain:0.0000}"));
        }

        var mean = differences.Average();
        var error = Math.Sqrt(
            differences.Sum(difference => (difference - mean) * (difference - mean)) / (Seeds - 1) / Seeds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  bfloat16 - float32: {mean:+0.0000;-0.0000} with a standard error of {error:0.0000}"));
    }

    private static double Loss(byte[] text, ScalarType type, ulong seed)
    {
        var shape = TrainingShape.Reference with { Name = "", Layers = 4, Width = 128, Heads = 4, Context = 128, Vocabulary = 256, Batch = 16 };
        using var training = new OwnTraining(shape, shape.Sized, type, seed, learningRate: 2e-3);
        var sum = 0.0;
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var random = new RandomStream(seed, "batch", step);
            var rows = new long[shape.Batch * (shape.Context + 1)];
            for (var row = 0; row < shape.Batch; row++)
            {
                var start = random.Next(text.Length - shape.Context - 1);
                for (var i = 0; i <= shape.Context; i++)
                {
                    rows[(row * (shape.Context + 1)) + i] = text[start + i];
                }
            }

            var ids = tensor(rows).view(shape.Batch, shape.Context + 1);
            var loss = training.Step(new(ids.narrow(1, 0, shape.Context).contiguous(), ids.narrow(1, 1, shape.Context).contiguous(), null, HasPadding: false));
            sum += step >= Steps - Counted ? loss : 0;
        }

        return sum / Counted;
    }
}
