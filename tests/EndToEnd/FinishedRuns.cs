[assembly: AssemblyFixture(typeof(Experiments.EndToEnd.Tests.FinishedRuns))]

namespace Experiments.EndToEnd.Tests;

/// <summary>
/// Three runs of the tiny recipe in one store, made when the first test asks for them: up to a chat model (@3), up to a base model with
/// another learning rate (@2), and one whose tokenizer failed (@1).
/// </summary>
public sealed class FinishedRuns : IDisposable
{
    internal const string LearningRate = "stages.base.with.optimizer.learning_rate=1e-3";

    private readonly string _root = Directory.CreateTempSubdirectory("lab-finished-").FullName;
    private readonly Lazy<Task<Printouts>> _printouts;
    private int _copies;

    public FinishedRuns() => _printouts = new(MakeAsync);

    internal sealed record Printouts((int ExitCode, string Output, string Errors) Chat, (int ExitCode, string Output, string Errors) Base, (int ExitCode, string Output, string Errors) Failed);

    private string Shared => Path.Combine(_root, "shared");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>What the three runs printed.</summary>
    internal Task<Printouts> PrintedAsync() => _printouts.Value;

    /// <summary>The executable over the shared store: for commands that change nothing.</summary>
    internal async Task<Lab> ReadAsync()
    {
        await PrintedAsync();
        return new(Shared);
    }

    /// <summary>The executable over a copy of the store: for commands that change it.</summary>
    internal async Task<Lab> CopyAsync(params IReadOnlyList<(string Name, string Value)> environment)
    {
        await PrintedAsync();
        var copy = Path.Combine(_root, $"copy-{Interlocked.Increment(ref _copies)}");
        await Lab.CopyFolderAsync(Shared, copy);
        return new(copy, environment);
    }

    private async Task<Printouts> MakeAsync()
    {
        var lab = new Lab(Shared);
        var chat = await lab.RunAsync("run", Lab.Tiny, "--until", "chat");
        var other = await lab.RunAsync("run", Lab.Tiny, "--until", "base", "--set", LearningRate);
        var failed = await lab.RunAsync("run", Lab.Tiny, "--until", "tokenizer", "--set", "vars.vocabulary=1000000");
        chat.ExitCode.ShouldBe(0, chat.Output + chat.Errors);
        other.ExitCode.ShouldBe(0, other.Output + other.Errors);
        return new(chat, other, failed);
    }
}
