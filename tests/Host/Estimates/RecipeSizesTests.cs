using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Estimates;
using Experiments.Engine.Planning;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Host.Display;
using Experiments.Host.Estimates;

namespace Experiments.Host.Tests.Estimates;

public sealed class RecipeSizesTests : IDisposable
{
    private static readonly PluginCatalog Catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-sizes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheVocabularyAndTheModelArePassedOnFromStageToStageBeforeAnythingIsMade()
    {
        var sizes = Sizes(Pipeline);

        sizes["base"].Model!.VocabularySize.ShouldBe(700);
        sizes["base"].Training!.Steps.ShouldBe(50);
        sizes["base"].Training!.TokensPerStep.ShouldBe(8 * 64);
        sizes["base"].Training!.Tokens.ShouldBe(50 * 8 * 64);
        var chat = sizes["chat"];
        (chat.Model, chat.Training!.Steps).ShouldBe((sizes["base"].Model, null));
        chat.Training.Missing.ShouldBe("the number of conversations, 2 times each");
        var rl = sizes["rl"].Training!;
        (rl.Steps, rl.TokensPerStep, rl.IsAtMost, rl.FrozenModels, rl.TokensSampled).ShouldBe((30, 4 * 6 * 64, true, 1, 30 * 4 * 6 * 16));
    }

    [Fact]
    public void DataThatIsThereIsCounted()
    {
        var file = Path.Combine(_folder, "talk.jsonl");
        Conversations.Write(file, Enumerable.Repeat(new Conversation([new(Message.User, "Hi"), new(Message.Assistant, "Hello")], null), 1000));

        var sizes = Sizes(Pipeline.Replace("world.conversations", $"file:{file}", StringComparison.Ordinal));

        // 980 of 1,000 conversations are used for training, twice each, with 10 per step.
        sizes["chat"].Training!.Steps.ShouldBe(196);
    }

    [Theory, InlineData("gpt2"), InlineData("p50k_edit"), InlineData("p50k_base"), InlineData("cl100k_base"), InlineData("o200k_base"), InlineData("r50k_base")]
    public void APublishedTokenizerTellsItsVocabularyWithoutBeingOpened(string name) =>
        Sizes($"stages: {{ words: {{ use: published-tokenizer, with: {{ name: {name} }} }} }}")["words"].VocabularySize.ShouldBe(Catalog.OpenTokenizer(name).VocabularySize);

    [Fact]
    public void ThePageNamesEachTrainingAndWhatIsNotKnown()
    {
        var output = new StringWriter();
        var display = new EstimateDisplay(output, json: false);
        foreach (var stage in Of(Pipeline).Where(stage => stage.Size.Training is not null))
        {
            display.Write(stage, calibration: null);
        }

        display.End();
        var page = output.ToString();
        page.ShouldContain("base (pretrain)");
        page.ShouldContain("50 steps of 512 tokens: 26 k");
        page.ShouldContain("steps of at most 640 tokens; their number depends on the number of conversations, 2 times each");
        page.ShouldEndWith("3 trainings.\n");
        page.ShouldNotContain("time ");
    }

    private string Pipeline => """
        stages:
          world: { use: generate-world }
          words: { use: train-bpe, inputs: { documents: world.crawl }, with: { vocabulary_size: 700 } }
          tokens: { use: tokenize, inputs: { documents: world.crawl, tokenizer: words } }
          base:
            use: pretrain
            inputs: { tokens: tokens, tokenizer: words }
            with: { model: { use: gpt, depth: 1, context: 64 }, steps: 50, batch_size: 8 }
          chat: { use: sft, inputs: { checkpoint: base, conversations: world.conversations }, with: { batch_size: 10, epochs: 2 } }
          rl:
            use: grpo
            inputs: { checkpoint: chat, problems: world.training_problems }
            with: { reward: exact-match, steps: 30, prompts_per_step: 4, rollouts_per_prompt: 6, maximum_tokens: 16 }
        """;

    private Dictionary<string, StageSize> Sizes(string yaml) => Of(yaml).ToDictionary(stage => stage.Planned.Stage.Name, stage => stage.Size);

    private IReadOnlyList<SizedStage> Of(string yaml)
    {
        var path = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(path, yaml);
        var plan = new Planner(new ArtifactStore(Path.Combine(_folder, "store"), Assert.Fail), new RunHistory(Path.Combine(_folder, "runs"))).Plan(new RecipeReader(Catalog).Read(path));
        return new RecipeSizes(Catalog, new ArtifactSizes(Catalog).Of).Of(plan);
    }
}
