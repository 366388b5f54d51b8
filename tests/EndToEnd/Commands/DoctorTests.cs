namespace Experiments.EndToEnd.Tests.Commands;

public sealed class DoctorTests(FinishedRuns runs)
{
    [Fact]
    public async Task LooksAtEachPartOfTheMachine()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).RunAsync("doctor");

        errors.ShouldBeEmpty();
        var rows = Printed.Rows(output).Where(row => row[0] is "ok" or "warning" or "problem").ToList();
        exitCode.ShouldBe(rows.Exists(row => row[0] == "problem") ? 1 : 0, output);
        string[] subjects = ["SDK", "libtorch", "processor", "memory", "GPU", "disk", "tracking", "git"];
        subjects.ShouldBeSubsetOf(rows.Select(row => row[1]));
        rows.Single(row => row[1] == "libtorch")[0].ShouldBe("ok");
        rows.Single(row => row[1] == "tracking")[2].ShouldContain("mlruns");
    }

    [Fact]
    public async Task AServerThatDoesNotAnswerComesWithItsRemedy()
    {
        var lab = await runs.CopyAsync(("MLFLOW_TRACKING_URI", "http://127.0.0.1:1"));

        var finding = Printed.Json((await lab.RunAsync("doctor", "--json")).Output).Single(each => (string)each["subject"]! == "tracking");
        ((string)finding["state"]!).ShouldBe("warning");
        ((string)finding["text"]!).ShouldStartWith("http://127.0.0.1:1/ ");
        ((string)finding["remedy"]!).ShouldContain("MLFLOW_TRACKING_URI");

        (await lab.RunAsync("doctor")).Output.ShouldMatch(@"warning +tracking +http://127\.0\.0\.1:1/ .*\n +-> .*MLFLOW_TRACKING_URI");
    }

    [Fact]
    public async Task AWordMoreIsAMistake()
    {
        var (exitCode, _, errors) = await new Lab(null).RunAsync("doctor", "torch");

        exitCode.ShouldBe(2);
        errors.ShouldContain("'torch'");
    }
}
