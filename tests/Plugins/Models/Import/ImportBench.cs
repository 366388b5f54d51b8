using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using Experiments.Learning.Tests.Shared;
using Experiments.Learning.Weights;
using Experiments.Plugins.Models.Import;
using Experiments.Testing;
using TorchSharp;

using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Tests.Import;

/// <summary>Writes checkpoints like those of other tools, and imports them.</summary>
public sealed class ImportBench : IDisposable
{
    private static readonly object[] Plugins = [new GptArchitecture(new GptOptions()), new ByteTokenizerFormat(), new NumberTokenizer.Format()];

    public StageBench Stage { get; } = new();

    public string Source => Stage.Folder("source");

    public string ConfigFile => Path.Combine(Source, "config.json");

    /// <summary>Writes a model with its config.json, and no files of this framework.</summary>
    public void Write(LanguageModel model, long largestFile = long.MaxValue, bool withTokenizer = true)
    {
        File.WriteAllText(ConfigFile, model.HuggingFaceConfig().ToJsonString());
        CheckpointWeights.Write(Source, model.NamedWeights(), largestFile);
        if (withTokenizer)
        {
            ByteTokenizer.Save(Source);
        }
    }

    /// <summary>Changes a field of config.json. Null removes it.</summary>
    public void Change(string field, string? json)
    {
        var config = JsonNode.Parse(File.ReadAllText(ConfigFile))!.AsObject();
        config.Remove(field);
        if (json is not null)
        {
            config[field] = JsonNode.Parse(json);
        }

        File.WriteAllText(ConfigFile, config.ToJsonString());
    }

    /// <summary>Runs the stage and opens its output.</summary>
    public TrainedModel Import(string? source = null, string? tokenizer = null, params string[] ignored)
    {
        var checkpoint = source is null ? new Checkpoint(Source) : new Checkpoint(new ArtifactLocation(Path.GetDirectoryName(source)!, [source]));
        var context = Stage.Context<ImportCheckpointStage>(plugins: Plugins);
        new ImportCheckpointStage(new() { IgnoreFields = ignored }).RunAsync(new(checkpoint, tokenizer is null ? null : new Tokenizer(tokenizer)), context, default).GetAwaiter().GetResult();
        return TrainedModel.Open(context.OutputFolder, context.Plugins);
    }

    /// <summary>The error message of an import that fails.</summary>
    public string Refusal(string? source = null, string? tokenizer = null) => Should.Throw<InvalidDataException>(() => Import(source, tokenizer)).Message;

    /// <summary>The logits of every position of one row, in float64.</summary>
    public static double[][] Logits(LanguageModel model, int[] ids)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        model.to(ScalarType.Float64);
        var logits = model.Forward(tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0)).contiguous();
        return [.. MemoryMarshal.Cast<byte, double>(logits.bytes).ToArray().Chunk(model.VocabularySize)];
    }

    public static void ShouldAgree(double[][] given, double[][] truth, double tolerance)
    {
        given.Length.ShouldBe(truth.Length);
        foreach (var (t, row) in truth.Index())
        {
            given[t].Length.ShouldBe(row.Length);
            given[t].Zip(row, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(tolerance, $"position {t}");
        }
    }

    public void Dispose() => Stage.Dispose();
}
