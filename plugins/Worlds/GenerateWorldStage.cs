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
/// Makes a synthetic web with known truth: a crawl of facts about people and of worked exercises among all the noise of a real one, and the
/// conversations and problems that go with it. A model of some 100,000 parameters can learn all of it.
/// </summary>
/// <remarks>
/// A URL filter is meant to refuse <c>casino-royal.example</c>, <c>lucky-slots.example</c>, <c>adult-nights.example</c>,
/// <c>free-codec-malware.example</c> and <c>pirate-warez.example</c> with all their subdomains. Operands of sums have each length from 1 to
/// <c>addition_digits</c> equally often, and answers are written with the least significant digit first. One exercise in 16, chosen by a hash
/// of its operands (a+b and b+a are one), occurs in the held-out problems alone.
/// </remarks>
[Plugin("generate-world")]
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

/// <summary>A synthetic web and what goes with it.</summary>
/// <param name="Crawl">The responses: WARC files, <c>crawl-00000.warc.gz ...</c></param>
/// <param name="Conversations">For fine-tuning: sums, chains, facts about a part of the people, small talk.</param>
/// <param name="TrainingProblems">Sums and chains to train on.</param>
/// <param name="HeldOutProblems">Sums and chains that occur nowhere else in the world.</param>
/// <param name="FactProblems">Questions about the people of whom only the crawl tells, and never as a question.</param>
/// <param name="Truth">What is true of each response.</param>
public sealed record World(Documents Crawl, Conversations Conversations, Problems TrainingProblems, Problems HeldOutProblems, Problems FactProblems, GroundTruth Truth);

/// <summary>Settings of <c>generate-world</c>.</summary>
public sealed record GenerateWorldOptions
{
    /// <summary>People of whom facts are told. Default: 200.</summary>
    [Range(1, 20_000)]
    public int People { get; init; } = 200;

    /// <summary>Share of the people whom conversations and forum pages ask about; the fact problems are about the others. Unit: fraction. Default: 0.6.</summary>
    [Range(0.0, 1.0)]
    public double QuestionedShare { get; init; } = 0.6;

    /// <summary>Pages that a clean corpus should hold, of about 2,000 characters each. All other pages come on top. Default: 1200.</summary>
    [Range(20, 1_000_000)]
    public int Pages { get; init; } = 1200;

    /// <summary>Share of these pages that work out exercises; the others tell about people. Unit: fraction. Default: 0.4.</summary>
    [Range(0.0, 0.9)]
    public double ExerciseShare { get; init; } = 0.4;

    /// <summary>Share of the exercises, on pages and in problems, that are sums; the others are chains. 1 makes sums the only kind. Unit: fraction. Default: 0.75.</summary>
    [Range(0.0, 1.0)]
    public double AdditionShare { get; init; } = 0.75;

    /// <summary>Most digits of an operand of a sum. Default: 3.</summary>
    [Range(1, 8)]
    public int AdditionDigits { get; init; } = 3;

    /// <summary>Operations in a chain. Default: 4.</summary>
    [Range(1, 32)]
    public int ChainLength { get; init; } = 4;

    /// <summary>Problems to train on, all different. Default: 4000.</summary>
    [Range(0, 10_000_000)]
    public int TrainingProblems { get; init; } = 4000;

    /// <summary>Problems held out, all different. Default: 512.</summary>
    [Range(0, 1_000_000)]
    public int HeldOutProblems { get; init; } = 512;

    /// <summary>Conversations that do a sum. Default: 6000.</summary>
    [Range(0, 10_000_000)]
    public int AdditionConversations { get; init; } = 6000;

    /// <summary>Conversations that work out a chain. Default: 2000.</summary>
    [Range(0, 10_000_000)]
    public int ChainConversations { get; init; } = 2000;

    /// <summary>Conversations with a question about a person. Default: 2400.</summary>
    [Range(0, 10_000_000)]
    public int FactConversations { get; init; } = 2400;

    /// <summary>Conversations about who the assistant is. Default: 200.</summary>
    [Range(0, 1_000_000)]
    public int IdentityConversations { get; init; } = 200;

    /// <summary>Conversations that greet. Default: 200.</summary>
    [Range(0, 1_000_000)]
    public int GreetingConversations { get; init; } = 200;

    /// <summary>Conversations that thank. Default: 200.</summary>
    [Range(0, 1_000_000)]
    public int ThanksConversations { get; init; } = 200;

    /// <summary>Conversations of two turns. Default: 600.</summary>
    [Range(0, 1_000_000)]
    public int TwoTurnConversations { get; init; } = 600;

    /// <summary>Pages in other languages (de, fr, es, ru, zh, ja), for each page to keep. Unit: fraction. Default: 0.12.</summary>
    [Range(0.0, 10.0)]
    public double ForeignShare { get; init; } = 0.12;

    /// <summary>Pages on hosts that a URL filter refuses, for each page to keep. Unit: fraction. Default: 0.05.</summary>
    [Range(0.0, 10.0)]
    public double BlockedShare { get; init; } = 0.05;

    /// <summary>Pages whose bytes are those of an earlier page at another address, for each page to keep. Unit: fraction. Default: 0.06.</summary>
    [Range(0.0, 0.5)]
    public double ExactDuplicateShare { get; init; } = 0.06;

    /// <summary>Pages with the text of an earlier page, one word in a hundred changed, in another layout, for each page to keep. Unit: fraction. Default: 0.06.</summary>
    [Range(0.0, 0.5)]
    public double NearDuplicateShare { get; init; } = 0.06;

    /// <summary>Pages with links and hardly any text, for each page to keep. Unit: fraction. Default: 0.05.</summary>
    [Range(0.0, 10.0)]
    public double ThinShare { get; init; } = 0.05;

    /// <summary>Pages of keywords or repeated lines, for each page to keep. Unit: fraction. Default: 0.05.</summary>
    [Range(0.0, 10.0)]
    public double RepetitiveShare { get; init; } = 0.05;

    /// <summary>Images, PDF files and JSON, for each page to keep. Unit: fraction. Default: 0.03.</summary>
    [Range(0.0, 10.0)]
    public double NotHtmlShare { get; init; } = 0.03;

    /// <summary>Missing pages, redirects and server errors, for each page to keep. Unit: fraction. Default: 0.05.</summary>
    [Range(0.0, 10.0)]
    public double NotOkShare { get; init; } = 0.05;

    /// <summary>Share of the pages to keep that are not UTF-8 or do not say so. Unit: fraction. Default: 0.12.</summary>
    [Range(0.0, 1.0)]
    public double OddCharsetShare { get; init; } = 0.12;

    /// <summary>Share of the pages to keep that hold an e-mail address and, each in half of them, a public and a private IPv4 address. Unit: fraction. Default: 0.1.</summary>
    [Range(0.0, 1.0)]
    public double PersonalDataShare { get; init; } = 0.1;

    /// <summary>Share of the pages to keep with damaged markup. Unit: fraction. Default: 0.1.</summary>
    [Range(0.0, 1.0)]
    public double BrokenShare { get; init; } = 0.1;
}
