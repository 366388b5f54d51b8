using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Rewards;
using Experiments.Plugins.Tests;
using Experiments.Testing;

namespace Experiments.Plugins.Evaluation.Tests;

public sealed class EvaluateStageTests : IDisposable
{
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private EvaluateOptions Options { get; } = new()
    {
        Reward = GivenPlugins.Nested<IReward>(new ExactMatchReward(new())),
        Prompts = ["Say <seven>"],
        RawPrompts = ["x\n"],
        MaximumTokens = 8,
        DialogueTokens = 9,
    };

    [Fact]
    public async Task AModelThatAnswersAndStopsIsCountedBySetAndOverAll()
    {
        var report = await EvaluateAsync(Model("7"), Sets());

        _bench.Metrics["exact_match/sevens"].ShouldBe(1);
        _bench.Metrics["exact_match/mixed"].ShouldBe(0.25);
        _bench.Metrics["exact_match"].ShouldBe(4 / 7.0, 1e-12);
        _bench.Metrics["exact_match_error"].ShouldBe(Math.Sqrt(4 / 7.0 * (3 / 7.0) / 7), 1e-12);
        _bench.Metrics["stopped_share"].ShouldBe(1);
        _bench.Metrics["mean_completion_tokens"].ShouldBe(2);
        var dialogue = report.GetProperty("dialogues")[0];
        (dialogue.GetProperty("answer").GetString(), dialogue.GetProperty("stopped").GetBoolean()).ShouldBe(("7", true));
    }

    [Fact]
    public async Task AModelThatNeverStopsIsRightNowhere()
    {
        var report = await EvaluateAsync(Model("7", stops: false), Sets());

        _bench.Metrics["exact_match"].ShouldBe(0);
        _bench.Metrics["stopped_share"].ShouldBe(0);
        _bench.Metrics["mean_completion_tokens"].ShouldBe(8);
        report.GetProperty("continuations")[0].GetProperty("answer").GetString().ShouldBe("777777777");
    }

    [Fact]
    public async Task TheGainIsMeasuredOnTheSetsThatBothEvaluationsHave()
    {
        var sets = Sets();
        await EvaluateAsync(Model("8", folder: "before"), new Dictionary<string, Problems> { ["mixed"] = sets["mixed"], ["gone"] = sets["sevens"] }, output: "baseline");

        var report = await EvaluateAsync(Model("7", folder: "after"), sets, new Report(_bench.Folder("baseline")), "output");

        // Of four mixed problems, one is right now and two were right before.
        _bench.Metrics["exact_match_gain"].ShouldBe(-0.25);
        _bench.Metrics["exact_match_gain/mixed"].ShouldBe(-0.25);
        _bench.Metrics["exact_match_gain_error"].ShouldBe(Math.Sqrt((0.25 * 0.75 / 4) + (0.25 / 4)), 1e-12);
        report.GetProperty("sets")[0].TryGetProperty("exact_match_gain", out _).ShouldBeFalse();
        _bench.Log.Lines.ShouldContain(line => line.Contains("'gone'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnotherKindOfReportIsNoBaseline()
    {
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder("other"), "report.json"), """{"kind":"run"}""", TestContext.Current.CancellationToken);

        var problem = await Should.ThrowAsync<InvalidDataException>(EvaluateAsync(Model("7"), Sets(), new Report(_bench.Folder("other"))));

        problem.Message.ShouldContain("baseline");
    }

    [Fact]
    public async Task WithoutChatTheProblemIsPlainTextThatEndsWithALine()
    {
        var report = await EvaluateAsync(Model("7", stops: false), Sets(), options: Options with { Chat = false });

        report.GetProperty("examples")[0].GetProperty("answer").GetString().ShouldBe("77777777");
    }

    [Fact]
    public async Task SampledAnswersHaveTheSameBytesAgain()
    {
        var model = Model("7");
        var options = Options with { Temperature = 10, SamplesPerProblem = 3 };

        await EvaluateAsync(model, Sets(), output: "one", options: options);
        await EvaluateAsync(model, Sets(), output: "two", options: options);

        Read("one", "report.json").ShouldBe(Read("two", "report.json"));
        Read("one", "report.md").ShouldBe(Read("two", "report.md"));
    }

    [Fact]
    public async Task BitsPerByteAreMeasuredWhenTokensAreGiven()
    {
        using (var writer = new TokenShardWriter(Path.Combine(_bench.Folder("tokens"), TokenShards.FileName(TokenShards.Validation, 0)), 259))
        {
            writer.Write([256, .. Enumerable.Repeat((int)'x', 99)], 99);
        }

        await EvaluateAsync(Model("7", contextLength: 16), problems: null, tokens: new TokenShards(_bench.Folder("tokens")));

        // The model knows nothing about this text: all 259 tokens are equally probable.
        _bench.Metrics["bits_per_byte"].ShouldBe(Math.Log2(259), 1e-4);
        _bench.Metrics.Points.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ThePageShowsMarkupThatAModelWroteAsText()
    {
        await EvaluateAsync(Model("</pre>"), Sets());

        Read("output", "report.md").ShouldContain("> Say &lt;seven>\n&lt;/pre>\n  (ended itself after 7 tokens)");
    }

    private Dictionary<string, Problems> Sets() => new()
    {
        ["sevens"] = Set("sevens", "7", "7", "7"),
        ["mixed"] = Set("mixed", "7", "8", "8", "9"),
    };

    private Problems Set(string name, params string[] answers)
    {
        Problems.Write(Path.Combine(_bench.Folder(name), "problems.jsonl"), answers.Select((answer, i) => new Problem($"Problem {i}?", answer)));
        return new(_bench.Folder(name));
    }

    private Checkpoint Model(string answer, bool stops = true, string folder = "checkpoint", int contextLength = 512)
    {
        ScriptedModel.Write(_bench.Folder(folder), answer, stops, contextLength);
        return new(_bench.Folder(folder));
    }

    private async Task<JsonElement> EvaluateAsync(
        Checkpoint model, Dictionary<string, Problems>? problems, Report? baseline = null, string output = "output", EvaluateOptions? options = null, TokenShards? tokens = null)
    {
        var stage = new EvaluateStage(tokens is null ? options ?? Options : Options with { Prompts = [], RawPrompts = [] });
        await stage.RunAsync(new(model, problems, tokens, baseline), _bench.Context<EvaluateStage>(output, plugins: ScriptedModel.Plugins), TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(Read(output, "report.json"));
    }

    private string Read(string output, string file) => File.ReadAllText(Path.Combine(_bench.Folder(output), file));
}
