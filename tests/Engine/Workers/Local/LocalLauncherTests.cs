using System.Diagnostics;
using System.Globalization;
using Experiments.Contracts.Running;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Workers.Local;

/// <summary>The launcher with a shell script as worker: <c>$1</c> is the attempt's folder, what follows are the worker's arguments.</summary>
public sealed class LocalLauncherTests : TemporaryFolder
{
    private const int Patience = 60_000; // a test of a hang must not hang

    private const string Says = """echo '{"event":"log","is_warning":false,"text":"begun"}'""" + "\n";

    private const string Done = """echo '{"event":"finished","peak_memory":42,"parts":[],"metrics_length":0}'""" + "\n";

    private readonly List<WorkerEvent> _heard = [];
    private TimeProvider _time = new FakeTimeProvider();

    [Fact]
    public async Task AWorkerThatEndsWellGivesItsEventsAndItsMemory()
    {
        var end = await RunAsync(Says + Done);

        end.Status.ShouldBe(EndStatus.Done);
        end.Output.ShouldNotBeNull().PeakMemory.ShouldBe(42);
        _heard.ShouldBe([new Logged(IsWarning: false, "begun")]);
    }

    [Fact]
    public async Task WhatALibraryPrintsIsALineOfTheLog()
    {
        await RunAsync("echo plain; echo error >&2");

        _heard.OfType<Logged>().Select(line => line.Text).ShouldBe(["plain", "error"], ignoreOrder: true);
    }

    [Fact]
    public async Task AFailureIsWhatTheWorkerSaid() =>
        (await RunAsync("""echo '{"event":"failed","is_transient":true,"message":"full","detail":"there"}'; exit 1"""))
            .ShouldBe(new WorkerEnd(EndStatus.Failed, null, new Failed(IsTransient: true, "full", "there")));

    [Theory]
    [InlineData("exit 0", "exit code 0")]
    [InlineData(Says + "exit 75", "exit code 75")]
    [InlineData("""echo '{"event":"finished","peak_memory":42,"par'""", "exit code 0")]
    [InlineData("""echo '{"event":"finished","peak_memory":42,"parts":[null],"metrics_length":0}'""", "exit code 0")]
    public async Task AnExitCodeWithoutALastWordIsAFailure(string script, string explained)
    {
        var end = await RunAsync(script);

        (end.Status, end.Output).ShouldBe((EndStatus.Failed, null));
        end.Failure.ShouldNotBeNull().Message.ShouldContain($"{explained}, but never said how the stage ended");
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("kill -SEGV $$")]
    [InlineData("""echo '{"event":"failed","is_transient":false,"message":"late","detail":""}'""")]
    public async Task AfterTheLastWordNothingCounts(string after)
    {
        var end = await RunAsync(Done + after);

        (end.Status, end.Failure).ShouldBe((EndStatus.Done, null));
    }

    [Fact]
    public async Task AWorkerThatSaysThatItStoppedWasInterrupted() =>
        (await RunAsync("""echo '{"event":"stopped"}'; exit 75""")).ShouldBe(new WorkerEnd(EndStatus.Interrupted, null, null));

    [Fact(Timeout = Patience)]
    public async Task AWorkerThatDoesNotExitAfterItsLastWordIsEnded()
    {
        _time = new HastyTime();

        (await RunAsync(Done + "sleep 1000")).Status.ShouldBe(EndStatus.Done);
    }

    [Fact(Timeout = Patience)]
    public async Task WhatAWorkerLeavesRunningInItsGroupIsEnded() =>
        (await RunAsync("(sleep 1000 &)\n" + Done, shell: ["/usr/bin/setsid", "/bin/bash"])).Status.ShouldBe(EndStatus.Done);

