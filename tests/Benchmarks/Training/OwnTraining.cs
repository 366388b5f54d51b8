using Experiments.Contracts.Torch;
using Experiments.Learning;
using Experiments.Plugins.Models;
using Experiments.Plugins.Training;
using static TorchSharp.torch;

namespace Experiments.Benchmarks;

/// <summary>A step as the training loop does it: loss, backward, norm, clip, AdamW.</summary>
internal sealed class OwnTraining : IDisposable
{
    private readonly LanguageModel _model;
    private readonly FlatParameters _parameters;
    private readonly AdamW _optimizer = new(new AdamWOptions { LearningRate = 3e-4 });
    private readonly TokenBatch _batch;
    private readonly long _tokens;
    private long _step;

    public OwnTraining(TrainingShape shape, GptOptions options, ScalarType type)
    {
        _model = new Gpt(options).Build(shape.Vocabulary, seed: 1);
        _parameters = new FlatParameters(_model, new Compute(CPU, type), _optimizer.StateBuffers);
        var ids = randint(0, shape.Vocabulary, [shape.Batch, shape.Context + 1], ScalarType.Int64);
        _batch = new(ids.narrow(1, 0, shape.Context).contiguous().DetachFromDisposeScope(), ids.narrow(1, 1, shape.Context).contiguous().DetachFromDisposeScope(), null, HasPadding: false);
        _tokens = shape.Tokens;
    }

    public double OperationsPerToken(int time) => _model.OperationsPerToken(time);

    public double Step()
    {
        using var scope = NewDisposeScope();
        _parameters.ZeroGradients();
        var loss = _batch.Loss(_model).Times(1.0 / _tokens);
        loss.backward();
        var norm = _parameters.GradientNorm();
        _parameters.ScaleGradients(Math.Min(1, 1 / norm));
        _optimizer.Step(_parameters, 3e-4, _step++);
        return loss.item<float>();
    }

    public void Dispose()
    {
        _parameters.Dispose();
        _model.Dispose();
    }
}
