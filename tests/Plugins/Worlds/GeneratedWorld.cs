using Experiments.Contracts;
using Experiments.Plugins.Worlds.Arithmetic;
using Experiments.Plugins.Worlds.People;
using Experiments.Plugins.Worlds.Truth;
using Experiments.Plugins.Worlds.Web;
using Experiments.Testing;

namespace Experiments.Plugins.Worlds.Tests;

/// <summary>One small world that the tests of this class look at.</summary>
public sealed class GeneratedWorld : IDisposable
{
    internal const ulong Seed = 7;

    internal static readonly GenerateWorldOptions Options = new()
    {
        People = 60, Pages = 240, AdditionConversations = 300, ChainConversations = 100, FactConversations = 200, TrainingProblems = 400, HeldOutProblems = 100,
        PersonalDataShare = 0.3, OddCharsetShare = 0.3,
    };

    public GeneratedWorld()
    {
        World = Run(Bench, "world", Seed);
        People = Population.Make(Options.People, Options.QuestionedShare, Seed);
        Exercises = new(Options, Seed);
        Responses = new Crawl(Options, People, Exercises, Seed).Compose();
        Truth = [.. TruthRecord.Read(World.Truth)];
    }

    internal StageBench Bench { get; } = new();

    internal World World { get; }

    internal IReadOnlyList<Person> People { get; }

    internal ExerciseSource Exercises { get; }

    internal Response[] Responses { get; }

    internal TruthRecord[] Truth { get; }

    internal IEnumerable<TruthRecord> Good => Truth.Where(page => page.Keep);

    internal static World Run(StageBench bench, string folder, ulong seed) =>
        new GenerateWorldStage(Options).RunAsync(new NoInputs(), bench.Context<GenerateWorldStage>(folder, seed), CancellationToken.None).Result;

    public void Dispose() => Bench.Dispose();
}
