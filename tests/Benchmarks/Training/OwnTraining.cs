using Experiments.Contracts.Torch;
using Experiments.Learning.Data;
using Experiments.Learning.Processors;
using Experiments.Learning.Training;
using Experiments.Learning.Weights;
using Experiments.Plugins.Models;
using Experiments.Plugins.Training;
using static TorchSharp.torch;

namespace Experiments.Benchmarks;

/// <summary>A training step as in the training loop: loss, backward pass, norm, clipping, AdamW.</summary>
internal sealed class OwnTraining : IDisposable
{
    private readonly LanguageModel _model;
    private readonly FlatParameters _parameters;
    private readonly AdamWOptimizer _optimizer;
    private readonly TokenBatch _batch;
    private readonly double _learningRate;
    private long _step;

    public OwnTraining(
        TrainingShape shape, GptOptions options, ScalarType type, ulong seed = 1, double learningRate = 3e-4)
    {
        (_optimizer, _learningRate) = (new(new AdamWOptions()), learningRate);
        _model = new GptArchitecture(options).Build(shape.Vocabulary, seed);
        _parameters = new FlatParameters(_model, new Compute(CPU, type), _optimizer.StateBuffers);
        var ids = randint(0, shape.Vocabulary, [shape.Batch, shape.Context + 1], ScalarType.Int64);
        _batch = new(
            ids.narrow(1, 0, shape.Context).contiguous().DetachFromDisposeScope(),
            ids.narrow(1, 1, shape.Context).contiguous().DetachFromDisposeScope(), null, HasPadding: false);
    }

    public double OperationsPerToken(int time) => _model.OperationsPerToken(time);

    /// <summary>A step on a random batch, always the same.</summary>
    public double Step() => Step(_batch);

    /// <summary>A step on a batch. Returns the loss per token.</summary>
    public double Step(TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        _parameters.ZeroGradients();
        var loss = batch.Loss(_model).Times(1.0 / batch.Inputs.numel());
        loss.backward();
        var norm = _parameters.GradientNorm();
        _parameters.ScaleGradients(Math.Min(1, 1 / norm));
        _optimizer.Step(_parameters, _learningRate, _step++);
        return loss.item<float>();
    }

    /// <summary>Writes the data of a checkpoint, and waits for the disk.</summary>
    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        Safetensors.Write(
            path,
            [("weights", _parameters.Weights), .. _parameters.State.Select((buffer, i) => ($"state.{i}", buffer))]);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    public void Dispose()
    {
        _parameters.Dispose();
        _model.Dispose();
    }
}
