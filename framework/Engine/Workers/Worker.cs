using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers.Local;

namespace Experiments.Engine.Workers;

/// <summary>
/// Runs one stage in its own process: <c>lab worker FOLDER</c>. It writes its events to standard output, one per line.
/// What the stage and its libraries print goes to standard error. The <see cref="LastWord"/> says how the stage ended; an
/// exit code without it means nothing. SIGTERM or the death of the host interrupts the stage: it saves a checkpoint and
/// exits with code 75.
/// </summary>
public static class Worker
{
    /// <summary>Runs the attempt that the folder describes.</summary>
    /// <param name="attemptFolder">The folder.</param>
    /// <param name="onlyPieces">Only do pieces of the work that no other worker has claimed.</param>
    /// <param name="shipped">The shipped plugins. Those of the recipe's plugin files are added.</param>
    /// <param name="watchesInput">Whether the end of standard input interrupts the stage, because it means that the
    /// parent died.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string attemptFolder, bool onlyPieces, PluginCatalog shipped, bool watchesInput, TimeProvider time)
    {
        var (events, input) = OwnStreams.Take();
        using var interruption = new CancellationTokenSource();
        using var channel = new WorkerChannel(new StreamWriter(events, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" }, time);
        var messages = new FailureMessage(new Dictionary<string, string>());
        AppDomain.CurrentDomain.UnhandledException += (_, fault) => Fail((Exception)fault.ExceptionObject); // on a thread of the stage's own
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        using var keyboard = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true); // the host also receives it, and decides
        if (watchesInput)
        {
            ProcessGroup.Lead();
            Lifeline.Watch(input, interruption, time, ProcessGroup.KillOwn);
        }

        try
        {
            var description = AttemptDescription.Read(attemptFolder);
            messages = new FailureMessage(description.PluginAssemblies.Zip(description.PluginSources).ToDictionary(pair => pair.First, pair => pair.Second));
            var catalog = shipped.WithAssemblies(description.PluginAssemblies);
            var plugin = catalog.Find("stage", description.Plugin)!;
            var stage = catalog.Create<IStage>(description.Options);
            var threads = description.Run.Threads!.Value;
            var context = new StageContext
            {
                OutputFolder = Directory.CreateDirectory(onlyPieces ? AttemptFolder.Scratch(attemptFolder) : AttemptFolder.Output(attemptFolder)).FullName,
                Seed = description.Seed,
                Time = time,
                Metrics = Watched(catalog, plugin, description, channel),
                Progress = channel,
                Log = channel,
                Checkpoints = onlyPieces ? new NoCheckpoints() : new AttemptCheckpoints(attemptFolder, description, channel, time, interruption.Token),
                Shards = description.Run.Parallel > 1 ? new WorkShards(AttemptFolder.Shards(attemptFolder), onlyPieces, channel, interruption.Token) : null,
                Plugins = catalog,
                Threads = onlyPieces ? Math.Max(1, threads / description.Run.Parallel) : threads,
            };
            var parts = await StageCall.RunAsync(catalog, plugin, stage, description.Inputs, context, interruption.Token).ConfigureAwait(false);
            return Finish(onlyPieces ? [] : parts);
        }
        catch (WorkShards.PiecesDoneException)
        {
            return Finish([]);
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            channel.Send(new Stopped());
            return ExitCodes.Interrupted;
        }
        catch (Exception problem)
        {
            return Fail(problem);
        }

        int Finish(IReadOnlyList<FinishedPart> parts)
        {
            channel.Send(new Finished(Process.GetCurrentProcess().PeakWorkingSet64, parts, channel.FlushMetrics().Length));
            return ExitCodes.Done;
        }

        int Fail(Exception problem)
        {
            channel.Send(new Failed(IsTransient(problem), messages.Of(problem), problem.ToString()));
            return ExitCodes.Failed;
        }

        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            _ = interruption.CancelAsync(); // the stage's own callbacks run elsewhere, and may fail or hang there
        }
    }

    /// <summary>The channel's metrics. Those of the user's own plugins are compared with what they declare.</summary>
    private static IMetrics Watched(PluginCatalog catalog, PluginDescription stage, AttemptDescription description, WorkerChannel channel)
    {
        var plugins = NestedPlugins.Of(catalog, stage, JsonObject.Create(description.Options)!);
        return plugins.All(plugin => plugin.IsShipped) ? channel : new WatchedMetrics(channel, StageMetrics.Of(stage, plugins), channel);
    }

    private static bool IsTransient(Exception problem) =>
        problem is IOException and not (FileNotFoundException or DirectoryNotFoundException or EndOfStreamException) && !DiskSpace.IsExhausted(problem);

    /// <summary>A worker that only does pieces needs no checkpoints, because finished pieces are kept.</summary>
    private sealed class NoCheckpoints : ICheckpoints
    {
        public StoredCheckpoint? Latest => null;

        public void SaveIfDue(long step, Action<string> write)
        {
        }
    }
}
