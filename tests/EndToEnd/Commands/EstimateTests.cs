namespace Experiments.EndToEnd.Tests.Commands;

public sealed class EstimateTests(FinishedRuns runs)
{
    [Fact]
    public async Task CountsWhatEachTrainingTakes()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).RunAsync("estimate", Lab.Tiny, "--no-calibration");

        exitCode.ShouldBe(0, errors);
        var blocks = output.TrimEnd().Split("\n\n");
        blocks.Select(block => block.Split(' ', '\n', '.')[0]).ShouldBe(["base", "chat", "rl", "3"]);
        blocks[0].ShouldContain("(pretrain, ");
        var rows = Printed.Rows(blocks[0]);
        rows.Single(row => row[0] == "parameters")[1].ShouldBe("8,944: embedding 4,800, attention 1,024, feed-forward 3,072, norms 48");
        rows.Single(row => row[0] == "training")[1].ShouldStartWith("4 steps of 128 tokens: 512");
        rows.Single(row => row[0] == "memory")[1].ShouldContain("weights 36 kB, gradients 36 kB, optimizer 72 kB");
        rows.ShouldNotContain(row => row[0] == "time");
    }

    [Fact]
    public async Task AsJsonTheFiguresAddUp()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).RunAsync("estimate", Lab.Tiny, "--no-calibration", "--json");

        exitCode.ShouldBe(0, errors);
        var trainings = Printed.Json(output);
        trainings.Select(training => (string)training["stage"]!).ShouldBe(["base", "chat", "rl"]);
        foreach (var training in trainings)
        {
            var parameters = (double)training["parameters"]!;
            training["parameter_groups"]!.AsObject().Sum(group => (double)group.Value!).ShouldBe(parameters);
            ((double)training["operations"]!).ShouldBe((double)training["tokens"]! * (double)training["operations_per_token"]!);
            ((double)training["memory_bytes"]!["gradients"]!).ShouldBe(4 * parameters);
            training["seconds"].ShouldBeNull();
        }
    }

    [Fact]
    public async Task ARecipeThatIsNotThereIsAMistake()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).RunAsync("estimate", "recipes/quikstart.yaml");

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("recipes/quikstart.yaml");
    }
}
