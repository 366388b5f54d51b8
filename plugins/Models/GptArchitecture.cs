using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Torch;
using Experiments.Plugins.Models.Families;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>
/// A decoder-only transformer (Vaswani et al. 2017) with pre-norm layers. By default it is a Llama (Touvron et al.
/// 2023): RMSNorm, rotary positions, no biases, SwiGLU. With other options it is a GPT-2 (Radford et al. 2019), Qwen2
/// or Qwen3. Checkpoints of these families have Hugging Face's names and layouts.
/// </summary>
[Plugin("gpt")]
public sealed class GptArchitecture(GptOptions options) : IModelArchitecture
{
    /// <inheritdoc/>
    public int? Depth => options.Depth;

    /// <inheritdoc/>
    public ModelSize Size(int vocabularySize) => GptSize.Of(options, vocabularySize);

    /// <inheritdoc/>
    /// <remarks>
    /// Initialization is as in GPT-2: weights are normally distributed with the same standard deviation, except that
    /// projections back into the residual stream are scaled by 1/√(2·layers). Biases begin at 0, gains at 1.
    /// </remarks>
    public LanguageModel Build(int vocabularySize, ulong seed)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var model = new GptModel(options, vocabularySize);
        using var _ = no_grad();
        foreach (var (index, (name, parameter)) in LlamaNames.Of(model.Weights()).Index())
        {
            if (parameter.shape.Length > 1)
            {
                var isResidual = name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal);
                var deviation = options.InitialDeviation / (isResidual ? Math.Sqrt(2.0 * options.Layers) : 1);
                var random = new RandomStream(seed, "weights", index);
                using var scope = NewDisposeScope();
                var values = tensor(Enumerable.Range(0, (int)parameter.numel()).Select(_ => (float)(deviation * random.NextGaussian())).ToArray());
                parameter.copy_(values.view(parameter.shape));
            }
        }

        return model;
    }
}
