namespace Experiments.EndToEnd.Tests;

/// <summary>Recipes of strangers are safe to look at: no command that only looks at one runs code of its plugin files.</summary>
public sealed class StrangersTests(StrangersFolder strangers) : IClassFixture<StrangersFolder>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-strangers-").FullName;

    private Lab Lab => new(Path.Combine(_folder, "runs"), ("XDG_CONFIG_HOME", Path.Combine(_folder, "settings")));

    private string? Executed => File.Exists(strangers.Executed) ? File.ReadAllText(strangers.Executed) : null;

    private string Trusted => Path.Combine(_folder, "settings/lab/trusted");

    /// <summary>The commands that look at a recipe; R is the recipe, P the plugin file.</summary>
    public static TheoryData<string> Looking =>
    [
        "validate R", "plan R", "plan R --json", "show R", "show R --json", "show R --explain stages.a", "show R --explain stages.a.with.x", "estimate R", "why a R",
        "sweep R --plan", "plugins --plugin P", "plugins own-stage --plugin P", "plugins filter --plugin P", "schema", "schema R",
    ];

    [Theory]
    [MemberData(nameof(Looking))]
    public async Task LookingAtARecipeRunsNothingOfItsPluginFiles(string command)
    {
        foreach (var (file, recipes) in strangers.Files)
        {
            foreach (var (recipe, isUsed) in recipes.Select((recipe, index) => (recipe, index == 0)))
            {
                var (exitCode, output, errors) = await RunAsync(command, recipe, file);

                Executed.ShouldBeNull($"{command} {recipe}: {output}{errors}");
                (isUsed ? exitCode : 0).ShouldBe(0, output + errors);
            }
        }
    }

    [Theory]
    [InlineData("run R")]
    [InlineData("run R --until a --json")]
    [InlineData("sweep R")]
    [InlineData("sync --plugin P")]
    [InlineData("chat --plugin P")]
    [InlineData("tokenize word --plugin P")]
    [InlineData("check R")]
    public async Task WithoutTrustNothingRuns(string command)
    {
        foreach (var (file, recipes) in strangers.Files)
        {
            var (exitCode, output, errors) = await RunAsync(command, recipes[0], file);

            exitCode.ShouldBe(2, command + output + errors);
            errors.ShouldContain(", new). Read ");
            errors.ShouldContain(Path.GetFileName(file) + ", then run again with --trust.");
            Executed.ShouldBeNull(command);
        }
    }

    [Fact]
    public async Task LookingAtARunOfItRunsNothingEither()
    {
        var (source, recipes) = strangers.Files[0];
        var (exitCode, output, errors) = await RunAsync("run R --trust", recipes[0], source);
        exitCode.ShouldBe(0, output + errors);
        Executed!.ShouldContain("module initializer");
        Executed!.ShouldContain("custom check");
        Executed!.ShouldContain("artifact's constructor");
        File.Delete(strangers.Executed);

        foreach (var command in Looking.Select(row => row.Data).Concat(["ls", "ls --json", "diff @1 @1", "lineage a", "lineage a --json", "verify", "gc", "why a", "doctor"]))
        {
            (exitCode, output, errors) = await RunAsync(command, recipes[0], source);
            exitCode.ShouldBeOneOf(command == "doctor" ? [0, 1] : [0]);
            Executed.ShouldBeNull($"{command}: {output}{errors}");
        }
    }

    [Fact]
    public async Task TrustIsRememberedForTheBytesOfAFile()
    {
        var (source, recipe) = Simple("a");
        (await Lab.RunAsync("run", recipe, "--trust")).ExitCode.ShouldBe(0);
        (await Lab.RunAsync("run", recipe, "--force", "a")).ExitCode.ShouldBe(0);
        var line = (await File.ReadAllLinesAsync(Trusted, TestContext.Current.CancellationToken))[0].Split(' ', 3);
        line[0].Length.ShouldBe(64);
        line[2].ShouldBe(source);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Trusted).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await File.AppendAllTextAsync(source, "\n// another", TestContext.Current.CancellationToken);
        var (exitCode, _, errors) = await Lab.RunAsync("run", recipe);

        exitCode.ShouldBe(2);
        errors.ShouldBe($"Plugin files with code that you have not run before: {source} (sha256 {Hash(source)[..12]}, changed). Read {source}, then run again with --trust.\n");
    }

    [Fact]
    public async Task TrustThatCannotBeSavedIsAWarning()
    {
        var (_, recipe) = Simple("a");
        await File.WriteAllTextAsync(Path.Combine(_folder, "settings"), "not a folder", TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await Lab.RunAsync("run", recipe, "--trust");

        exitCode.ShouldBe(0, output + errors);
        errors.ShouldContain("warning: ");
        errors.ShouldContain("cannot be written, so that you will be asked again");
    }

    [Fact]
    public async Task TheTrialsOfASweepAskNoSecondTime()
    {
        var (source, recipe) = Simple("a");
        await File.AppendAllTextAsync(recipe, "\nsweep: { method: grid, space: { n: { path: stages.a.with.n, values: [2, 4] } }, objective: { minimize: a.value } }", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "settings"), "nothing can be remembered", TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await Lab.RunAsync("sweep", recipe, "--trust");

        exitCode.ShouldBe(0, output + errors + source);
    }

    [Fact]
    public async Task AnAssemblyThatAStrangerPutIntoTheCacheIsNotRun()
    {
        var (source, recipe) = Simple("a");
        (await Lab.RunAsync("validate", recipe)).ExitCode.ShouldBe(0);
        var honest = await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken);
        var cached = Directory.GetFiles(Path.Combine(_folder, "runs/plugins"), "*.dll", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(source, honest.Replace("+ 1", "+ 1000", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (await Lab.RunAsync("validate", recipe)).ExitCode.ShouldBe(0);
        var planted = Directory.GetFiles(Path.Combine(_folder, "runs/plugins"), "*.dll", SearchOption.AllDirectories).Single(path => path != cached);
        File.Copy(planted, cached, overwrite: true);
        await File.WriteAllTextAsync(source, honest, TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await Lab.RunAsync("run", recipe, "--trust");

        exitCode.ShouldBe(0, output + errors);
        (await Lab.RunAsync("ls", "--json")).Output.ShouldContain("\"value\":3");
    }

    [Fact]
    public async Task RulesOfAPluginFileAreCheckedBeforeTheFirstStageRuns()
    {
        var (_, recipe) = Simple("a");
        await File.AppendAllTextAsync(recipe, "\n  b: { use: simple, with: { n: 3 } }\n  c: { use: simple, with: { inner: { n: 5 } } }\n", TestContext.Current.CancellationToken);

        (await Lab.RunAsync("validate", recipe)).Output.ShouldBe(
            $"{recipe}: 3 stages, no problems.\nChecked only by `lab run`, because the rules are code of the recipe's plugin files: option 'n' of stage 'simple', option 'inner.n' of stage 'simple'.\n");
        var (exitCode, output, errors) = await Lab.RunAsync("run", recipe, "--trust");

        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.ShouldBe($"{recipe}(5,32): stage 'b': option 'n': an even number\n{recipe}(6,41): stage 'c', option 'inner': option 'n': an even number\n2 problems; nothing was run.\n");
        Directory.Exists(Path.Combine(_folder, "runs/simple")).ShouldBeFalse();
    }

    [Fact]
    public async Task ARuleThatThrowsStopsTheRunWithItsException()
    {
        var (source, recipe) = Simple("a");
        await File.WriteAllTextAsync(source, (await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken)).Replace("value is int n && n % 2 == 0", "1 / (int)value! == 0", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (exitCode, _, errors) = await Lab.RunAsync("run", recipe, "--trust", "--set", "stages.a.with.n=0");

        exitCode.ShouldBe(2);
        errors.ShouldStartWith("The code of a plugin file failed while it checked the recipe: System.DivideByZeroException");
    }

    [Fact]
    public async Task ARuleThatDoesNotFitItsOptionIsNamed()
    {
        var (source, recipe) = Simple("a");
        var text = await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(source, text.Replace("{ [Even]", "{ [Range(typeof(Uri), \"a\", \"b\")]", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (exitCode, _, errors) = await Lab.RunAsync("validate", recipe);

        exitCode.ShouldBe(2);
        errors.ShouldStartWith("The rule RangeAttribute of an option cannot be checked: ");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A stage that logs n + 1, with a rule of its own.</summary>
    private (string Source, string Recipe) Simple(string stage) =>
    (
        Write("simple.cs", $$"""
            // {{_folder}}
            public sealed class EvenAttribute() : ValidationAttribute("an even number") { public override bool IsValid(object? value) => value is int n && n % 2 == 0; }
            public sealed record Inner { [Even] public int N { get; init; } = 2; }
            public sealed record SimpleOptions { [Even] public int N { get; init; } = 2; public Inner Inner { get; init; } = new(); }
            /// <summary>Logs a value.</summary>
            [Plugin("simple")]
            public sealed class SimpleStage(SimpleOptions options) : IStage<NoInputs, Report>
            {
                public Task<Report> RunAsync(NoInputs inputs, StageContext context, CancellationToken cancellationToken)
                {
                    context.Metrics.Log("value", options.N + 1);
                    File.WriteAllText(Path.Combine(context.OutputFolder, "report.md"), "simple");
                    return Task.FromResult(new Report(context.OutputFolder));
                }
            }
            """),
        Write("simple.yaml", $"name: simple\nplugins: [simple.cs]\nstages:\n  {stage}: {{ use: simple }}")
    );

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Hash(string path) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(string command, string recipe, string file)
    {
        string[] words = [.. command.Split(' ').Select(word => word switch { "R" => recipe, "P" => file, _ => word })];
        return (words[0] is "show" or "schema" ? new Lab(null) : Lab).RunAsync(words);
    }
}

/// <summary>A plugin file in which everything says that it runs, as C# and compiled, with recipes.</summary>
public sealed class StrangersFolder : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-strangers-").FullName;

    /// <summary>The file that everything which runs writes.</summary>
    public string Executed => Path.Combine(_folder, "executed.txt");

    /// <summary>The plugin files, each with recipes: one that uses it, one that does not, one with mistakes.</summary>
    public IReadOnlyList<(string File, IReadOnlyList<string> Recipes)> Files { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var source = Write("everything.cs", StrangersFile.Source(_folder));
        var (exitCode, _, errors) = await new Lab(Path.Combine(_folder, "runs")).RunAsync("plugins", "own-stage", "--plugin", source);
        exitCode.ShouldBe(0, errors);
        var compiled = Directory.GetFiles(Path.Combine(_folder, "runs/plugins"), "*.dll", SearchOption.AllDirectories).Single();
        File.Exists(Executed).ShouldBeFalse("compiling ran code");
        Files = [(source, Recipes("source", source)), (compiled, Recipes("compiled", compiled))];
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private IReadOnlyList<string> Recipes(string kind, string file) =>
    [
        .. ((string[])[StrangersFile.Used, StrangersFile.Unused, StrangersFile.Broken])
            .Select((recipe, index) => Write($"{kind}-{index}.yaml", recipe.Replace("FILE", file, StringComparison.Ordinal))),
    ];

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
