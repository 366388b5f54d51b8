using static TorchSharp.torch;

namespace Experiments.Benchmarks;

/// <summary>A training step of the baseline: loss, backward pass, clip_grad_norm_, torch.optim.AdamW.</summary>
internal sealed class PlainTraining : IDisposable
{
    private readonly PlainGpt _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _inputs;
    private readonly Tensor _targets;

    public PlainTraining(TrainingShape shape)
    {
        _model = new PlainGpt(shape);
        _optimizer = optim.AdamW(_model.parameters(), 3e-4, weight_decay: 0.1);
        var ids = randint(0, shape.Vocabulary, [shape.Batch, shape.Context + 1], ScalarType.Int64);
        (_inputs, _targets) = (
            ids.narrow(1, 0, shape.Context).contiguous().DetachFromDisposeScope(),
            ids.narrow(1, 1, shape.Context).contiguous().DetachFromDisposeScope());
    }

    public double Step()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var loss = _model.Loss(_inputs, _targets);
        loss.backward();
        nn.utils.clip_grad_norm_(_model.parameters(), 1);
        _optimizer.step();
        return loss.item<float>();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
    }
}
