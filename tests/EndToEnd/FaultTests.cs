using Experiments.Engine.Artifacts;
using Experiments.Engine.Workers;

namespace Experiments.EndToEnd.Tests;

/// <summary>
/// The real executable, killed or starved of disk where bytes reach the disk or names change: at every place, one after the other, in the
/// long tests, and at every eleventh or so in the others.
/// </summary>
public sealed class FaultTests(FinishedRuns finished) : IDisposable
{
    private const int KilledExit = 128 + Lab.Kill;

    private readonly string _folder = Directory.CreateTempSubdirectory("lab-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task AHostKilledAtPlacesFarApartLosesNothing() => KillHostAsync(stride: 17, fewestKills: 10);

    [Fact]
    [Trait(LongTests.Trait, LongTests.Long)]
    public Task AHostKilledAtEveryPlaceLosesNothing() => KillHostAsync(stride: 1, fewestKills: 180);

    [Fact]
    public Task AWorkerKilledAtPlacesFarApartLosesNothing() => KillWorkerAsync(stride: 5, fewestKills: 4);

    [Fact]
    [Trait(LongTests.Trait, LongTests.Long)]
    public Task AWorkerKilledAtEveryPlaceLosesNothing() => KillWorkerAsync(stride: 1, fewestKills: 20);

    [Fact]
    public Task ADiskThatIsFullAtPlacesFarApartIsNamedAndNothingIsHalfCommitted() => FillDiskAsync(stride: 11, fewestFailures: 5);

    [Fact]
    [Trait(LongTests.Trait, LongTests.Long)]
    public Task ADiskThatIsFullAtEveryPlaceIsNamedAndNothingIsHalfCommitted() => FillDiskAsync(stride: 1, fewestFailures: 50);

    private async Task KillHostAsync(int stride, int fewestKills)
    {
        string[] run = ["run", Lab.Tiny, "--until", "base"];
        var kills = await ChainAsync(run, FaultPoint.Variable, number => $"{number}", KilledExit, _ => true, stride);

        kills.ShouldBeGreaterThanOrEqualTo(fewestKills);
        await ShouldBeAsUndisturbedAsync(await finished.ReadAsync());
    }

    private async Task KillWorkerAsync(int stride, int fewestKills)
    {
        string[] run = ["run", Lab.Tiny, "--until", "rl-exam"]; // N steps = k + kill + resume + the rest, for pretraining, SFT and GRPO, and what the model then says
        var kills = await ChainAsync(run, FaultPoint.WorkerVariable, number => $"{number}", ExitCodes.Failed, output => output.Contains("SIGKILL", StringComparison.Ordinal), stride);

        kills.ShouldBeGreaterThanOrEqualTo(fewestKills);
        var undisturbed = await finished.CopyAsync();
        (await undisturbed.RunAsync(run)).ExitCode.ShouldBe(0);
        await ShouldBeAsUndisturbedAsync(undisturbed);
    }

    private async Task FillDiskAsync(int stride, int fewestFailures)
    {
        string[] run = ["run", Lab.Tiny, "--until", "tokenizer"];
        var starved = await ChainAsync(run, FaultPoint.Variable, number => $"{number}:full", ExitCodes.Failed, output => output.Contains("The disk is full", StringComparison.Ordinal), stride);

        starved.ShouldBeGreaterThanOrEqualTo(fewestFailures);
        await ShouldBeAsUndisturbedAsync(await finished.ReadAsync());
    }

    /// <summary>
    /// Runs again and again, failing at place 1, 1 + stride, 1 + 2 strides ...; when a stage was committed, the count goes back to where that stage began, so that the
    /// next one too fails at each of its places.
    /// </summary>
    /// <returns>How often it failed before it came through.</returns>
    private async Task<int> ChainAsync(string[] run, string variable, Func<int, string> fault, int expectedExit, Func<string, bool> isExpected, int stride)
    {
        var (failures, place, first, committed) = (0, 1, (int?)null, 0);
        for (; ; failures++, place += stride)
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
                (committed, place, first) = (now, first - stride ?? 1 - stride, null);
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

    /// <summary>Every artifact is in the undisturbed store too, with the same bytes and metrics.</summary>
    private async Task ShouldBeAsUndisturbedAsync(Lab undisturbed)
    {
        var lab = new Lab(_folder);
        (await lab.RunAsync("verify")).ExitCode.ShouldBe(0);
        SetAside().ShouldBeEmpty();

        Lab.WithoutReports(lab.Digests()).ShouldBeSubsetOf(Lab.WithoutReports(undisturbed.Digests()));
        lab.Metrics().ShouldBeSubsetOf(undisturbed.Metrics());
    }
}
