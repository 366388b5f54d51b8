using Experiments.EndToEnd.Tests.Commands;
using Experiments.Testing;

namespace Experiments.EndToEnd.Tests;

/// <summary>The stages of the shared folder of inputs that once failed. Each fails by name or does no harm, and none hangs.</summary>
public sealed class SharedPluginTests : IDisposable
{
    private static readonly Dictionary<string, string?> Expected = new()
    {
        ["daemon"] = null,
        ["exit0"] = "never said how the stage ended",
        ["exit0-empty"] = "never said how the stage ended",
        ["foreground-thread"] = null,
        ["garbage-metric-null"] = null,
        ["huge-line"] = null,
        ["metric-null"] = "The name of a metric is null.",
        ["output-fifo"] = "'pipe' in ",
        ["output-odd-names"] = null,
        ["writes-nothing"] = "The stage returned null instead of its Report.",
    };

    private readonly string _root = Directory.CreateTempSubdirectory("lab-shared-plugins-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task EachFailsByNameOrDoesNoHarm()
    {
        var folder = SharedData.FindCase("engine/plugins");
        Assert.SkipWhen(folder is null, "The folder shared/cases is absent.");
        await Lab.CopyFolderAsync(folder!, Path.Combine(_root, "plugins"));
        var lab = new Lab(Path.Combine(_root, "runs"));
        var recipes = Directory.GetFiles(Path.Combine(_root, "plugins"), "*.yaml").Where(path => Expected.ContainsKey(Path.GetFileNameWithoutExtension(path))).ToList();
        recipes.Count.ShouldBe(Expected.Count);
        foreach (var recipe in recipes)
        {
            var (_, output, errors) = await lab.RunAsync("run", recipe, "--trust", "--json");

            var end = Printed.Json(output).Single(line => (string?)line["event"] == "stage_ended");
            var expected = Expected[Path.GetFileNameWithoutExtension(recipe)];
            ((string?)end["outcome"]).ShouldBe(expected is null ? "made" : "failed", output + errors);
            ((string?)end["message"] ?? "").ShouldContain(expected ?? "", customMessage: recipe);
        }

        (await lab.RunAsync("verify")).ExitCode.ShouldBe(0);
    }
}
