namespace Experiments.EndToEnd.Tests;

/// <summary>Recipes of one or two stages, run to their end.</summary>
public sealed class SmallRecipeTests : IDisposable
{
    private const string Secret = "s3cr3t-0f-a-user";
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-small-").FullName;

    private string Runs => Path.Combine(_folder, "runs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AStageMayLeaveOneOfItsPartsEmpty()
    {
        var text = Write("a.txt", "one document, which is kept\n");
        var recipe = Write("kept.yaml", $"stages:\n  clean: {{ use: process-documents, inputs: {{ documents: 'file:{text}' }}, with: {{ steps: [exact-dedup] }} }}\n");

        var (exitCode, output, errors) = await new Lab(Runs).RunAsync("run", recipe);

        exitCode.ShouldBe(0, output + errors);
        output.ShouldContain("documents_kept 1");
    }

    /// <summary>The stage gets the secret, prints it and fails with it. Nothing that is printed or written shows it.</summary>
    [Fact]
    public async Task ASecretReachesItsStageAndNothingElse()
    {
        Write("tell.cs", """
            /// <summary>Tells its secret to everybody.</summary>
            [Plugin("tell")]
            public sealed class TellStage(TellOptions options) : IStage<TellInputs, Report>
            {
                public Task<Report> RunAsync(TellInputs inputs, StageContext context, CancellationToken token)
                {
                    context.Log.Warn($"the secret is {options.Secret}");
                    context.Progress.Report(1, 2, "secrets", options.Secret);
                    Console.WriteLine($"printed {options.Secret}");
                    Console.Error.WriteLine($"printed as an error {options.Secret}");
                    context.Metrics.Log("length", options.Secret.Length);
                    File.WriteAllText(Path.Combine(context.OutputFolder, "length.txt"), $"{options.Secret.Length}");
                    return options.Fails ? throw new InvalidDataException($"it failed with {options.Secret}") : Task.FromResult(new Report(context.OutputFolder));
                }
            }

            /// <summary>Inputs.</summary>
            public sealed record TellInputs(Documents? Documents = null);

            /// <summary>Settings.</summary>
            public sealed record TellOptions
            {
                /// <summary>The secret.</summary>
                public required string Secret { get; init; }

                /// <summary>Whether it fails in the end.</summary>
                public bool Fails { get; init; }
            }
            """);
        var recipe = Write("tell.yaml", """
            name: tell
            plugins: [tell.cs]
            vars: { login: $(env.MY_TOKEN) }
            tracking: { experiment: "of $(vars.login)" }
            stages:
              a: { use: tell, inputs: { documents: "file:FOLDER/in-$(vars.login)/*.txt" }, with: { secret: $(vars.login) } }
              b: { use: tell, with: { secret: $(vars.login), fails: true } }
            """.Replace("FOLDER", _folder, StringComparison.Ordinal));
        Directory.CreateDirectory(Path.Combine(_folder, $"in-{Secret}"));
        Write($"in-{Secret}/a.txt", "one\n");
        var lab = new Lab(Runs, ("MY_TOKEN", Secret), ("XDG_CONFIG_HOME", Path.Combine(_folder, "settings")));
        List<string> printed = [];
        foreach (var call in new[] { "run R --trust", "run R --trust --json", "plan R", "show R", "show R --json", "show R --explain stages.a.with.secret", "why a R", "why a R --json", "plan R --graph", "lineage a", "ls", "ls --json", "validate R --set stages.a.with.fails=$(env.MY_TOKEN)" })
        {
            var (_, output, errors) = await lab.RunAsync(call.Replace("R", recipe, StringComparison.Ordinal).Split(' '));
            printed.Add(output + errors);
        }

        string.Concat(printed).ShouldNotContain(Secret);
        string.Concat(printed).ShouldContain("***");
        var written = Directory.GetFiles(Runs, "*", SearchOption.AllDirectories);
        written.Single(path => Path.GetFileName(path) == "length.txt" && !path.Contains("/tmp/tell", StringComparison.Ordinal) && path.StartsWith(Path.Combine(Runs, "artifacts/tell"), StringComparison.Ordinal)).ShouldSatisfyAllConditions(path => File.ReadAllText(path).ShouldBe($"{Secret.Length}"));
        written.Where(path => File.ReadAllText(path).Contains(Secret, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
