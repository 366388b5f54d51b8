using System.ComponentModel.DataAnnotations;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Worlds.Arithmetic;
using Experiments.Plugins.Worlds.Chat;
using Experiments.Plugins.Worlds.People;
using Experiments.Plugins.Worlds.Truth;
using Experiments.Plugins.Worlds.Web;

namespace Experiments.Plugins.Worlds;

/// <summary>
/// Generates a synthetic web whose truth is known: a crawl with facts about people and worked exercises, with the noise
/// of a real crawl, and matching conversations and problems. A model of about 100,000 parameters can learn all of it.
/// </summary>
/// <remarks>
/// A URL filter should block <c>casino-royal.example</c>, <c>lucky-slots.example</c>, <c>adult-nights.example</c>,
/// <c>free-codec-malware.example</c> and <c>pirate-warez.example</c> with all their subdomains. Operands of sums have
/// each length from 1 to <c>addition_digits</c> equally often. Answers to sums are written with the least significant
/// digit first. One exercise in 16, chosen by a hash of its operands (a+b and b+a count as the same exercise), occurs
/// only in the held-out problems.
/// </remarks>
[Plugin("generate-world")]
[Metric("responses", Unit = "responses", Meaning = "HTTP responses in the crawl.")]
[Metric("pages_to_keep", Unit = "pages", Meaning = "Pages that a perfect cleaning keeps.")]
[Metric("main_text_characters", Unit = "characters", Meaning = "Length of the main texts of the pages to keep.")]
[Metric("conversations", Unit = "conversations", Meaning = "Conversations for instruction tuning.")]
[Metric("fact_problems", Unit = "problems", Meaning = "Questions about facts of the world.")]
public sealed class GenerateWorldStage(GenerateWorldOptions options) : IStage<NoInputs, World>
{
    private const int ResponsesPerFile = 1000;
    private static readonly DateTimeOffset Start = new(2025, 3, 1, 6, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public Task<World> RunAsync(NoInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var people = Population.Make(options.People, options.QuestionedShare, context.Seed);
        var exercises = new ExerciseSource(options, context.Seed);
        var chats = new Chats(options, people, exercises, context.Seed);
        var responses = new Crawl(options, people, exercises, context.Seed).Compose();
        var conversations = chats.Write();
        Problem[] facts = [.. chats.FactProblems()];

        var world = new World(
            new(context.Part("crawl")), new(context.Part("conversations")), new(context.Part("training_problems")),
            new(context.Part("held_out_problems")), new(context.Part("fact_problems")), new(context.Part("truth")));
        WriteCrawl(responses, world.Crawl.Folder, context, cancellationToken);
        JsonLines.Write(Path.Combine(world.Truth.Folder, TruthRecord.FileName), responses.Select(response => response.Truth));
        Conversations.Write(Path.Combine(world.Conversations.Folder, "conversations.jsonl"), conversations);
        Problems.Write(Path.Combine(world.TrainingProblems.Folder, "problems.jsonl"), exercises.Distinct(options.TrainingProblems, isHeldOut: false));
        Problems.Write(Path.Combine(world.HeldOutProblems.Folder, "problems.jsonl"), exercises.Distinct(options.HeldOutProblems, isHeldOut: true));
        Problems.Write(Path.Combine(world.FactProblems.Folder, "problems.jsonl"), facts);

        var kept = responses.Where(response => response.Truth.Keep).ToList();
        context.Metrics.Log("responses", responses.Length);
        context.Metrics.Log("pages_to_keep", kept.Count);
        context.Metrics.Log("main_text_characters", kept.Sum(response => (long)response.Truth.MainText.Length));
        context.Metrics.Log("conversations", conversations.Length);
        context.Metrics.Log("fact_problems", facts.Length);
        return Task.FromResult(world);
    }

    private static void WriteCrawl(Response[] responses, string folder, StageContext context, CancellationToken cancellationToken)
    {
        foreach (var (file, chunk) in responses.Chunk(ResponsesPerFile).Select((chunk, file) => (file, chunk)))
        {
            using var stream = File.Create(Path.Combine(folder, $"crawl-{file:D5}.warc.gz"));
            var writer = new WarcWriter(stream);
            writer.WriteInfo($"<urn:lab:crawl:{file:D5}>", Start.AddSeconds(file * ResponsesPerFile), $"crawl-{file:D5}.warc.gz", [new("software", "lab generate-world")]);
            for (var i = 0; i < chunk.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (truth, status, headers, body) = chunk[i];
                var number = (file * ResponsesPerFile) + i;
                writer.WriteResponse(truth.Url, Start.AddSeconds(number), truth.RecordId, status, headers, body);
                context.Progress.Report(number + 1, responses.Length, "responses");
            }
        }
    }
}

/// <summary>A synthetic web with matching conversations, problems and truth.</summary>
/// <param name="Crawl">The responses: WARC files, <c>crawl-00000.warc.gz ...</c></param>
/// <param name="Conversations">
/// Conversations for fine-tuning: sums, chains, facts about some of the people, small talk.
/// </param>
/// <param name="TrainingProblems">Sums and chains to train on.</param>
/// <param name="HeldOutProblems">Sums and chains that occur nowhere else in the world.</param>
/// <param name="FactProblems">Questions about the people who appear only in the crawl, and never in a question.</param>
/// <param name="Truth">The truth about each response.</param>
public sealed record World(Documents Crawl, Conversations Conversations, Problems TrainingProblems, Problems HeldOutProblems, Problems FactProblems, GroundTruth Truth);

/// <summary>Settings of <c>generate-world</c>.</summary>
public sealed record GenerateWorldOptions
{
    /// <summary>Number of people about whom there are facts. Default: 200.</summary>
    [Range(1, 20_000)]
    public int People { get; init; } = 200;

