namespace Experiments.EndToEnd.Tests.Commands;

public sealed class PluginsTests
{
    [Fact]
    public async Task ListsAllByKind()
    {
        var (exitCode, output, _) = await new Lab(null).RunAsync("plugins");

        exitCode.ShouldBe(0);
        output.ShouldContain("\n\nchat-engines\n");
        output.ShouldContain("\n\nfilters\n  c4-quality ");
        output.ShouldMatch("\n  pretrain  +\\w");
    }

    [Fact]
    public async Task ListsOneKind()
    {
        var rows = Printed.Rows((await new Lab(null).RunAsync("plugins", "optimizer")).Output);

        rows[0].ShouldBe(["optimizers"]);
        rows[1..^1].Select(row => row[0]).ShouldBe(["adamw", "muon"]);
    }

    [Fact]
    public async Task DescribesOneWithItsInputsOutputsAndOptions()
    {
        var (exitCode, output, _) = await new Lab(null).RunAsync("plugins", "tokenize");

        exitCode.ShouldBe(0);
        output.ShouldStartWith("stage tokenize, version ");
        var rows = Printed.Rows(output);
        rows.ShouldContain(row => row[0] == "input" && row[1].StartsWith("tokenizer: Tokenizer", StringComparison.Ordinal));
        rows.ShouldContain(row => row.SequenceEqual(new[] { "output", "TokenShards" }));
        rows.ShouldContain(row => row[0] == "option");
    }

    [Fact]
    public async Task AnUnknownNameIsAMistake()
    {
        var (exitCode, output, errors) = await new Lab(null).RunAsync("plugins", "optimiser");

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("'optimiser'");
        errors.ShouldContain("optimizer, ");
    }
}
