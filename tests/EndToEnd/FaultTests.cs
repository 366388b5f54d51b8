using Experiments.Engine.Artifacts;
using Experiments.Engine.Workers;

namespace Experiments.EndToEnd.Tests;

/// <summary>
/// Runs the real executable, and kills it or lets the disk be full at each place where bytes reach the disk or names
/// change, one after the other.
/// </summary>
public sealed class FaultTests : IDisposable
{
    private const int KilledExit = 128 + Lab.Kill;

    private readonly string _folder = Directory.CreateTempSubdirectory("lab-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AHostKilledAtEveryPlaceInTurnLosesNothing()
    {
        string[] run = ["run", Lab.Tiny, "--until", "base"];
        var kills = await ChainAsync(run, FaultPoint.Variable, number => $"{number}", KilledExit, _ => true);

        kills.ShouldBeGreaterThanOrEqualTo(180);
        await ShouldBeAsUndisturbedAsync(run);
    }

    [Fact]
    public async Task AWorkerKilledAtEveryPlaceInTurnLosesNothing()
    {
        // The recipe covers pretraining, SFT, GRPO and the model's answers after them. With kills and resumes it must
        // give the same results as an uninterrupted run.
        string[] run = ["run", Lab.Tiny, "--until", "rl-exam"];
        var kills = await ChainAsync(run, FaultPoint.WorkerVariable, number => $"{number}", ExitCodes.Failed, output => output.Contains("SIGKILL", StringComparison.Ordinal));

        kills.ShouldBeGreaterThanOrEqualTo(20);
        await ShouldBeAsUndisturbedAsync(run);
    }

    [Fact]
    public async Task ADiskThatIsFullAtEveryPlaceInTurnIsNamedAndNothingIsHalfCommitted()
    {
        string[] run = ["run", Lab.Tiny, "--until", "tokenizer"];
        var starved = await ChainAsync(run, FaultPoint.Variable, number => $"{number}:full", ExitCodes.Failed, output => output.Contains("The disk is full", StringComparison.Ordinal));

        starved.ShouldBeGreaterThanOrEqualTo(50);
        await ShouldBeAsUndisturbedAsync(run);
    }

    /// <summary>
    /// Runs repeatedly and fails at place 1, 2, 3 and so on. After a stage is committed, the count returns to its value
    /// at that stage's beginning, so that the next stage also fails at each of its places.
    /// </summary>
    /// <returns>How many runs failed before one succeeded.</returns>
    private async Task<int> ChainAsync(string[] run, string variable, Func<int, string> fault, int expectedExit, Func<string, bool> isExpected)
    {
        var (failures, place, first, committed) = (0, 1, (int?)null, 0);
        for (; ; failures++, place++)
        {
            var (exitCode, output, errors) = await new Lab(_folder, (variable, fault(place))).RunAsync(run);
            if (exitCode == 0)
            {
                TestContext.Current.TestOutputHelper!.WriteLine($"failed {failures} times before it came through");
                return failures;
            }

            exitCode.ShouldBe(expectedExit, $"at place {place}: {output}{errors}");
            isExpected(output + errors).ShouldBeTrue($"at place {place}: {output}{errors}");
            SetAside().ShouldBeEmpty($"at place {place}");
            var now = Count("artifacts", "artifact.json");
            if (now > committed)
            {
                (committed, place, first) = (now, first - 1 ?? 0, null);
            }
            else if (first is null && Count("artifacts/tmp", "attempt.json") > 0)
            {
                first = place;
            }
        }
    }

    private int Count(string folder, string file) =>
        Directory.Exists(Path.Combine(_folder, folder))
            ? Directory.EnumerateDirectories(Path.Combine(_folder, folder)).Count(each => Path.GetFileName(each) != "tmp" && Directory.EnumerateFiles(each, file, SearchOption.AllDirectories).Any())
            : 0;

    /// <summary>Artifacts that were found incomplete.</summary>
    private IEnumerable<string> SetAside() =>
        Directory.Exists(Path.Combine(_folder, "artifacts")) ? Directory.EnumerateDirectories(Path.Combine(_folder, "artifacts"), "*.bad*") : [];

    private async Task ShouldBeAsUndisturbedAsync(string[] run)
    {
        var lab = new Lab(_folder);
        (await lab.RunAsync("verify")).Output.ShouldContain(", 0 were damaged");
        SetAside().ShouldBeEmpty();

        var undisturbed = new Lab(Path.Combine(_folder, "undisturbed"));
        (await undisturbed.RunAsync(run)).ExitCode.ShouldBe(0);
        Lab.WithoutReports(lab.Digests()).ShouldBe(Lab.WithoutReports(undisturbed.Digests()));
        lab.Metrics().ShouldBe(undisturbed.Metrics());
    }
}
