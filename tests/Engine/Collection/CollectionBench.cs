using System.Text.Json.Nodes;
using Experiments.Engine.Collection;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Runs;

namespace Experiments.Engine.Tests.Collection;

/// <summary>Runs of a small recipe, and what a collection finds among them.</summary>
public abstract class CollectionBench : IDisposable
{
    private protected const string Recipe = """
        name: r
        stages:
          lines: { use: write-lines }
          parts: { use: split, inputs: { documents: lines } }
        """;

    private protected readonly PretendRuns _runs = new();

    public void Dispose()
    {
        _runs.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected CheckedRecipe Read(int count) => _runs.Bench.Read(Recipe, null, $"stages.lines.with.count={count}");

    private protected RunFolder Run(int count) => _runs.Run(Read(count));

    private protected GarbageCollection Collection(int keep = 1) => new(_runs.Folder, keep, _runs.Time);

    private protected IReadOnlyList<Garbage> Found(int keep = 1) => Collection(keep).Find(withRuns: false);

    private protected string Attempt(string key)
    {
        var folder = _runs.Store.WorkFolder("split", key);
        Directory.CreateDirectory(Path.Combine(folder, "attempt"));
        return folder;
    }

    /// <summary>A run whose journal names an artifact.</summary>
    private protected void Used(string key, int process)
    {
        using var opened = RunFolder.OpenOrCreateAsync(Path.Combine(_runs.Folder, "user"), new JsonObject { ["stages"] = new JsonObject() }, _runs.Time, _ => { }, CancellationToken.None).GetAwaiter().GetResult();
        using var journal = RunJournal.Open(opened.Folder.JournalFile, TimeProvider.System);
        journal.Append(RunEvents.RunStarted, new JsonObject { ["host"] = Environment.MachineName, ["process"] = process });
        journal.Append(RunEvents.StageDone, new JsonObject { ["stage"] = "s", ["key"] = key, ["outcome"] = "Found" });
    }
}