    /// <summary>
    /// Share of the people about whom conversations and forum pages ask questions. The fact problems are about the
    /// others. Unit: fraction, 0 to 1. Default: 0.6.
    /// </summary>
    [Range(0.0, 1.0)]
    public double QuestionedShare { get; init; } = 0.6;

    /// <summary>
    /// Number of pages that a clean corpus should contain, of about 2,000 characters each. All other pages are added to
    /// these. Default: 1200.
    /// </summary>
    [Range(20, 1_000_000)]
    public int Pages { get; init; } = 1200;

    /// <summary>
    /// Share of these pages that work out exercises; the others are about people. Unit: fraction, 0 to 0.9. Default:
    /// 0.4.
    /// </summary>
    [Range(0.0, 0.9)]
    public double ExerciseShare { get; init; } = 0.4;

    /// <summary>
    /// Share of the exercises, on pages and in problems, that are sums; the others are chains. 1 = only sums. Unit:
    /// fraction, 0 to 1. Default: 0.75.
    /// </summary>
    [Range(0.0, 1.0)]
    public double AdditionShare { get; init; } = 0.75;

    /// <summary>Maximum number of digits of an operand of a sum. Default: 3.</summary>
    [Range(1, 8)]
    public int AdditionDigits { get; init; } = 3;

    /// <summary>Number of operations in a chain. Default: 4.</summary>
    [Range(1, 32)]
    public int ChainLength { get; init; } = 4;

    /// <summary>Number of problems to train on, all different. Default: 4000.</summary>
    [Range(0, 10_000_000)]
    public int TrainingProblems { get; init; } = 4000;

    /// <summary>Number of held-out problems, all different. Default: 512.</summary>
    [Range(0, 1_000_000)]
    public int HeldOutProblems { get; init; } = 512;

    /// <summary>Number of conversations that work out a sum. Default: 6000.</summary>
    [Range(0, 10_000_000)]
    public int AdditionConversations { get; init; } = 6000;

    /// <summary>Number of conversations that work out a chain. Default: 2000.</summary>
    [Range(0, 10_000_000)]
    public int ChainConversations { get; init; } = 2000;

    /// <summary>Number of conversations with a question about a person. Default: 2400.</summary>
    [Range(0, 10_000_000)]
    public int FactConversations { get; init; } = 2400;

    /// <summary>Number of conversations about who the assistant is. Default: 200.</summary>
    [Range(0, 1_000_000)]
    public int IdentityConversations { get; init; } = 200;

    /// <summary>Number of conversations in which the user greets the assistant. Default: 200.</summary>
    [Range(0, 1_000_000)]
    public int GreetingConversations { get; init; } = 200;

    /// <summary>Number of conversations in which the user thanks the assistant. Default: 200.</summary>
    [Range(0, 1_000_000)]
    public int ThanksConversations { get; init; } = 200;

    /// <summary>Number of conversations with two questions and two answers. Default: 600.</summary>
    [Range(0, 1_000_000)]
    public int TwoTurnConversations { get; init; } = 600;

    /// <summary>
    /// Pages in other languages (de, fr, es, ru, zh, ja). Unit: number per page to keep. Default: 0.12.
    /// </summary>
    [Range(0.0, 10.0)]
    public double ForeignShare { get; init; } = 0.12;

    /// <summary>Pages on hosts that a URL filter should block. Unit: number per page to keep. Default: 0.05.</summary>
    [Range(0.0, 10.0)]
    public double BlockedShare { get; init; } = 0.05;

    /// <summary>
    /// Pages with the same bytes as an earlier page, at another address. Unit: number per page to keep. Default: 0.06.
    /// </summary>
    [Range(0.0, 0.5)]
    public double ExactDuplicateShare { get; init; } = 0.06;

    /// <summary>
    /// Pages with the text of an earlier page, in which one word in a hundred is changed, on a randomly chosen site.
    /// Unit: number per page to keep. Default: 0.06.
    /// </summary>
    [Range(0.0, 0.5)]
    public double NearDuplicateShare { get; init; } = 0.06;

    /// <summary>Pages with links and hardly any text. Unit: number per page to keep. Default: 0.05.</summary>
    [Range(0.0, 10.0)]
    public double ThinShare { get; init; } = 0.05;

    /// <summary>Pages of keywords or repeated lines. Unit: number per page to keep. Default: 0.05.</summary>
    [Range(0.0, 10.0)]
    public double RepetitiveShare { get; init; } = 0.05;

    /// <summary>Images, PDF files and JSON files. Unit: number per page to keep. Default: 0.03.</summary>
    [Range(0.0, 10.0)]
    public double NotHtmlShare { get; init; } = 0.03;

    /// <summary>Missing pages, redirects and server errors. Unit: number per page to keep. Default: 0.05.</summary>
    [Range(0.0, 10.0)]
    public double NotOkShare { get; init; } = 0.05;

    /// <summary>
    /// Share of the pages to keep that are not UTF-8 or whose header does not say that they are. Unit: fraction, 0 to
    /// 1. Default: 0.12.
    /// </summary>
    [Range(0.0, 1.0)]
    public double OddCharsetShare { get; init; } = 0.12;

    /// <summary>
    /// Share of the pages to keep that contain an e-mail address. Half of these also contain a public IPv4 address, and
    /// half a private one. Unit: fraction, 0 to 1. Default: 0.1.
    /// </summary>
    [Range(0.0, 1.0)]
    public double PersonalDataShare { get; init; } = 0.1;

    /// <summary>Share of the pages to keep that have damaged markup. Unit: fraction, 0 to 1. Default: 0.1.</summary>
    [Range(0.0, 1.0)]
    public double BrokenShare { get; init; } = 0.1;
}
