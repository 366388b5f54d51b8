using Experiments.Contracts;
using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Plugins.Training.Tests;

/// <summary>An embedding, a hidden matrix and a gain, with random gradients.</summary>
internal sealed class OneLayerBuffers : IParameterBuffers, IDisposable
{
    private const int Piece = 100; // not a multiple of the number of vector lanes
    private readonly Tensor _weights;
    private readonly Tensor _gradients;
    private readonly Tensor[] _state;

    public OneLayerBuffers(int states)
    {
        Blocks = [new("embed", [20, 24], 0, 480, IsEmbedding: true), new("hidden", [24, 40], 480, 960, IsEmbedding: false), new("gain", [24], 1440, 24, IsEmbedding: false)];
        _weights = tensor(Draw(0));
        _gradients = zeros(1464);
        _state = [.. Enumerable.Range(0, states).Select(_ => zeros(1464))];
    }

    public IReadOnlyList<ParameterBlock> Blocks { get; }

    public bool IsOnProcessor { get; init; } = true;

    public float[] Weights => _weights.data<float>().ToArray();

    public float[] Gradients => _gradients.data<float>().ToArray();

    public bool IsMatrix(int place) => place < 1440;

    public void DrawGradients(int step) => _gradients.copy_(tensor(Draw(step + 1)));

    public void UpdatePieces(Predicate<ParameterBlock> isChosen, PieceUpdate update)
    {
        foreach (var block in Blocks.Where(block => isChosen(block)))
        {
            for (var start = (int)block.Start; start < block.Start + block.Length; start += Piece)
            {
                var length = (int)Math.Min(Piece, block.Start + block.Length - start);
                update(new(block, Slice(_weights, start, length), Slice(_gradients, start, length), StateSlice(0, start, length), StateSlice(1, start, length)));
            }
        }
    }

    public void UpdateTensors(ParameterBlock block, Action<ParameterTensors> update)
    {
        update(new(View(_weights), View(_gradients).clone(), ones(1).Times(block.IsMatrix ? 1 : 0), [.. _state.Select(View)]));

        Tensor View(Tensor flat) => flat.narrow(0, block.Start, block.Length).view([.. block.Shape]);
    }

    public void UpdateAll(Action<ParameterTensors> update) =>
        update(new(_weights, _gradients.clone(), cat([ones(1440), zeros(24)]), _state));

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_weights, _gradients, .. _state])
        {
            tensor.Dispose();
        }
    }

    private Span<float> StateSlice(int buffer, int start, int length) => buffer < _state.Length ? Slice(_state[buffer], start, length) : [];

    private static Span<float> Slice(Tensor flat, int start, int length) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(flat.bytes).Slice(start, length);

    private static float[] Draw(int step)
    {
        var random = new RandomStream(1, "test", step);
        var values = new float[1464];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        return values;
    }
}