    [Fact(Timeout = Patience)]
    public async Task AProcessThatLeftTheGroupAndHoldsTheOutputDoesNotHoldTheHost()
    {
        _time = new HastyTime();

        (await RunAsync($"(setsid sleep 1000 & echo $! > {Folder}/child)\n" + Done + "sleep 1000")).Status.ShouldBe(EndStatus.Done);

        using var left = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "child"), TestContext.Current.CancellationToken), CultureInfo.InvariantCulture));
        left.Kill();
    }

    [Fact(Timeout = Patience)]
    public async Task AWorkerThatIgnoresTheSignalIsKilledWithAllItsChildren()
    {
        using var process = ChildProcess.Start(new OwnCommand("/bin/bash", ["-c", "trap '' TERM; sleep 1000 & echo begun; wait; sleep 1000"]), [], [], _time);

        var exitCode = await process.ReadToEndAsync((_, _) =>
        {
            process.SendTerminate();
            process.Kill();
        });

        exitCode.ShouldBe(128 + 9);
    }

    [Fact]
    public async Task ALineWithoutAnEndEndsTheWorker()
    {
        var failure = (await RunAsync("tr '\\0' a < /dev/zero; sleep 1000")).Failure.ShouldNotBeNull();

        failure.Message.ShouldContain("a line of more than 64 MiB");
        failure.Detail.ShouldStartWith("The line begins: aaaa");
    }

    [Fact]
    public async Task ALongLineOfTheLogIsCut()
    {
        await RunAsync("head -c 100000 /dev/zero | tr '\\0' a >&2; echo >&2; echo next >&2\n" + Done);

        _heard.OfType<Logged>().Select(line => line.Text).ShouldBe([new string('a', 1 << 16) + " [the rest of this line is left out]", "next"]);
    }

    [Theory]
    [InlineData("""{"event":"metric","name":null,"value":1}""")]
    [InlineData("""{"event":"metric","value":1}""")]
    [InlineData("""{"event":"metric","name":"","value":1}""")]
    [InlineData("""{"event":"metric","name":"loss","value":"x"}""")]
    [InlineData("""{"event":"log"}""")]
    [InlineData("""{"event":"progress","done":1}""")]
    [InlineData("""{"event":"failed"}""")]
    [InlineData("""{"event":"no-such-event"}""")]
    [InlineData("""{"event":null}""")]
    [InlineData("""{"event":""")]
    public async Task ADamagedEventIsALineOfTheLog(string line)
    {
        var end = await RunAsync($"echo '{line}'\n" + Done);

        _heard.ShouldBe([new Logged(IsWarning: false, line)]);
        end.Status.ShouldBe(EndStatus.Done);
    }

    [Theory]
    [InlineData("kill -KILL $$", "SIGKILL")]
    [InlineData("kill -SEGV $$", "SIGSEGV")]
    [InlineData("kill -ABRT $$", "SIGABRT")]
    [InlineData("exit 3", "exit code 3")]
    public async Task ADeathWithoutAWordIsExplainedAndKeepsTheLastLines(string death, string explained)
    {
        var failure = (await RunAsync("for i in $(seq 30); do echo line $i >&2; done; " + death)).Failure.ShouldNotBeNull();

        failure.Message.ShouldContain(explained);
        failure.IsTransient.ShouldBeFalse();
        failure.Detail.Split('\n').ShouldBe(Enumerable.Range(11, 20).Select(i => $"line {i}"));
    }

    [Fact]
    public async Task AnInterruptionAsksTheWorkerToSaveAndStop()
    {
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var end = await RunAsync("trap 'exit 75' TERM\n" + Says + "read -r line", onEvent: _ => interruption.Cancel(), interruption: interruption.Token);

        end.ShouldBe(new WorkerEnd(EndStatus.Interrupted, null, null));
    }

    [Fact]
    public async Task AnObserverThatFailsStopsTheWorkerAndIsHeardAtTheEnd()
    {
        var thrown = await Should.ThrowAsync<IOException>(
            RunAsync($"trap 'touch {Folder}/saved; exit 75' TERM\n" + Says + "read -r line", onEvent: _ => throw new IOException("full")));

        thrown.Message.ShouldBe("full");
        File.Exists(Path.Combine(Folder, "saved")).ShouldBeTrue();
    }

    [Fact]
    public async Task AWorkerHearsThatItsInputIsItsLifeline()
    {
        await RunAsync("echo \"$@\"");

        _heard.ShouldBe([new Logged(IsWarning: false, $"{Folder} {Lifeline.Option}")]);
    }

    [Fact]
    public async Task WorkersForPiecesRunTogetherAndOneFailureIsTheEnd()
    {
        var end = await RunAsync(
            """
            echo "$3"
            mkdir "$1/first" 2>/dev/null && exit 1
            echo '{"event":"finished","peak_memory":42,"parts":[],"metrics_length":0}'
            """,
            pieceWorkers: 3);

        _heard.ShouldBe(Enumerable.Repeat(new Logged(IsWarning: false, WorkerArguments.OnlyPieces), 3));
        end.Status.ShouldBe(EndStatus.Failed);
    }

    [Fact]
    public async Task AWorkerForPiecesThatExitsWithoutAWordIsAFailure() =>
        (await RunAsync("exit 0", pieceWorkers: 2)).Failure.ShouldNotBeNull().Message.ShouldContain("never said how the stage ended");

    [Fact]
    public async Task ThreadsReachTheLibrariesByTheEnvironment()
    {
        await RunAsync("echo $OMP_NUM_THREADS $MKL_NUM_THREADS");

        _heard.ShouldBe([new Logged(IsWarning: false, "7 7")]);
    }

    private async Task<WorkerEnd> RunAsync(string script, int? pieceWorkers = null, Action<WorkerEvent>? onEvent = null, CancellationToken? interruption = null, IReadOnlyList<string>? shell = null)
    {
        var file = Path.Combine(Folder, "worker.sh");
        await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
        shell ??= ["/bin/bash"];
        return await new LocalLauncher(new OwnCommand(shell[0], [.. shell.Skip(1), file]), _time).RunAsync(new WorkerOrder(Folder, 7, pieceWorkers), Hear, interruption ?? TestContext.Current.CancellationToken);

        void Hear(WorkerEvent message)
        {
            lock (_heard)
            {
                _heard.Add(message);
            }

            onEvent?.Invoke(message);
        }
    }
}
