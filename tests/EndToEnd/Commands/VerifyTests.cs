namespace Experiments.EndToEnd.Tests.Commands;

public sealed class VerifyTests(FinishedRuns runs)
{
    [Fact]
    public async Task WholeArtifactsAreCounted()
    {
        var (exitCode, output, errors) = await (await runs.CopyAsync()).RunAsync("verify");

        (exitCode, errors).ShouldBe((0, ""));
        output.ShouldMatch(@"^7 artifacts \D+, 0 \D+\n$");
    }

    [Fact]
    public async Task ADamagedOneIsNamedAndSetAside()
    {
        var lab = await runs.CopyAsync();
        var model = Directory.GetFiles(lab.Runs, "model.safetensors", SearchOption.AllDirectories).First(path => path.Contains("/sft-", StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(model, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(model, bytes, TestContext.Current.CancellationToken);

        var (exitCode, output, _) = await lab.RunAsync("verify");

        exitCode.ShouldBe(1);
        output.ShouldContain("model.safetensors");
        output.ShouldMatch(@"\n6 artifacts \D+, 1 \D+\n$");
        Directory.GetDirectories(Path.Combine(lab.Runs, "artifacts"), "sft-*.bad*").ShouldHaveSingleItem();
        (await lab.RunAsync("verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task AWordMoreIsAMistake()
    {
        var (exitCode, _, errors) = await new Lab(null).RunAsync("verify", "chat");

        exitCode.ShouldBe(2);
        errors.ShouldContain("'chat'");
    }
}
