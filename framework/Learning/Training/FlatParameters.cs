using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Experiments.Contracts.Torch;
using Experiments.Learning.Processors;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning.Training;

/// <summary>
/// All parameters of a model in one float32 buffer, each padded to 64 bytes, with buffers for their gradients and the
/// optimizer's state. The model's parameters become views of the buffer, or of a copy in the type that the model
/// computes with. The backward pass adds directly to one flat gradient, and clipping, optimizer and checkpoint are
/// passes over a few long arrays.
/// </summary>
public sealed unsafe class FlatParameters : IParameterBuffers, IDisposable
{
    private readonly LanguageModel _model;
    private readonly FlatLayout _layout;
    private readonly ScalarType _type;
    private readonly Tensor _weights;
    private readonly Tensor _computed; // what the model computes with; the same tensor as the weights if that is float32
    private readonly Tensor _gradients; // in the model's type
    private readonly Tensor[] _state;
    private Tensor? _sum; // of the gradients of several micro-batches, float32
    private bool _isSummed;
    private Tensor? _decayed;
    private float _gradientFactor = 1;

    /// <summary>Moves the parameters of a model into flat buffers.</summary>
    /// <param name="model">The model, in float32.</param>
    /// <param name="compute">The device and type to compute with; the model is moved there.</param>
    /// <param name="stateBuffers">Number of the optimizer's state buffers.</param>
    public FlatParameters(LanguageModel model, Compute compute, int stateBuffers)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        (_model, _type, _layout) = (model, compute.Type, new(model));
        var size = _layout.Length;
        _weights = zeros(size, device: compute.Device).DetachFromDisposeScope();
        foreach (var (block, parameter) in Blocks.Zip(model.parameters()))
        {
            FlatLayout.View(_weights, block).copy_(parameter);
        }

        _computed = _type == ScalarType.Float32 ? _weights : _weights.to(_type).DetachFromDisposeScope();
        _gradients = zeros(size, _type, compute.Device).DetachFromDisposeScope();
        _state = [.. Enumerable.Range(0, stateBuffers).Select(_ => zeros(size, device: compute.Device).DetachFromDisposeScope())];
        model.to(compute.Device, compute.Type);
        foreach (var (block, parameter) in Blocks.Zip(model.parameters()))
        {
            parameter.set_(FlatLayout.View(_computed, block));
            parameter.grad = FlatLayout.View(_gradients, block);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterBlock> Blocks => _layout.Blocks;

    /// <inheritdoc/>
    public bool IsOnProcessor => _weights.device_type == DeviceType.CPU;

    /// <summary>The master weights with padding, as a tensor of one dimension.</summary>
    public Tensor Weights => _weights;

    /// <summary>The optimizer's state buffers.</summary>
    public IReadOnlyList<Tensor> State => _state;

    /// <summary>Begins a step: sets the gradients to zero.</summary>
    public void ZeroGradients()
    {
        using var _ = no_grad();
        _gradients.zero_();
        (_isSummed, _gradientFactor) = (false, 1);
    }

    /// <summary>
    /// Adds the gradients of a micro-batch to those before it, in float32, because small terms would be lost in
    /// bfloat16. Does nothing if the model computes in float32, where the backward pass already adds them.
    /// </summary>
    public void Accumulate()
    {
        if (_type == ScalarType.Float32)
        {
            return;
        }

        using var _ = no_grad();
        _sum ??= empty_like(_weights).DetachFromDisposeScope();
        if (_isSummed)
        {
            _sum.add_(_gradients, NumberArithmetic.One);
        }
        else
        {
            _sum.copy_(_gradients);
            _isSummed = true;
        }

        _gradients.zero_();
    }

    /// <summary>
    /// The global Euclidean norm of the gradients. On the processor it is summed in float64 by fixed pieces, so that it
    /// does not depend on the number of threads.
    /// </summary>
    public double GradientNorm()
    {
        if (!IsOnProcessor)
        {
            using var scope = NewDisposeScope();
            return Gradients.to(ScalarType.Float32).norm().item<float>();
        }

        var sums = new double[_layout.Pieces.Length];
        Each(sums.Length, i => sums[i] = SumOfSquares(_layout.Pieces[i]));
        return Math.Sqrt(sums.Sum());
    }

    /// <summary>Scales the gradients by a factor, which takes effect in the update.</summary>
    public void ScaleGradients(double factor) => _gradientFactor = (float)factor;

    /// <inheritdoc/>
    public void UpdatePieces(Predicate<ParameterBlock> isChosen, PieceUpdate update)
    {
        var chosen = Array.FindAll(_layout.Pieces, piece => isChosen(piece.Block));
        Each(chosen.Length, i => UpdatePiece(chosen[i], update));
    }

    /// <inheritdoc/>
    public void UpdateTensors(ParameterBlock block, Action<ParameterTensors> update) =>
        Update(
            tensor => FlatLayout.View(tensor, block),
            _ => ones(1, device: _weights.device).Times(block.IsMatrix ? 1 : 0), update);

    /// <inheritdoc/>
    public void UpdateAll(Action<ParameterTensors> update) =>
        Update(tensor => tensor.alias(), _ => _decayed ??= Decayed(), update);

    /// <summary>Copies the master weights to the model's weights, after they were read from a checkpoint.</summary>
    public void Publish()
    {
        if (_type != ScalarType.Float32)
        {
            using var _ = no_grad();
            _computed.copy_(_weights);
        }
    }

    /// <summary>Ends the training: the model gets the master weights, in float32 on the processor.</summary>
    public void Release()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in _model.parameters())
        {
            parameter.grad = null;
        }

