using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Recipes;

namespace Experiments.Engine.Tests.Planning;

public sealed class ChangedCodeTests : IDisposable
{
    private const string Recipe = "stages: { a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [nothing, nothing, word-count] } } }";

    private readonly RecipeBench _bench = new();

    [Fact]
    public void CodeOfNestedPluginsIsRecordedOnce() =>
        Planner.CodeOf(_bench.Read(Recipe).Stages[0]).Select(code => $"{code.Kind} {code.Plugin}").ShouldBe(["stage clean", "filter nothing", "filter word-count"]);

    [Fact]
    public void AHitOfTheSameCodeHasNoWarning() => WarningOf(code => code).ShouldBeNull();

    [Fact]
    public void AnotherCompilationOfTheSameCodeHasNoWarning() => WarningOf(code => code with { Modules = Elsewhere }).ShouldBeNull();

    [Fact]
    public void AHitOfOtherCodeIsWarnedOf() =>
        WarningOf(code => code.Plugin == "nothing" ? code with { Modules = Elsewhere, Digest = "of other code" } : code)
            .ShouldBe("made by different code of nothing@1: raise its Version, or --force a");

    [Fact]
    public void AllPluginsOfOtherCodeAreNamed() =>
        WarningOf(code => code with { Modules = Elsewhere, Digest = "of other code" })
            .ShouldBe("made by different code of clean@1 and nothing@1 and word-count@1: raise their Versions, or --force a");

    [Fact]
    public void AnArtifactThatRecordedNoCodeHasNoWarning() => WarningOf(_ => null).ShouldBeNull();

    public void Dispose() => _bench.Dispose();

    private static Dictionary<string, string> Elsewhere => new() { ["Experiments.Contracts"] = "of another compilation" };

    private ArtifactStore Store => new(Path.Combine(_bench.Root, "artifacts"), _ => { });

    private Planner Planner => new(Store, new RunHistory(_bench.Root));

    /// <summary>
    /// The warning for a stage whose artifact recorded the given code, or no code if <paramref name="recorded"/>
    /// returns null.
    /// </summary>
    private string? WarningOf(Func<PluginCode, PluginCode?> recorded)
    {
        var recipe = _bench.Read(Recipe);
        var planned = Planner.Plan(recipe).Single();
        var code = Planner.CodeOf(planned.Stage).Select(recorded).OfType<PluginCode>().ToList();
        var output = Directory.CreateDirectory(Path.Combine(Store.WorkFolder("clean", planned.Work!.Key), "attempt", "output")).FullName;
        Store.Commit(output, "clean", new ArtifactManifest
        {
            Plugin = "clean",
            Key = planned.Work.Key,
            Identity = planned.Work.Identity,
            Options = new JsonObject(),
            Parents = [],
            Parts = [new StoredPart("", "Documents", Digest.OfFiles([]), [])],
            Results = new Dictionary<string, double>(),
            Environment = new Dictionary<string, string>(),
            Code = code.Count == 0 ? null : code,
            Finished = DateTimeOffset.UnixEpoch,
            Seconds = 1,
        });

        var found = Planner.Plan(recipe).Single();
        found.State.ShouldBe(StageState.Hit);
        return found.Warning;
    }
}
