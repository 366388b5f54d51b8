using System.Text.Json.Nodes;

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
    public async Task DescribesTheMetricsThatItRecords()
    {
        var (_, output, _) = await new Lab(null).RunAsync("plugins", "evaluate");

        output.ShouldContain("  metric  bits_per_byte: bits per UTF-8 byte, lower is better, only with the input tokens\n          Loss on held-out text.\n");
    }

    [Fact]
    public async Task WritesAllForScripts()
    {
        var (exitCode, output, _) = await new Lab(null).RunAsync("plugins", "stage", "--json");

        exitCode.ShouldBe(0);
        var plugins = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToDictionary(plugin => (string)plugin["name"]!);
        plugins.Count.ShouldBeGreaterThanOrEqualTo(12);
        plugins["pretrain"]["metrics"]![0]!.ToJsonString().ShouldBe(
            """{"name":"validation_loss","unit":"nats per token","better":"lower","needs_input":null,"declared_by":null,"meaning":"Loss on held-out data."}""");
        plugins["kneser-ney"]["options"]![0]!["default"]!.GetValue<int>().ShouldBe(5);
        plugins["evaluate"]["inputs"]![1]!.ToJsonString().ShouldBe("""{"name":"problems","type":"Problems","takes":"map","optional":true}""");
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
