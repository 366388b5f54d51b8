namespace Experiments.EndToEnd.Tests.Commands;

public sealed class ShowTests : IDisposable
{
    private const string Tiny = "tests/EndToEnd/Recipes/tiny.yaml"; // places are shown as the recipe was named

    private readonly string _folder = Directory.CreateTempSubdirectory("lab-show-").FullName;
    private readonly Lab _lab = new(null);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WhatIsShownIsARecipeThatMeansTheSame()
    {
        var (exitCode, yaml, errors) = await _lab.RunAsync("show", Tiny);
        exitCode.ShouldBe(0, errors);
        yaml.ShouldMatch(@"pages: 20 +# recipes/quickstart.yaml\(\d+,\d+\), \$\(vars.pages\)");
        yaml.ShouldMatch("seed: 1 +# recipes/quickstart.yaml");
        var copy = Path.Combine(_folder, "shown.yaml");
        await File.WriteAllTextAsync(copy, yaml, TestContext.Current.CancellationToken);

        var (_, again, complaints) = await _lab.RunAsync("show", copy, "--json");

        complaints.ShouldBeEmpty();
        again.ShouldBe((await _lab.RunAsync("show", Tiny, "--json")).Output);
    }

    [Fact]
    public async Task AsJsonItIsOneObject()
    {
        var (exitCode, output, _) = await _lab.RunAsync("show", Tiny, "--set", "seed=7", "--json");

        exitCode.ShouldBe(0);
        var recipe = Printed.Json(output).ShouldHaveSingleItem();
        ((int)recipe["seed"]!).ShouldBe(7);
        recipe["stages"]!.AsObject().Count.ShouldBe(12);
        ((int)recipe["stages"]!["base"]!["with"]!["model"]!["width"]!).ShouldBe(16);
    }

    [Fact]
    public async Task ExplainsWhereAValueComesFrom()
    {
        var (exitCode, output, _) = await _lab.RunAsync("show", Tiny, "--explain", "vars.pages");
        exitCode.ShouldBe(0);
        var rows = Printed.Rows(output);
        rows[0].ShouldBe(["vars.pages: 20"]);
        rows[1][1..].ShouldBe(["20", $"{Tiny}(4,16)"]);
        rows[2][1].ShouldBe("1000");

        var explanation = Printed.Json((await _lab.RunAsync("show", Tiny, "--explain", "vars.pages", "--json")).Output).ShouldHaveSingleItem();
        explanation["settings"]!.AsArray().Select(setting => (string)setting!["text"]!).ShouldBe(["20", "1000"]);
    }

    [Fact]
    public async Task AValueThatIsNotThereIsAMistake()
    {
        var (exitCode, output, errors) = await _lab.RunAsync("show", Tiny, "--explain", "vars.pags");

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("Did you mean 'pages'?");
    }
}
