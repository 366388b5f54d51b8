using Experiments.Contracts;
using Experiments.Contracts.Running;

namespace Experiments.Testing;

/// <summary>Runs one stage without the engine, with a context in memory and a temporary folder.</summary>
public sealed class StageBench : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lab-test-").FullName;

    public RecordedMetrics Metrics { get; } = new();

    public RecordedLog Log { get; } = new();

    public FolderCheckpoints Checkpoints { get; }

    public StageBench() => Checkpoints = new FolderCheckpoints(Folder("checkpoints"));

    /// <summary>A folder in the temporary folder, created if needed.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>
    /// A context for a stage, whose output folder is <paramref name="output"/>. A metric that the stage does not declare
    /// is an error.
    /// </summary>
    public StageContext Context<TStage>(string output = "output", ulong seed = 1, int threads = 2, params object[] plugins)
        where TStage : IStage => new()
    {
        OutputFolder = Folder(output),
        Seed = seed,
        Time = TimeProvider.System,
        Metrics = new DeclaredMetrics(typeof(TStage), Metrics),
        Progress = new SilentProgress(),
        Log = Log,
        Checkpoints = Checkpoints,
        Plugins = new GivenPlugins(plugins),
        Threads = threads,
    };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private sealed class SilentProgress : IStageProgress
    {
        public void Report(double done, double? total, string unit, string? note = null)
        {
        }
    }
}
