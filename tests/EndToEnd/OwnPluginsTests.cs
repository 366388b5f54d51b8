using System.Text.Json.Nodes;

namespace Experiments.EndToEnd.Tests;

/// <summary>Runs the files in docs/own-plugins.md unchanged, in the smallest size.</summary>
public sealed class OwnPluginsTests(OwnPluginsPage page) : IClassFixture<OwnPluginsPage>
{
    private static readonly string[] Smallest =
    [
        "--profile", "smoke", "--set", "vars={ pages: 60, pretrain_steps: 20, sft_steps: 4, rl_steps: 2 }", "--set", "stages.base-exam.with.maximum_problems=4",
    ];

    [Fact]
    public void AFileOfThePageIsShort()
    {
        page.Sources.Count.ShouldBeGreaterThanOrEqualTo(5);
        page.Sources.ShouldAllBe(source => source.Value.Split('\n').Length <= 30);
    }

    [Fact]
    public async Task AFilterOfOnesOwnRuns()
    {
        var clean = await page.RunAsync("own/mentions.yaml", "clean", Smallest);

        ((double)clean["results"]!["dropped/mentions"]!).ShouldBeGreaterThan(0);
        clean["identity"]!["plugin"]!["steps"]![1]!["source"].ShouldNotBeNull();
    }

    [Fact]
    public async Task ItsHelpComesFromItsComments()
    {
        var (exitCode, output, errors) = await page.Lab.RunAsync("plugins", "mentions", "--plugin", page.Path("own/mentions.cs"));

        exitCode.ShouldBe(0, errors);
        output.ShouldContain("Drops documents that mention a word.");
        output.ShouldContain("""option  words: a list (each text), at least 1 item, default ["casino"]""");
    }

    [Fact]
    public async Task ARewardOfOnesOwnTrains()
    {
        var rl = await page.RunAsync("own/right_places.yaml", "rl", Smallest);

        rl["identity"]!["plugin"]!["reward"]!["source"].ShouldNotBeNull();
        ((double)rl["results"]!["reward"]!).ShouldBeInRange(-0.5, 1);
    }

