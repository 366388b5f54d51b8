using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Reports;

namespace Experiments.Plugins.Reporting;

/// <summary>
/// Writes one page about a run: headline figures, each stage's results and plots, and the models' answers to the same
/// prompts.
/// </summary>
/// <remarks>The same metrics give the same bytes, except for measured times, which are only on the page.</remarks>
[Plugin("report", ReportsRun = true)]
public sealed class ReportStage(ReportOptions options) : IStage<ReportInputs, Report>
{
    /// <inheritdoc/>
    public async Task<Report> RunAsync(ReportInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        List<ReportedStage> stages = [.. inputs.Stages.Where(pair => pair.Value is not null).Select(pair => ReportedStage.Read(pair.Key, pair.Value))];
        var headlines = Headlines.Of(stages);
        var plots = new PlotFolder(context.OutputFolder);
        var page = new MarkdownPage();
        page.Heading(1, options.Title);
        page.Paragraph(Headlines.Summary(stages));
        page.Table(["Figure", "Value", "Stage"], headlines.Select(line => (IReadOnlyList<string>)[line.Figure, line.Value, MarkdownPage.Code(line.Stage)]));
        new EvaluationSection(stages, options, plots).Write(page);
        foreach (var (index, stage) in stages.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            new StageSection(stage, options, plots).Write(page);
            context.Progress.Report(index + 1, stages.Count, "stages", stage.Name);
        }

        await File.WriteAllTextAsync(Path.Combine(context.OutputFolder, "report.md"), page.ToString(), cancellationToken).ConfigureAwait(false);
        ReportJson.Write(context.OutputFolder, Figures(headlines, stages));
        return new Report(context.OutputFolder);
    }

    private object Figures(IReadOnlyList<Headline> headlines, IEnumerable<ReportedStage> stages) => new
    {
        Kind = "run",
        options.Title,
        Headlines = headlines,
        Stages = stages.Select(stage => new { stage.Name, stage.Type, stage.Plugin, Figures = stage.Results, stage.Evaluation?.Sets }),
    };
}

/// <summary>Inputs of <c>report</c>.</summary>
/// <param name="Stages">Outputs of stages, by the names that the page shows, in the order of the page.</param>
public sealed record ReportInputs(IReadOnlyDictionary<string, Artifact> Stages);

/// <summary>Settings of <c>report</c>.</summary>
public sealed record ReportOptions
{
    /// <summary>The page's title. Default: Report.</summary>
    [MinLength(1)] public string Title { get; init; } = "Report";

    /// <summary>
    /// Maximum number of plots of metrics over steps for each stage. Unit: plots, 0 to 100. Default: 6.
    /// </summary>
    [Range(0, 100)] public int PlotsPerStage { get; init; } = 6;

    /// <summary>
    /// Number of sample problems that are shown with every model's answer. Unit: problems, 0 to 1000. Default: 8.
    /// </summary>
    [Range(0, 1000)] public int Examples { get; init; } = 8;

    /// <summary>Whether the page shows measured times and rates, which differ from run to run. Default: true.</summary>
    public bool Times { get; init; } = true;
}
