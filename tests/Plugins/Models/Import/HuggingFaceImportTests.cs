using Experiments.Contracts.Text;
using Experiments.Learning.Decoding;
using Experiments.Learning.Tests.Shared;
using Experiments.Learning.Weights;
using Experiments.Plugins.Models.Tests.Reference;

using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Tests.Import;

public sealed class HuggingFaceImportTests : IDisposable
{
    private const int Vocabulary = 300; // the tokenizer of the tests has 259
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 35, 89, 79];
    private readonly ImportBench _bench = new();

    public static TheoryData<string, string, GptOptions> Published => new()
    {
        { "LlamaForCausalLM", "qkv", ModelVariants.Llama },
        { "LlamaForCausalLM", "scaled", ModelVariants.Llama with { RopeScaling = ModelVariants.Llama3, TiedEmbeddings = true } },
        { "Qwen2ForCausalLM", "biases", ModelVariants.Qwen2 },
        { "Qwen3ForCausalLM", "norms", ModelVariants.Qwen3 },
        { "GPT2LMHeadModel", "conv", ModelVariants.Gpt2 },
    };

    [Theory, MemberData(nameof(Published))]
    public void WhatIsExportedIsImportedUnchanged(string architecture, string variant, GptOptions options)
    {
        using var model = ModelVariants.Shaken(options, Vocabulary);
        model.HuggingFaceConfig()["architectures"]![0]!.GetValue<string>().ShouldBe(architecture, variant);
        _bench.Write(model);
        using var imported = _bench.Import();

        ImportBench.ShouldAgree(ImportBench.Logits(imported.Model, Ids), ImportBench.Logits(model, Ids), 1e-12);
        imported.Model.NamedWeights().Select(weight => weight.Name).ShouldBe(model.NamedWeights().Select(weight => weight.Name));
        imported.Model.HuggingFaceConfig().ToJsonString().ShouldBe(model.HuggingFaceConfig().ToJsonString());
    }

    [Theory, MemberData(nameof(Published))]
    public void ThePublishedLayoutGivesTheLogitsOfThePapersFormulas(string architecture, string variant, GptOptions options)
    {
        using var model = ModelVariants.Shaken(options, Vocabulary);
        _bench.Write(model);
        var weights = PlainTensors.ReadSafetensors(Path.Combine(_bench.Source, "model.safetensors"));

        ImportBench.ShouldAgree(ImportBench.Logits(model, Ids), Reference(), 1e-6);

        double[][] Reference()
        {
            if (architecture == "GPT2LMHeadModel")
            {
                return ReferenceGpt2.Logits(weights, options.Layers, options.Heads, options.NormEpsilon, Ids);
            }

            var headWidth = options.HeadWidth ?? options.Width / options.Heads;
            var reference = new ReferenceLlama(weights, options.Layers, options.Heads, options.KeyValueHeads!.Value, headWidth, options.NormEpsilon)
            {
                Frequency = pair => Frequency(variant == "scaled", Math.Pow(options.RopeBase, -2.0 * pair / headWidth)),
            };
            return [.. Ids.Select(reference.Next)];
        }
    }

    [Fact]
    public void TheLayoutsAreThoseOfTransformers()
    {
        using var gpt2 = ModelVariants.Shaken(ModelVariants.Gpt2 with { Layers = 1 }, Vocabulary);
        gpt2.NamedWeights().Select(weight => $"{weight.Name} {string.Join('x', weight.Value.shape)}").ShouldBe(
        [
            "transformer.wte.weight 300x16", "transformer.wpe.weight 16x16",
            "transformer.h.0.ln_1.weight 16", "transformer.h.0.ln_1.bias 16",
            "transformer.h.0.attn.c_attn.weight 16x48", "transformer.h.0.attn.c_attn.bias 48", "transformer.h.0.attn.c_proj.weight 16x16", "transformer.h.0.attn.c_proj.bias 16",
            "transformer.h.0.ln_2.weight 16", "transformer.h.0.ln_2.bias 16",
            "transformer.h.0.mlp.c_fc.weight 16x64", "transformer.h.0.mlp.c_fc.bias 64", "transformer.h.0.mlp.c_proj.weight 64x16", "transformer.h.0.mlp.c_proj.bias 16",
            "transformer.ln_f.weight 16", "transformer.ln_f.bias 16",
        ]);
        using var qwen3 = ModelVariants.Shaken(ModelVariants.Qwen3, Vocabulary);
        qwen3.NamedWeights().Where(weight => weight.Name.StartsWith("model.layers.0.self_attn", StringComparison.Ordinal)).Select(weight => $"{weight.Name[15..]} {string.Join('x', weight.Value.shape)}").ShouldBe(
            ["self_attn.q_proj.weight 24x16", "self_attn.k_proj.weight 12x16", "self_attn.v_proj.weight 12x16", "self_attn.o_proj.weight 16x24", "self_attn.q_norm.weight 6", "self_attn.k_norm.weight 6"]);
        using var qwen2 = ModelVariants.Shaken(ModelVariants.Qwen2, Vocabulary);
        qwen2.NamedWeights().Where(weight => weight.Name.EndsWith(".bias", StringComparison.Ordinal) && weight.Name.Contains(".0.", StringComparison.Ordinal)).Select(weight => $"{weight.Name[15..]} {weight.Value.shape[0]}").ShouldBe(
            ["self_attn.q_proj.bias 16", "self_attn.k_proj.bias 8", "self_attn.v_proj.bias 8"]);
    }

    [Fact]
    public void ModelsThatNoFamilyIsSayANameOfTheirOwn()
    {
        using var model = ModelVariants.Shaken(ModelVariants.Nanochat, Vocabulary);
        _bench.Write(model);
        _bench.Refusal().ShouldContain("'architectures' is ExperimentsGpt; this framework reads LlamaForCausalLM, Qwen2ForCausalLM");
    }

    [Fact]
    public void PaddedIdsAreNeverSampled()
    {
        using var model = ModelVariants.Shaken(ModelVariants.Llama, Vocabulary);
        using (no_grad())
        {
            model.NamedWeights().Single(weight => weight.Name == "lm_head.weight").Value.narrow(0, 259, Vocabulary - 259).mul_(tensor(100f));
        }

        _bench.Write(model);
        using var imported = _bench.Import();
        imported.Model.VocabularySize.ShouldBe(Vocabulary);
        var sampled = new Decoder(imported.Model).Complete([.. Enumerable.Repeat(new[] { 1 }, 20)], new SamplingOptions { Temperature = 5, MaximumTokens = 10 }, stopToken: -1, seed: 1);
        sampled.SelectMany(row => row.Tokens).ShouldAllBe(token => token < 259);
        _bench.Stage.Log.Lines.ShouldContain(line => line.Contains("the last 41 of them are not in its tokenizer", StringComparison.Ordinal));
    }

    [Fact]
    public void AModelThatKnowsFewerIdsThanItsTokenizerIsRefused()
    {
        using var model = ModelVariants.Shaken(ModelVariants.Llama, 258);
        _bench.Write(model);
        _bench.Refusal().ShouldContain("the model has 258 tokens, its tokenizer 259");
    }

    [Fact]
    public void ACheckpointWithoutATokenizerTakesOneThatIsGiven()
    {
        using var model = ModelVariants.Shaken(ModelVariants.Llama, Vocabulary);
        _bench.Write(model, withTokenizer: false);
        _bench.Refusal().ShouldContain("no supported tokenizer next to the weights");
        using var imported = _bench.Import(tokenizer: ByteTokenizer.Save(_bench.Stage.Folder("tokenizer")));
        imported.Tokenizer.VocabularySize.ShouldBe(259);
    }

    [Fact]
    public void OlderFilesWithoutThePrefixAndWithMasksAreRead()
    {
        using var model = ModelVariants.Shaken(ModelVariants.Gpt2, Vocabulary);
        File.WriteAllText(_bench.ConfigFile, model.HuggingFaceConfig().ToJsonString());
        ByteTokenizer.Save(_bench.Source);
        Safetensors.Write(
            Path.Combine(_bench.Source, "model.safetensors"),
            [.. model.NamedWeights().Select(weight => (weight.Name["transformer.".Length..], weight.Value)), ("h.0.attn.bias", ones(1, 1, 16, 16)), ("h.0.attn.masked_bias", ones(1))]);
        using var imported = _bench.Import();
        ImportBench.ShouldAgree(ImportBench.Logits(imported.Model, Ids), ImportBench.Logits(model, Ids), 1e-12);
    }

    [Theory]
    [InlineData(1.0, null)]
    [InlineData(2.0, "'lm_head.weight' has others")]
    public void AHeadBesideTiedEmbeddingsMustBeTheSame(double factor, string? refusal)
    {
        using var model = ModelVariants.Shaken(ModelVariants.Qwen3, Vocabulary);
        File.WriteAllText(_bench.ConfigFile, model.HuggingFaceConfig().ToJsonString());
        ByteTokenizer.Save(_bench.Source);
        var weights = model.NamedWeights();
        Safetensors.Write(Path.Combine(_bench.Source, "model.safetensors"), [.. weights, ("lm_head.weight", weights[0].Value.mul((float)factor))]);
        if (refusal is null)
        {
            _bench.Import().Dispose();
        }
        else
        {
            _bench.Refusal().ShouldContain(refusal);
        }
    }

    [Theory]
    [InlineData("hidden_act", "\"gelu\"", "'hidden_act' is gelu; this framework reads silu")]
    [InlineData("attention_bias", "true", "'attention_bias' is true; this framework reads false")]
    [InlineData("mlp_bias", "true", "'mlp_bias' is true")]
    [InlineData("rope_scaling", """{"rope_type":"yarn","factor":4.0}""", "rope_scaling: 'rope_type' is yarn; this framework reads default, linear or llama3")]
    [InlineData("rope_scaling", """{"type":"linear","factor":4.0,"beta_fast":32}""", "rope_scaling: 'beta_fast' is not known")]
    [InlineData("rope_scaling", """{"type":"linear"}""", "rope_scaling: 'factor' is missing")]
    [InlineData("sliding_window", "8", "'sliding_window' is not known and may change")]
    [InlineData("residual_multiplier", "0.5", "'residual_multiplier' is not known and may change")]
    [InlineData("hidden_size", "\"wide\"", "'hidden_size' is \"wide\"; this framework reads a whole number")]
    [InlineData("hidden_size", null, "'hidden_size' is missing")]
    [InlineData("num_hidden_layers", "3", "tensor 'model.layers.2.input_layernorm.weight' is missing")]
    [InlineData("num_hidden_layers", "1", "tensor 'model.layers.1.input_layernorm.weight' is not a weight of a LlamaForCausalLM")]
    [InlineData("intermediate_size", "24", "has shape [64, 16], wanted [24, 16]")]
    [InlineData("architectures", """["MistralForCausalLM"]""", "'architectures' is MistralForCausalLM")]
    public void AConfigThatAsksForAnotherComputationIsRefusedByFieldAndValue(string field, string? json, string refusal)
    {
        using var model = ModelVariants.Shaken(ModelVariants.Llama, Vocabulary);
        _bench.Write(model);
        _bench.Change(field, json);
        _bench.Refusal().ShouldContain(refusal);
    }

    [Theory]
    [InlineData("scale_attn_by_inverse_layer_idx", "true", "'scale_attn_by_inverse_layer_idx' is true")]
    [InlineData("activation_function", "\"relu\"", "'activation_function' is relu")]
    public void AGpt2ThatIsAnotherIsRefused(string field, string json, string refusal)
    {
        using var model = ModelVariants.Shaken(ModelVariants.Gpt2, Vocabulary);
        _bench.Write(model);
        _bench.Change(field, json);
        _bench.Refusal().ShouldContain(refusal);
    }

    [Theory]
    [InlineData(true, 8, 0, true)]
    [InlineData(false, 8, 0, false)]
    [InlineData(true, 16, 0, false)]
    [InlineData(true, 8, 2, false)]
    public void AWindowIsRefusedWhereALayerReallyHasOne(bool isOn, int window, int fullLayers, bool isRefused)
    {
        using var model = ModelVariants.Shaken(ModelVariants.Qwen2, Vocabulary);
        _bench.Write(model);
        _bench.Change("use_sliding_window", isOn ? "true" : "false");
        _bench.Change("sliding_window", $"{window}");
        _bench.Change("max_window_layers", $"{fullLayers}");
        if (isRefused)
        {
            _bench.Refusal().ShouldContain("'sliding_window' is 8 with use_sliding_window: true");
        }
        else
        {
            _bench.Import().Dispose();
        }
    }

    [Fact]
    public void AnUnknownFieldMayBeNamedAsWithoutEffect()
    {
        using var model = ModelVariants.Shaken(ModelVariants.Llama, Vocabulary);
        _bench.Write(model);
        _bench.Change("favourite_colour", "\"blue\"");
        using var imported = _bench.Import(ignored: "favourite_colour");
        imported.Model.VocabularySize.ShouldBe(Vocabulary);
    }

    [Fact]
    public void RotaryParametersOfTransformers5AreRead()
    {
        using var model = ModelVariants.Shaken(ModelVariants.Llama with { RopeBase = 5000, RopeScaling = ModelVariants.Llama3 }, Vocabulary);
        _bench.Write(model);
        _bench.Change("rope_theta", null);
        _bench.Change("rope_scaling", null);
        _bench.Change("rope_parameters", """{"rope_theta":5000.0,"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":32}""");
        using var imported = _bench.Import();
        ImportBench.ShouldAgree(ImportBench.Logits(imported.Model, Ids), ImportBench.Logits(model, Ids), 1e-12);
    }

    [Fact]
    public void ShardsAreRead()
    {
        using var model = ModelVariants.Shaken(ModelVariants.Gpt2, Vocabulary);
        _bench.Write(model, largestFile: 10_000);
        Directory.GetFiles(_bench.Source, "model-*.safetensors").Length.ShouldBeGreaterThan(2);
        using var imported = _bench.Import();
        ImportBench.ShouldAgree(ImportBench.Logits(imported.Model, Ids), ImportBench.Logits(model, Ids), 1e-12);
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>Llama 3.1's scaling as in its reference code, which uses wavelengths.</summary>
    private static double Frequency(bool isScaled, double frequency)
    {
        const double Factor = 8, Low = 1, High = 4, Original = 32;
        var wavelength = 2 * Math.PI / frequency;
        if (!isScaled || wavelength < Original / High)
        {
            return frequency;
        }

        if (wavelength > Original / Low)
        {
            return frequency / Factor;
        }

        var smooth = ((Original / wavelength) - Low) / (High - Low);
        return ((1 - smooth) * frequency / Factor) + (smooth * frequency);
    }
}
