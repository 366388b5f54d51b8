namespace Experiments.EndToEnd.Tests.Commands;

public sealed class ChatTests(FinishedRuns runs)
{
    [Fact]
    public async Task AnswersEachLineAndTheSameAgain()
    {
        var lab = await runs.ReadAsync();
        var (exitCode, output, errors) = await lab.TellAsync("Hello!\nWho are you?\n\nnot read\n", "chat", "--seed", "1");

        (exitCode, errors).ShouldBe((0, ""));
        output.ShouldContain("sft-");
        output.Split("\nlab  ").Length.ShouldBe(1 + 2);
        (await lab.TellAsync("Hello!\nWho are you?\n", "chat", "--seed", "1")).Output.ShouldBe(output);
        (await lab.TellAsync("Hello!\nWho are you?\n", "chat", "--seed", "2")).Output.ShouldNotBe(output);
    }

    [Fact]
    public async Task AStagesNameIsThatStagesModel()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).TellAsync("Hello!\n", "chat", "base");

        exitCode.ShouldBe(0, errors);
        output.ShouldContain("pretrain-");
        output.ShouldContain("\nlab  ");
    }

    [Theory]
    [InlineData("'bse'", "bse")]
    [InlineData("Temperature", "--temperature", "-1")]
    public async Task AMistakeIsNamedBeforeAModelIsLoaded(string named, params string[] arguments)
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).TellAsync("Hello!\n", ["chat", .. arguments]);

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain(named);
    }
}
