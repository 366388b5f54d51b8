using System.Diagnostics;
using System.Runtime.InteropServices;
using Experiments.Contracts;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using Experiments.Learning.Processors;
using TorchSharp;

using static TorchSharp.torch;

namespace Experiments.Plugins.Torch;

/// <summary>Measures a model's work on this machine, in about ten seconds: its products, memory, and steps of the model itself where they are short enough.</summary>
/// <param name="request">The work.</param>
/// <param name="plugins">Makes the architecture.</param>
/// <param name="time">The clock.</param>
internal sealed partial class MachineCalibration(CalibrationRequest request, IPluginSource plugins, TimeProvider time)
{
    private const int ArrayLength = 1 << 25;
    private const int SampledSequences = 32;
    private const int SampledTokens = 16;
    private const double SecondsPerWeight = 60e-9; // to draw it
    private static readonly TimeSpan ProductTime = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(4);

    private ScalarType Type => request.Training.IsBfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>Measures.</summary>
    public Calibration Measure()
    {
        TorchRuntime.Start(request.Threads, 1);
        var basis = new Calibration { Products = [.. request.Model.Products.Select(product => (product.In, product.Out)).Distinct().Select(Product)], MemoryBytesPerSecond = Memory() };
        return SequencesThatFit(basis) is { } sequences ? Steps(basis, sequences) : basis;
    }

    private ProductSpeed Product((int In, int Out) shape)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var rows = Math.Min(4096, request.Training.SequencesAtOnce * request.Training.SequenceLength);
        var (states, weights) = (rand(rows, shape.In).to(Type), rand(shape.Out, shape.In).to(Type));
        return new(shape.In, shape.Out, 2.0 * rows * shape.In * shape.Out / Seconds(ProductTime, () => nn.functional.linear(states, weights).Dispose()));
    }

    private double Memory()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (sum, term) = (zeros(ArrayLength), ones(ArrayLength));
        return 3.0 * sizeof(float) * ArrayLength / Seconds(ProductTime, () => sum.add_(term)); // reads two, writes one
    }

    /// <summary>As many sequences as the training has at once, or fewer, so that the steps take a few seconds and fit into memory; null when one does not.</summary>
    private int? SequencesThatFit(Calibration basis)
    {
        var build = SecondsPerWeight * request.Model.Parameters;
        for (var sequences = request.Training.SequencesAtOnce; sequences > 0; sequences /= 2)
        {
            var training = request.Training with { SequencesAtOnce = sequences, TokensPerStep = (long)sequences * request.Training.SequenceLength, Device = "cpu" };
            var estimate = new TrainingEstimate(request.Model, training, basis, CheckpointsKept: 0);
            if (build + (2 * training.TokensPerStep / estimate.TokensPerSecond) < StepTime.TotalSeconds && estimate.Memory.Peak < request.MemoryBytes)
            {
                return sequences;
            }
        }

        return null;
    }

    private Calibration Steps(Calibration basis, int sequences)
    {
        using var model = plugins.Create<IModelArchitecture>(request.Architecture).Build(request.Model.VocabularySize, 1);
        model.to(Type);
        var (length, tokens) = (request.Training.SequenceLength, (double)sequences * request.Training.SequenceLength);
        using var ids = randint(0, request.Model.VocabularySize, [sequences, length + 1], dtype: ScalarType.Int64);
        var kept = MemoryOf(() => Step(model, ids)) is { } bytes ? (bytes - ((request.Training.IsBfloat16 ? 2.0 : sizeof(float)) * request.Model.Parameters)) / tokens : 0;
        return basis with
        {
            SequencesAtOnce = sequences,
            TrainedTokensPerSecond = tokens / Seconds(StepTime, () => Step(model, ids)),
            ReadTokensPerSecond = tokens / Seconds(StepTime / 4, () => Read(model, ids)),
            SampledTokensPerSecond = request.Training.TokensSampled > 0 ? Sampled(model) : null,
            KeptBytesPerToken = kept > 0 ? kept : null,
        };
    }

    /// <summary>By how much an action raises the process's memory at its peak, in bytes; null where the kernel is not Linux.</summary>
    private static double? MemoryOf(Action action)
    {
        if (!OperatingSystem.IsLinux())
        {
            action();
            return null;
        }

        _ = malloc_trim(0); // what was freed before must not serve the action unseen
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak begins anew
        var before = Process.GetCurrentProcess().WorkingSet64;
        action();
        return Process.GetCurrentProcess().PeakWorkingSet64 - before;
    }

    private void Step(LanguageModel model, Tensor ids)
    {
        using var scope = NewDisposeScope();
        Loss(model, ids).backward();
    }

    private void Read(LanguageModel model, Tensor ids)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Loss(model, ids);
    }

    private Tensor Loss(LanguageModel model, Tensor ids)
    {
        var length = request.Training.SequenceLength;
        var states = model.States(ids.narrow(1, 0, length).contiguous()); // [sequences, length, width]
        return TokenLoss.Sum(model, states.flatten(0, 1), ids.narrow(1, 1, length).reshape(-1));
    }

    private double Sampled(LanguageModel model)
    {
        var tokens = Math.Min(SampledTokens, model.ContextLength - 2);
        int[][] prompts = [.. Enumerable.Range(0, SampledSequences).Select(i => new[] { i % model.VocabularySize })];
        var options = new SamplingOptions { MaximumTokens = tokens };
        return (double)SampledSequences * tokens / Seconds(StepTime / 4, () => new Decoder(model).Complete(prompts, options, stopToken: -1, seed: 1));
    }

    /// <summary>Does something once, then as often as it goes into a time, at least once, and gives the lower quartile of what it took: other work on the machine does not count as long as it leaves room at times.</summary>
    private double Seconds(TimeSpan duration, Action action)
    {
        action();
        List<double> taken = [];
        var start = time.GetTimestamp();
        do
        {
            var before = time.GetTimestamp();
            action();
            taken.Add(time.GetElapsedTime(before).TotalSeconds);
        }
        while (time.GetElapsedTime(start) < duration);

        taken.Sort();
        return taken[taken.Count / 4];
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint kept);
}
