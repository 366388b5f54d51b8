using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Plugins.Models;
using Experiments.Testing;

namespace Experiments.Learning.Tests.Shared;

/// <summary>Models small enough for a test, and checkpoints of them.</summary>
public static class TinyModels
{
    public static GptOptions Options { get; } = new() { Layers = 2, Width = 32, Heads = 2, Context = 64 };

    public static Plugin<IModelArchitecture> Gpt { get; } = GivenPlugins.Nested<IModelArchitecture>(new GptArchitecture(Options), Options);

    /// <summary>The plugins that open a tiny checkpoint.</summary>
    public static object[] Plugins { get; } = [new GptArchitecture(Options), new ByteTokenizerFormat()];

    public static IPluginSource Source { get; } = new GivenPlugins(Plugins);

    /// <summary>A checkpoint with random weights.</summary>
    public static Checkpoint Checkpoint(StageBench bench, ulong seed = 1)
    {
        using var model = TrainedModel.Create(Gpt, ByteTokenizer.Save(bench.Folder("tokenizer")), Source, seed);
        var folder = bench.Folder($"checkpoint-{seed}");
        model.Save(folder);
        return new Checkpoint(folder);
    }

    /// <summary>Shards with one text both as the train part and as the validation part.</summary>
    public static TokenShards Shards(StageBench bench, string text)
    {
        var tokenizer = new ByteTokenizer();
        var folder = ByteTokenizer.Save(bench.Folder("tokens"));
        foreach (var split in new[] { TokenShards.Train, TokenShards.Validation })
        {
            using var writer = new TokenShardWriter(Path.Combine(folder, TokenShards.FileName(split, 0)), tokenizer.VocabularySize);
            writer.Write([tokenizer.Special(Tokenizers.EndOfText), .. tokenizer.Encode(text)], text.Length);
        }

        return new TokenShards(folder);
    }
}
