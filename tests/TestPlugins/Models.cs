using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;

namespace Experiments.Plugins.Testing;

/// <summary>Architectures.</summary>
[PluginKind("model")]
public interface IPretendModel
{
    int Layers { get; }
}

/// <summary>Optimizers.</summary>
[PluginKind("optimizer")]
public interface IPretendOptimizer
{
    double LearningRate { get; }
}

/// <summary>
/// A transformer whose static constructor fails, like that of a class whose native library is not loaded.
/// </summary>
[Plugin("gpt", Version = 2)]
public sealed class GptModel(GptOptions options) : IPretendModel
{
    static GptModel() => throw new DllNotFoundException("This class must not be touched before it runs.");

    public int Layers => options.Layers;
}

/// <summary>Settings of <c>gpt</c>.</summary>
public sealed record GptOptions
{
    /// <summary>Blocks. Default: 4.</summary>
    [Range(1, 128)]
    public int Layers { get; init; } = 4;

    /// <summary>Width of the residual stream. Default: 128.</summary>
    [AllowedValues(64, 128, 256)]
    public int Width { get; init; } = 128;

    /// <summary>The activation between the matrices of a block. Default: gelu.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Share of units dropped in training; null for none. Default: null.</summary>
    [AddedLater(null)]
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double? Dropout { get; init; }
}

/// <summary>Activation functions.</summary>
public enum Activation
{
    /// <summary>GELU.</summary>
    Gelu,

    /// <summary>ReLU, squared.</summary>
    SquaredRelu,
}

/// <summary>Counts letters.</summary>
[Plugin("bigram")]
public sealed class BigramModel : IPretendModel
{
    public int Layers => 0;
}

/// <summary>Adam with decoupled weight decay.</summary>
[Plugin("adamw")]
public sealed class AdamW(AdamWOptions options) : IPretendOptimizer
{
    public double LearningRate => options.LearningRate;
}

/// <summary>Settings of <c>adamw</c>.</summary>
public sealed record AdamWOptions
{
    /// <summary>Peak learning rate. Default: 0.0006.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 6e-4;

    /// <summary>Decay rates of the moments. Default: 0.9 and 0.95.</summary>
    [Length(2, 2)]
    public IReadOnlyList<double> Betas { get; init; } = [0.9, 0.95];
}

/// <summary>Plain gradient descent.</summary>
[Plugin("sgd")]
public sealed class Sgd(SgdOptions options) : IPretendOptimizer
{
    public double LearningRate => options.LearningRate;
}

/// <summary>Settings of <c>sgd</c>.</summary>
public sealed record SgdOptions
{
    /// <summary>Learning rate. Default: 0.1.</summary>
    public double LearningRate { get; init; } = 0.1;
}
