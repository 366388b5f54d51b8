using Experiments.Contracts.Artifacts;
using Experiments.Testing;

namespace Experiments.Plugins.Reporting.Tests;

public sealed class ReportStageTests : IDisposable
{
    private readonly StageBench _bench = new();
    private readonly HandMadeRun _run;

    public ReportStageTests() => _run = new(_bench);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task AWholeRunIsSummedUpOnOnePage()
    {
        AddAll();

        var (page, json) = await _run.ReportAsync(new() { Title = "Tiny" });

        page.ShouldStartWith("""
            # Tiny

            Of 1,000 documents 812 were kept. In `base` the model went from 3.952 to 1.102 bits per byte on held-out text. Share of problems answered right: 0.0 % (`base-eval`), then 62.5 % (`rl-eval`).

            | Figure | Value | Stage |
            | --- | --- | --- |
            | Documents kept | 812 of 1,000 (81.2 %) | `clean` |
            | Tokens | 3,276,800 | `base` |
            | Bits per byte, held out | 3.952 → 1.102 | `base` |
            | Exact match | 0.0 % ± 2.0 | `base-eval` |
            | Reward, first and last tenth | 0.471 → 0.869 | `rl` |
            | Exact match | 62.5 % ± 2.0 | `rl-eval` |


            """.ReplaceLineEndings("\n"));
        json.GetProperty("stages").GetArrayLength().ShouldBe(5);
        json.GetProperty("stages")[0].GetProperty("figures").GetProperty("documents_kept").GetDouble().ShouldBe(812);
    }

    [Fact]
    public async Task EveryPictureOfThePageExistsAndEveryPlotIsShown()
    {
        AddAll();

        var (page, _) = await _run.ReportAsync();

        var plots = Directory.GetFiles(Path.Combine(_bench.Folder("output"), "plots")).Select(file => "plots/" + Path.GetFileName(file)).ToList();
        plots.Count.ShouldBe(9);
        plots.ShouldAllBe(plot => page.Contains(plot, StringComparison.Ordinal));
        page.Split("plots/").Length.ShouldBe(plots.Count + 1);
    }

    [Fact]
    public async Task TheModelsAnswerTheSamePromptsBesideEachOther()
    {
        AddAll();

        var (page, _) = await _run.ReportAsync();

        page.ShouldContain("| Prompt | base-eval | rl-eval |");
        page.ShouldContain("| What is 17 + 25? | What is 3 + 4? What is &lt;b&gt;5&lt;/b&gt; \\| 6?<br>What<br><sub>cut off after 32 tokens</sub> | 42<br><sub>ended itself after 3 tokens</sub> |");
        page.ShouldContain("| 1 + 2? | 3 | ✗ 4 5 6<br><sub>cut off</sub> | ✓ 3 |");
    }

    [Fact]
    public async Task TheSameMetricsGiveTheSameBytes()
    {
        AddAll();

        await _run.ReportAsync(output: "one");
        await _run.ReportAsync(output: "two");

        Contents("one").ShouldBe(Contents("two"));
    }

    [Fact]
    public async Task MeasuredTimesAreNoFigures()
    {
        _run.AddFilter();

        var (page, json) = await _run.ReportAsync();
        var (timeless, _) = await _run.ReportAsync(new() { Times = false }, "timeless");

        page.ShouldContain("`documents_per_second` 4,321");
        timeless.ShouldNotContain("documents_per_second");
        json.GetRawText().ShouldNotContain("documents_per_second");
    }

    [Fact]
    public async Task ReasonsBeyondTheSixteenthShareABar()
    {
        _run.AddFilter(reasons: 20);

        await _run.ReportAsync();

        Contents("output")["plots/clean-dropped.svg"].ShouldContain(">5 other reasons<");
    }

    [Fact]
    public async Task FilesFromOutsideAndMissingMetricsAreNoFailure()
    {
        _run.Stages["raw"] = new Documents(_bench.Folder("raw"));
        _run.Stages["odd"] = new Report(_run.Location("odd", "other-report", [HandMadeRun.Result("loss", double.NaN)]));
        await File.WriteAllTextAsync(Path.Combine(_run.Stages["odd"].Folder, "report.json"), """["of another shape"]""", TestContext.Current.CancellationToken);

        var (page, json) = await _run.ReportAsync();

        page.ShouldContain("Documents from outside.");
        page.ShouldContain("| `loss` | NaN |");
        json.GetProperty("stages")[1].GetProperty("figures").GetProperty("loss").GetString().ShouldBe("NaN");
    }

    private void AddAll()
    {
        _run.AddFilter();
        _run.AddPretraining(400);
        _run.AddEvaluation("base-eval", 0, stops: false);
        _run.AddReinforcement(200);
        _run.AddEvaluation("rl-eval", 0.625, stops: true);
    }

    private Dictionary<string, string> Contents(string output) => Directory.GetFiles(_bench.Folder(output), "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(_bench.Folder(output), file), File.ReadAllText);
}
