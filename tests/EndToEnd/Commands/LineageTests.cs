namespace Experiments.EndToEnd.Tests.Commands;

public sealed class LineageTests(FinishedRuns runs)
{
    [Fact]
    public async Task DrawsATreeFromAnArtifactToItsSources()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("lineage", "@3/chat");

        exitCode.ShouldBe(0);
        var lines = output.TrimEnd().Split('\n');
        lines[0].ShouldMatch(@"^sft@\d+ [0-9a-f]{12}, \d{4}-\d\d-\d\d \d\d:\d\d UTC, .*gradient_norm ");
        lines[1].ShouldMatch(@"^├─ checkpoint: pretrain@\d+ [0-9a-f]{12}, .*bits_per_byte 5\.");
        lines.ShouldContain(line => line.StartsWith("│  │     └─ documents: generate-world@", StringComparison.Ordinal));
        lines[^1].ShouldStartWith("└─ conversations: generate-world@");
        lines.Length.ShouldBe(9);
    }

    [Fact]
    public async Task AsJsonEachArtifactIsALineThatNamesItsInputs()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("lineage", "@3/chat", "--json");

        exitCode.ShouldBe(0);
        var artifacts = Printed.Json(output);
        artifacts.Select(artifact => (string)artifact["plugin"]!).ShouldBe(["sft", "pretrain", "train-bpe", "process-documents", "generate-world", "tokenize"]);
        artifacts[0]["inputs"]!.AsArray().Select(input => (string)input!["input"]!).ShouldBe(["checkpoint", "conversations"]);
        var keys = artifacts.Select(artifact => (string)artifact["key"]!).ToHashSet();
        artifacts.SelectMany(artifact => artifact["inputs"]!.AsArray()).ShouldAllBe(input => keys.Contains((string)input!["key"]!));
    }

    [Fact]
    public async Task WritesAFlowchartForMarkdown()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("lineage", "tokens", "--graph");

        exitCode.ShouldBe(0);
        output.ShouldStartWith("flowchart TD\n");
        output.ShouldContain("[\"tokenize@");
        output.Split("-->|").Length.ShouldBe(1 + 4, "arrows: documents, tokenizer, and both of theirs");
    }

    [Fact]
    public async Task WhatIsNoArtifactIsAMistake()
    {
        var (exitCode, _, errors) = await (await runs.ReadAsync()).RunAsync("lineage", "cht");

        exitCode.ShouldBe(2);
        errors.ShouldContain("'cht'");
        errors.ShouldContain("artifact.json");
    }
}