        _model.to(CPU, ScalarType.Float32);
        foreach (var (block, parameter) in Blocks.Zip(_model.parameters()))
        {
            parameter.set_(FlatLayout.View(_weights, block).cpu().clone());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (Tensor?[])[_weights, _computed, _gradients, _sum, _decayed, .. _state])
        {
            tensor?.Dispose();
        }
    }

    /// <summary>Gradients of the whole step, before scaling.</summary>
    private Tensor Gradients => _isSummed ? _sum! : _gradients;

    [SkipLocalsInit]
    private void UpdatePiece(FlatPiece piece, PieceUpdate update)
    {
        var (block, start, length) = piece;
        Span<float> gradients = stackalloc float[FlatLayout.LongestPiece];
        ReadGradients(start, gradients[..length]);
        update(new(block, Slice(_weights, start, length), gradients[..length], StateSlice(0), StateSlice(1)));
        if (_type == ScalarType.BFloat16)
        {
            BrainFloats.Narrow(
                Slice(_weights, start, length), new((ushort*)TensorMemory.Pointer(_computed) + start, length));
        }

        Span<float> StateSlice(int buffer) => buffer < _state.Length ? Slice(_state[buffer], start, length) : [];
    }

    private void Update(Func<Tensor, Tensor> view, Func<Tensor, Tensor> decayed, Action<ParameterTensors> update)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var weights = view(_weights);
        update(new(weights, view(Gradients).to(ScalarType.Float32).Times(_gradientFactor), decayed(weights), [.. _state.Select(view)]));
        if (_type != ScalarType.Float32)
        {
            view(_computed).copy_(weights);
        }
    }

    private Tensor Decayed()
    {
        var decayed = zeros_like(_weights).DetachFromDisposeScope();
        foreach (var block in Blocks.Where(block => block.IsMatrix))
        {
            FlatLayout.View(decayed, block).fill_(1);
        }

        return decayed;
    }

    private void ReadGradients(long start, Span<float> gradients)
    {
        if (Gradients.dtype == ScalarType.BFloat16)
        {
            BrainFloats.Widen(
                new((ushort*)TensorMemory.Pointer(_gradients) + start, gradients.Length), gradients, _gradientFactor);
        }
        else
        {
            var given = Slice(Gradients, start, gradients.Length);
            for (var i = 0; i < given.Length; i++)
            {
                gradients[i] = given[i] * _gradientFactor;
            }
        }
    }

    [SkipLocalsInit]
    private double SumOfSquares(FlatPiece piece)
    {
        var (_, start, length) = piece;
        if (Gradients.dtype == ScalarType.BFloat16)
        {
            Span<float> values = stackalloc float[FlatLayout.LongestPiece];
            BrainFloats.Widen(new((ushort*)TensorMemory.Pointer(_gradients) + start, length), values[..length], 1);
            return SumOfSquares(values[..length]);
        }

        return SumOfSquares(Slice(Gradients, start, length));
    }

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var sums = Vector512<double>.Zero;
        var lanes = MemoryMarshal.Cast<float, Vector512<float>>(values);
        foreach (var lane in lanes)
        {
            var (lower, upper) = Vector512.Widen(lane);
            sums += (lower * lower) + (upper * upper);
        }

        var rest = 0.0;
        foreach (var value in values[(lanes.Length * Vector512<float>.Count)..])
        {
            rest += (double)value * value;
        }

        return Vector512.Sum(sums) + rest;
    }

    private static void Each(int count, Action<int> body) => TorchThreads.ForRange(count, 1, (start, end) =>
    {
        for (var i = start; i < end; i++)
        {
            body(i);
        }
    });

    private static Span<float> Slice(Tensor flat, long start, int length) =>
        new((float*)TensorMemory.Pointer(flat) + start, length);
}
