using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using Experiments.Learning.Decoding;
using Experiments.Learning.Tests.Shared;
using Experiments.Testing;

namespace Experiments.Plugins.Training.Tests;

public sealed class SftStageTests : IDisposable
{
    private static readonly Conversation[] Capitals =
    [
        Question("France?", "Paris"), Question("Norway?", "Oslo"), Question("Portugal, please?", "Lisbon"), Question("Latvia?", "Riga"),
    ];

    private readonly StageBench _bench = new();

    [Fact]
    public async Task TheModelLearnsToAnswerAndToStop()
    {
        var checkpoint = await Run("output", Options with { Steps = 100, ValidationShare = 0 }, Capitals);
        using var trained = TrainedModel.Open(checkpoint.Folder, TinyModels.Source);
        var template = new ChatTemplate(trained.Tokenizer);
        var prompts = Capitals.Select(conversation => template.RenderPrompt([conversation.Messages[0]])).ToList();
        var answers = new Decoder(trained.Model).Complete(prompts, new SamplingOptions { Temperature = 0, MaximumTokens = 12 }, template.EndOfTurn, seed: 1);
        answers.ShouldAllBe(answer => answer.Stopped);
        answers.Select(answer => trained.Tokenizer.Decode(answer.Content)).ShouldBe(Capitals.Select(conversation => conversation.Messages[1].Content));
    }

    [Fact]
    public async Task ARunThatWasBrokenOffEndsWithTheSameBytes()
    {
        var whole = await Run("whole", Options, Capitals);
        _bench.Checkpoints.InterruptAt = 4;
        await Should.ThrowAsync<OperationCanceledException>(() => Run("broken", Options, Capitals));
        _bench.Checkpoints.InterruptAt = null;
        var resumed = await Run("resumed", Options, Capitals);
        Weights(resumed).ShouldBe(Weights(whole));
    }

    [Fact]
    public async Task AShareIsHeldOutAndMeasured()
    {
        await Run("output", Options with { ValidationShare = 0.25 }, Capitals);
        _bench.Log.Lines.First().ShouldContain("3 conversations");
        _bench.Metrics.Points.Where(point => point.Name == "validation_loss").Select(point => point.Step).ShouldBe([0, 10]);
    }

    [Fact]
    public async Task AConversationThatIsTooLongIsLeftOutAndSaidSo()
    {
        await Run("output", Options with { ValidationShare = 0 }, [.. Capitals, Question(new string('x', 100), "long")]);
        _bench.Log.Lines.ShouldContain(line => line.StartsWith("warning: 1 of 5 conversations"));
    }

    public void Dispose() => _bench.Dispose();

    private static SftOptions Options
    {
        get
        {
            var (adamw, cosine) = (new AdamWOptions { LearningRate = 5e-3 }, new CosineOptions());
            return new()
            {
                Optimizer = GivenPlugins.Nested<IOptimizer>(new AdamWOptimizer(adamw), adamw),
                Schedule = GivenPlugins.Nested<ISchedule>(new CosineSchedule(cosine), cosine),
                Steps = 10,
                BatchSize = 4,
            };
        }
    }

    private static Conversation Question(string question, string answer) => new([new(Message.User, question), new(Message.Assistant, answer)]);

    private static byte[] Weights(Checkpoint checkpoint) => File.ReadAllBytes(Path.Combine(checkpoint.Folder, "model.safetensors"));

    private Task<Checkpoint> Run(string output, SftOptions options, Conversation[] conversations)
    {
        var folder = _bench.Folder("conversations");
        Conversations.Write(Path.Combine(folder, "chat.jsonl"), conversations);
        if (!Directory.Exists(Path.Combine(_bench.Folder(""), "checkpoint-1")))
        {
            TinyModels.Checkpoint(_bench);
        }

        return new SftStage(options).RunAsync(new(new(_bench.Folder("checkpoint-1")), new(folder)), _bench.Context<SftStage>(output, plugins: TinyModels.Plugins), CancellationToken.None);
    }
}