    [Fact]
    public async Task AModelOfOnesOwnTrainsSamplesAndChats()
    {
        var exam = await page.RunAsync("own/last_tokens.yaml", "base-exam", Smallest);

        var metrics = page.Artifact(manifest => (string?)manifest["options"]!["model"]?["use"] == "last-tokens");
        var losses = File.ReadLines(Path.Combine(metrics, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!)
            .Where(point => (string)point["name"]! == "validation_loss").Select(point => (double)point["value"]!).ToList();
        losses[^1].ShouldBeLessThan(losses[0] - 0.5);
        ((double)exam["results"]!["bits_per_byte"]!).ShouldBeLessThan(8);

        var (exitCode, output, errors) = await page.Lab.TellAsync("Hello!\n", "chat", metrics, "--plugin", page.Path("own/last_tokens.cs"));
        exitCode.ShouldBe(0, errors);
        output.ShouldContain("lab  ");
        (exitCode, _, errors) = await page.Lab.TellAsync("Hello!\n", "chat", metrics);
        exitCode.ShouldBe(2);
        errors.ShouldBe("no model 'last-tokens'. Models: gpt. If it is in a plugin file, name that file: plugins: [FILE] in the recipe, or --plugin FILE.\n");
    }

    [Fact]
    public async Task ATrackerOfOnesOwnTakesTheMetricsAndSyncIsToldItsFile()
    {
        await page.RunAsync("own/metrics_file.yaml", "clean", Smallest);

        var lines = await File.ReadAllLinesAsync(page.Path("runs/metrics.txt"), TestContext.Current.CancellationToken);
        lines.ShouldContain(line => line.Contains("/clean ", StringComparison.Ordinal));
        lines.ShouldBeUnique();
        var (_, output, errors) = await page.Lab.RunAsync("sync", "--plugin", page.Path("own/metrics_file.cs"));
        output.ShouldContain($"0 lines sent to {page.Path("runs/metrics.txt")}", customMessage: errors);
        (await page.Lab.RunAsync("sync")).Errors.ShouldContain("no tracker 'metrics-file'. Trackers: mlflow. If it is in a plugin file, name that file:");
    }

    [Fact]
    public async Task AnArtifactTypeOfOnesOwnIsReadByTheNextStage()
    {
        var count = await page.RunAsync("own/vocabulary.yaml", "count", Smallest);

        ((double)count["results"]!["words"]!).ShouldBeGreaterThan(100);
        page.Artifact(manifest => (string?)manifest["parts"]![0]!["type"] == "Vocabulary").ShouldNotBeNull();
    }

    [Fact]
    public async Task AGateOnAMetricThatAnOwnPluginDoesNotDeclareIsRefusedBeforeAnythingRuns()
    {
        var (exitCode, _, errors) = await page.Lab.RunAsync("validate", page.Path("own/vocabulary.yaml"), "--set", "stages.count.expect={ wrods: '> 3' }");

        exitCode.ShouldBe(2);
        errors.ShouldContain("stage 'count', expect: no metric 'wrods'. Did you mean 'words'? Metrics of 'count-words': words.");
    }

    [Fact]
    public async Task AnOwnPluginIsWarnedOnceAboutAMetricThatItDoesNotDeclare()
    {
        page.Write("own/tell.cs", """
            /// <summary>Records two metrics and declares one.</summary>
            [Plugin("tell")]
            [Metric("told")]
            public sealed class TellStage : IStage<NoInputs, Report>
            {
                public Task<Report> RunAsync(NoInputs inputs, StageContext context, CancellationToken cancellationToken)
                {
                    for (var step = 0; step < 3; step++)
                    {
                        context.Metrics.Log("told", 1, step);
                        context.Metrics.Log("hidden", 2, step);
                    }

                    File.WriteAllText(Path.Combine(context.OutputFolder, "report.md"), "");
                    return Task.FromResult(new Report(context.OutputFolder));
                }
            }
            """);
        page.Write("own/tell.yaml", "name: tell\nplugins: [tell.cs]\nstages: { a: { use: tell } }");

        var made = await page.RunAsync("own/tell.yaml", "a");

        ((double)made["results"]!["hidden"]!).ShouldBe(2);
        var log = await File.ReadAllLinesAsync(Directory.GetFiles(page.Path("runs/tell"), "log.txt", SearchOption.AllDirectories).ShouldHaveSingleItem(), TestContext.Current.CancellationToken);
        log.Where(line => line.Contains("is not declared", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("the metric 'hidden'");
    }

    [Fact]
    public async Task AnArtifactTypeOfOnesOwnIsCheckedBeforeAnythingRuns()
    {
        var (exitCode, _, errors) = await page.Lab.RunAsync("validate", page.Path("own/vocabulary.yaml"), "--set", "stages.count.inputs.vocabularies=clean");

        exitCode.ShouldBe(2);
        errors.ShouldContain("input 'vocabularies' wants Vocabulary, but 'clean' gives");
    }

    [Fact]
    public async Task AStageOfOnesOwnRunsInAProcessOfItsOwn()
    {
        page.Write("own/process.cs", """
            /// <summary>Says in which process it runs.</summary>
            [Plugin("process")]
            public sealed class ProcessStage : IStage<NoInputs, Report>
            {
                public async Task<Report> RunAsync(NoInputs inputs, StageContext context, CancellationToken cancellationToken)
                {
                    await File.WriteAllTextAsync(Path.Combine(context.OutputFolder, "report.md"), Environment.CommandLine, cancellationToken);
                    return new(context.OutputFolder);
                }
            }
            """);
        page.Write("own/process.yaml", "plugins: [process.cs]\nstages: { a: { use: process } }");

        await page.RunAsync("own/process.yaml", "a");

        var report = Path.Combine(page.Artifact(manifest => (string?)manifest["plugin"] == "process"), "report.md");
        (await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken)).ShouldContain("lab.dll worker ");
    }
}

/// <summary>A folder with the page's files next to the recipes, and one folder of runs for all of them.</summary>
public sealed class OwnPluginsPage : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lab-own-").FullName;

    public OwnPluginsPage()
    {
        Directory.CreateSymbolicLink(Path("recipes"), Lab.Checkout("recipes"));
        foreach (var (path, text) in Blocks(File.ReadAllText(Lab.Checkout("docs/own-plugins.md"))))
        {
            Write(path, text);
            if (path.EndsWith(".cs", StringComparison.Ordinal))
            {
                Sources[path] = text;
            }
        }
    }

    /// <summary>The C# files, by path.</summary>
    public Dictionary<string, string> Sources { get; } = [];

    internal Lab Lab => new(Path("runs"));

    public string Path(string relative) => System.IO.Path.Combine(_root, relative);

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(relative))!);
        File.WriteAllText(Path(relative), text);
    }

    /// <summary>Runs a recipe up to a stage, and returns the manifest of that stage's artifact.</summary>
    public async Task<JsonNode> RunAsync(string recipe, string stage, params string[] options)
    {
        var (exitCode, output, errors) = await Lab.RunAsync(["run", Path(recipe), "--until", stage, "--json", "--trust", .. options]);
        exitCode.ShouldBe(0, output + errors);
        var ended = output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!).Single(line => (string?)line["event"] == "stage_ended" && (string?)line["stage"] == stage);
        return Manifest((string)ended["artifact"]!);
    }

    /// <summary>The folder of the only artifact with a wanted manifest.</summary>
    public string Artifact(Func<JsonNode, bool> isWanted) =>
        Directory.GetDirectories(Path("runs/artifacts")).Where(folder => File.Exists(System.IO.Path.Combine(folder, "artifact.json"))).Single(folder => isWanted(Manifest(folder)));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static JsonNode Manifest(string folder) => JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(folder, "artifact.json")))!;

    /// <summary>The blocks of C# and YAML; the first line of each is a comment with its path.</summary>
    private static IEnumerable<(string Path, string Text)> Blocks(string page) =>
        from block in page.Split("```").Where((_, index) => index % 2 == 1)
        let lines = block.Split('\n', 3)
        where lines[0] is "csharp" or "yaml"
        select (lines[1].Split(' ')[1], block[(lines[0].Length + 1)..].TrimEnd('\n'));
}
