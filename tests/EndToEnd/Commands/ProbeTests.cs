namespace Experiments.EndToEnd.Tests.Commands;

/// <summary>The hidden command that <c>lab doctor</c> starts.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task LibtorchLoadsAndMultiplies()
    {
        var (exitCode, output, errors) = await new Lab(null).RunAsync("probe");

        exitCode.ShouldBe(0, errors);
        var answer = Printed.Json(output).ShouldHaveSingleItem();
        answer["cuda"]!.GetValueKind().ShouldBeOneOf(System.Text.Json.JsonValueKind.True, System.Text.Json.JsonValueKind.False);
        ((double)answer["product_error"]!).ShouldBeInRange(0, 1e-4);
    }

    [Fact]
    public async Task AWordMoreIsAMistake()
    {
        var (exitCode, output, errors) = await new Lab(null).RunAsync("probe", "cuda");

        exitCode.ShouldBe(2, output);
        errors.ShouldContain("'cuda'");
    }
}
