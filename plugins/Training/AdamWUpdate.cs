using System.Runtime.Intrinsics;
using Experiments.Contracts.Torch;
using TorchSharp;

namespace Experiments.Plugins.Training;

/// <summary>One step of AdamW, for all parameters or for some of them.</summary>
internal sealed class AdamWUpdate(double beta1, double beta2, double epsilon, double weightDecay, double learningRate, long step)
{
    private readonly float _beta1 = (float)beta1;
    private readonly float _beta2 = (float)beta2;
    private readonly float _epsilon = (float)epsilon;
    private readonly float _decay = (float)(learningRate * weightDecay);
    private readonly float _rate = (float)(learningRate / (1 - Math.Pow(beta1, step + 1)));
    private readonly float _unbias = (float)(1 / (1 - Math.Pow(beta2, step + 1)));

    public void Apply(IParameterBuffers parameters, Predicate<ParameterBlock> isChosen)
    {
        if (parameters.IsOnProcessor)
        {
            parameters.UpdatePieces(isChosen, Apply);
        }
        else if (parameters.Blocks.All(block => isChosen(block)))
        {
            parameters.UpdateAll(Apply);
        }
        else
        {
            foreach (var block in parameters.Blocks.Where(block => isChosen(block)))
            {
                parameters.UpdateTensors(block, Apply);
            }
        }
    }

    private void Apply(ParameterPiece piece)
    {
        var weights = piece.Weights;
        var gradients = piece.Gradients;
        var means = piece.FirstState;
        var squares = piece.SecondState;
        var decay = piece.Block.IsMatrix ? _decay : 0;
        var i = 0;
        for (; i <= weights.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var g = Vector512.Create(gradients[i..]);
            var w = Vector512.Create(weights[i..]);
            var m = (_beta1 * Vector512.Create(means[i..])) + ((1 - _beta1) * g);
            var v = (_beta2 * Vector512.Create(squares[i..])) + ((1 - _beta2) * (g * g));
            var root = Vector512.Sqrt(v * _unbias) + Vector512.Create(_epsilon);
            w -= (decay * w) + (_rate * (m / root));
            m.CopyTo(means[i..]);
            v.CopyTo(squares[i..]);
            w.CopyTo(weights[i..]);
        }

        for (; i < weights.Length; i++)
        {
            var g = gradients[i];
            means[i] = (_beta1 * means[i]) + ((1 - _beta1) * g);
            squares[i] = (_beta2 * squares[i]) + ((1 - _beta2) * (g * g));
            var root = MathF.Sqrt(squares[i] * _unbias) + _epsilon;
            weights[i] -= (decay * weights[i]) + (_rate * (means[i] / root));
        }
    }

    private void Apply(ParameterTensors tensors)
    {
        var (weights, gradients, means, squares) = (tensors.Weights, tensors.Gradients, tensors.State[0], tensors.State[1]);
        using Scalar beta1 = _beta1, beta2 = _beta2;
        means.mul_(beta1).add_(gradients.Times(1 - _beta1), NumberArithmetic.One);
        squares.mul_(beta2).add_((gradients * gradients).Times(1 - _beta2), NumberArithmetic.One);
        var update = means.div(squares.Times(_unbias).sqrt().Plus(_epsilon)).Times(_rate);
        weights.sub_((weights * tensors.Decayed).Times(_decay).Plus(update));
    }
}
