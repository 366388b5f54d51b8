using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;

namespace Experiments.Engine.Tests.Workers.Local;

/// <summary>The launcher with a shell script as worker: <c>$1</c> is the attempt's folder, what follows are the worker's arguments.</summary>
public sealed class LocalLauncherTests : TemporaryFolder
{
    private const string Says = """echo '{"event":"log","is_warning":false,"text":"begun"}'""" + "\n";

    private readonly List<WorkerEvent> _heard = [];

    [Fact]
    public async Task AWorkerThatEndsWellGivesItsEventsAndItsMemory()
    {
        var end = await RunAsync(Says + """echo '{"event":"used","peak_memory":42}'""");

        end.ShouldBe(new WorkerEnd(ExitCodes.Done, null, 42));
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
            .ShouldBe(new WorkerEnd(ExitCodes.Failed, new Failed(IsTransient: true, "full", "there"), 0));

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

        end.ShouldBe(new WorkerEnd(ExitCodes.Interrupted, null, 0));
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
            echo '{"event":"used","peak_memory":42}'
            """,
            pieceWorkers: 3);

        _heard.ShouldBe(Enumerable.Repeat(new Logged(IsWarning: false, WorkerArguments.OnlyPieces), 3));
        end.ExitCode.ShouldBe(ExitCodes.Failed);
    }

    [Fact]
    public async Task ThreadsReachTheLibrariesByTheEnvironment()
    {
        await RunAsync("echo $OMP_NUM_THREADS $MKL_NUM_THREADS");

        _heard.ShouldBe([new Logged(IsWarning: false, "7 7")]);
    }

    private async Task<WorkerEnd> RunAsync(string script, int? pieceWorkers = null, Action<WorkerEvent>? onEvent = null, CancellationToken? interruption = null)
    {
        var file = Path.Combine(Folder, "worker.sh");
        await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
        return await new LocalLauncher(new OwnCommand("/bin/bash", [file])).RunAsync(new WorkerOrder(Folder, 7, pieceWorkers), Hear, interruption ?? TestContext.Current.CancellationToken);

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
