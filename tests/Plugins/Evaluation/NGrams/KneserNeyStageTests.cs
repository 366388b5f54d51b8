using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Learning;
using Experiments.Plugins.Tests;
using Experiments.Testing;

namespace Experiments.Plugins.Evaluation.NGrams.Tests;

public sealed class KneserNeyStageTests : IDisposable
{
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task TheSameTokensAndBytesCountAsForANeuralModel()
    {
        Write(TokenShards.Train, 0, "ab");
        Write(TokenShards.Validation, 0, "the cat sat on the mat", "and so on");
        Write(TokenShards.Validation, 1, "a second shard");
        ScriptedModel.Write(_bench.Folder("checkpoint"), "7", contextLength: 8);
        using var model = TrainedModel.Open(_bench.Folder("checkpoint"), new GivenPlugins(ScriptedModel.Plugins));
        foreach (var limit in new[] { 5L, 20, 1000 })
        {
            await RunAsync(new() { Order = 1, SequenceLength = 8, ValidationTokens = limit });

            // No token of the text was seen in training: each has the probability that is left for words without a
            // count.
            var neural = HeldOut.Measure(model.Model, model.Tokenizer, Tokens, limit);
            _bench.Metrics["tokens"].ShouldBe(neural.Tokens);
            (_bench.Metrics["bits_per_byte"] / _bench.Metrics["validation_loss"]).ShouldBe(neural.BitsPerByte / neural.Loss, 0.15);
        }
    }

    [Fact]
    public async Task TheEndOfATextCountsInTheLossAndNotInBitsPerByte()
    {
        Write(TokenShards.Train, 0, "aab", "ab");
        Write(TokenShards.Validation, 0, "a", "b");

        await RunAsync(new() { Order = 1, SequenceLength = 3 });

        // The text is end of text, a, end of text, b. Predicted are a, end of text, b. Of 7 tokens 3 are a, 2 are b and
        // 2 are end of text. The discounts are 1.5, 1 and 1.
        double Probability(int count) => ((count - (count == 3 ? 1.5 : 1)) / 7.0) + (3.5 / 7 / 259);
        _bench.Metrics["validation_loss"].ShouldBe(-(Math.Log(Probability(3)) + (2 * Math.Log(Probability(2)))) / 3, 1e-9);
        _bench.Metrics["bits_per_byte"].ShouldBe(-(Math.Log2(Probability(3)) + Math.Log2(Probability(2))) / 2, 1e-9);
        _bench.Metrics["training_tokens"].ShouldBe(7);
        _bench.Metrics["ngrams/1"].ShouldBe(3);
    }

    [Fact]
    public async Task LongerContextsPredictARepeatedTextBetter()
    {
        string[] texts = [.. Enumerable.Repeat("how much wood would a woodchuck chuck if a woodchuck could chuck wood", 5)];
        Write(TokenShards.Train, 0, texts);
        Write(TokenShards.Validation, 0, texts);
        List<double> losses = [];
        foreach (var order in new[] { 1, 2, 3, 5 })
        {
            await RunAsync(new() { Order = order, SequenceLength = 16 });
            losses.Add(_bench.Metrics["bits_per_byte"]);
        }

        losses.ShouldBe(losses.OrderDescending());
        losses[^1].ShouldBeLessThan(losses[0] / 4);
        (await File.ReadAllTextAsync(Path.Combine(_bench.Folder("output"), "report.md"), TestContext.Current.CancellationToken)).ShouldContain("| 5 |");
    }

    [Fact]
    public async Task AModelIsBetterByWhatItsOwnStageRecorded()
    {
        Write(TokenShards.Train, 0, "aab", "ab");
        Write(TokenShards.Validation, 0, "a", "b");
        var folder = _bench.Folder("model");
        MetricPoint[] points = [new("validation_loss", 9, 1, default), new("bits_per_byte", 8, 1, default), new("validation_loss", 0.25, 2, default), new("bits_per_byte", 0.5, 2, default)];
        await File.WriteAllLinesAsync(Path.Combine(folder, ArtifactLocation.MetricsFile), points.Select(MetricLines.Write), TestContext.Current.CancellationToken);

        await RunAsync(new() { Order = 1, SequenceLength = 3 }, new(new ArtifactLocation(folder, Origin: new ArtifactOrigin("pretrain", "key", folder))));

        _bench.Metrics["validation_loss_gain"].ShouldBe(_bench.Metrics["validation_loss"] - 0.25);
        _bench.Metrics["bits_per_byte_gain"].ShouldBe(_bench.Metrics["bits_per_byte"] - 0.5);
        (await Should.ThrowAsync<InvalidDataException>(RunAsync(new() { SequenceLength = 3 }, new(_bench.Folder("other"))))).Message.ShouldContain("did not record validation_loss");
    }

    [Fact]
    public async Task TokensOfAnotherTokenizerAreRefused()
    {
        using (var writer = new TokenShardWriter(Path.Combine(_bench.Folder("tokens"), TokenShards.FileName(TokenShards.Train, 0)), 1000))
        {
            writer.Write([256, 999], 1);
        }

        (await Should.ThrowAsync<InvalidDataException>(RunAsync(new()))).Message.ShouldContain("the train part contains the token 999, but the tokenizer has only 259");
    }

    private TokenShards Tokens => new(_bench.Folder("tokens"));

    private void Write(string split, int shard, params string[] texts)
    {
        var tokenizer = new ByteTokenizer();
        using var writer = new TokenShardWriter(Path.Combine(_bench.Folder("tokens"), TokenShards.FileName(split, shard)), tokenizer.VocabularySize);
        foreach (var text in texts)
        {
            writer.Write([256, .. tokenizer.Encode(text)], text.Length);
        }
    }

    private Task<Report> RunAsync(KneserNeyOptions options, Checkpoint? model = null) =>
        new KneserNeyStage(options).RunAsync(new(Tokens, new Tokenizer(_bench.Folder("tokens")), model), _bench.Context<KneserNeyStage>(plugins: ScriptedModel.Plugins), TestContext.Current.CancellationToken);
}
