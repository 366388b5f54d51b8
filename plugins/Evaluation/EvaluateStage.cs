using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Reports;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;
using Experiments.Learning;
using Experiments.Learning.Processors;

namespace Experiments.Plugins.Evaluation;

/// <summary>
/// Measures a model: how many problems it answers correctly, whether it ends its answers itself, and how well it
/// predicts held-out text.
/// </summary>
/// <remarks>
/// The same problems can be given to every model of a pipeline. A base model gets the same chat prompt as a chat model,
/// and usually neither answers nor stops. With <see cref="EvaluateOptions.Chat"/> set to false, problems are given as
/// plain text instead.
/// </remarks>
[Plugin("evaluate")]
[Metric(MetricNames.ExactMatch, NeedsInput = "problems")]
[Metric(MetricNames.ExactMatch + "/{problems}", Unit = "fraction, 0 to 1", Better = Better.Higher,
    Meaning = "Share of the problems of a set answered right.")]
[Metric(MetricNames.ExactMatchError, NeedsInput = "problems")]
[Metric(MetricNames.ExactMatchGain, NeedsInput = "baseline")]
[Metric(MetricNames.ExactMatchGain + "/{problems}", Unit = "fraction, -1 to 1", Better = Better.Higher, NeedsInput = "baseline",
    Meaning = "Exact match minus the baseline's, on one set.")]
[Metric(MetricNames.ExactMatchGainError, NeedsInput = "baseline")]
[Metric("stopped_share", Unit = "fraction, 0 to 1", Better = Better.Higher, NeedsInput = "problems",
    Meaning = "Share of the answers that the model ended itself.")]
[Metric(MetricNames.MeanCompletionTokens, NeedsInput = "problems")]
[Metric(MetricNames.BitsPerByte, NeedsInput = "tokens")]
public sealed class EvaluateStage(EvaluateOptions options) : IStage<EvaluateInputs, Report>
{
    /// <inheritdoc/>
    public async Task<Report> RunAsync(EvaluateInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        TorchRuntime.Start(context.Threads, context.Seed);
        using var trained = TrainedModel.Open(inputs.Checkpoint.Folder, context.Plugins);
        var examinee = new Examinee(trained, options, context.Seed);
        var sets = Problems(inputs);
        var answers = Examine(sets, examinee, context, cancellationToken);
        var baseline = inputs.Baseline is { } earlier ? Baseline(earlier.Folder) : null;
        IReadOnlyList<EvaluatedSet> scores = [.. answers.Select(set => SetScore.Of(set.Name, set.Answers, baseline))];
        var (dialogues, continuations) = (examinee.Answer(options.Prompts), examinee.Continue(options.RawPrompts));
        var figures = Figures([.. answers.SelectMany(set => set.Answers)], scores);
        if (inputs.Tokens is { } tokens)
        {
            figures[MetricNames.BitsPerByte] = HeldOut.BitsPerByte(trained, tokens, options.HeldOutTokens);
        }

        foreach (var (name, value) in figures)
        {
            context.Metrics.Log(name, value);
        }

        foreach (var name in baseline?.Sets.Select(set => set.Set).Except(scores.Select(set => set.Set), StringComparer.Ordinal) ?? [])
        {
            context.Log.Warn($"the baseline has the problems '{name}', this evaluation does not: they are left out of the gain");
        }

        var report = new EvaluationReport { Figures = figures, Sets = scores, Dialogues = dialogues, Continuations = continuations, Examples = Examples.Choose(answers) };
        ReportJson.Write(context.OutputFolder, report);
        await File.WriteAllTextAsync(Path.Combine(context.OutputFolder, "report.md"), EvaluationPage.Of(report), cancellationToken).ConfigureAwait(false);
        return new Report(context.OutputFolder);
    }

    private static EvaluationReport Baseline(string folder) => EvaluationReport.Find(folder)
        ?? throw new InvalidDataException($"{Path.Combine(folder, ReportJson.FileName)}: this is not a report of an evaluate stage. The baseline must be one.");

    private IReadOnlyList<(string Name, IReadOnlyList<Problem> Problems)> Problems(EvaluateInputs inputs) =>
        [.. (inputs.Problems ?? new Dictionary<string, Problems>()).Select(pair => (pair.Key, (IReadOnlyList<Problem>)[.. pair.Value.Read().Take(options.MaximumProblems)]))
            .Where(set => set.Item2.Count > 0)];

    private static IReadOnlyList<(string Name, IReadOnlyList<Answer> Answers)> Examine(
        IReadOnlyList<(string Name, IReadOnlyList<Problem> Problems)> sets, Examinee examinee, StageContext context, CancellationToken cancellationToken)
    {
        var (done, total) = (0, sets.Sum(set => set.Problems.Count));
        List<(string, IReadOnlyList<Answer>)> answers = [];
        foreach (var (name, problems) in sets)
        {
            List<Answer> answered = [];
            foreach (var batch in problems.Index().Chunk(Examinee.ProblemsAtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                answered.AddRange(examinee.Solve(name, batch));
                done += batch.Length;
                context.Progress.Report(done, total, "problems", $"{name} {answered.Average(answer => answer.Score):P0}");
            }

            answers.Add((name, answered));
        }

        return answers;
    }

    private static SortedDictionary<string, double> Figures(IReadOnlyList<Answer> answers, IReadOnlyList<EvaluatedSet> sets)
    {
        SortedDictionary<string, double> figures = new(StringComparer.Ordinal);
        if (answers.Count == 0)
        {
            return figures;
        }

        var all = SetScore.Of("all", answers, baseline: null);
        figures[MetricNames.ExactMatch] = all.ExactMatch;
        figures[MetricNames.ExactMatchError] = all.ExactMatchError;
        figures["stopped_share"] = all.StoppedShare;
        figures[MetricNames.MeanCompletionTokens] = all.MeanCompletionTokens;
        foreach (var set in sets)
        {
            figures[$"{MetricNames.ExactMatch}/{set.Set}"] = set.ExactMatch;
        }

        // The gain is over the sets that both evaluations have, weighted by their numbers of problems in this one.
        var compared = sets.Where(set => set.ExactMatchGain is not null).ToList();
        if (compared.Count > 0)
        {
            var problems = (double)compared.Sum(set => set.Problems);
            figures[MetricNames.ExactMatchGain] = compared.Sum(set => set.ExactMatchGain!.Value * set.Problems / problems);
            figures[MetricNames.ExactMatchGainError] = Math.Sqrt(compared.Sum(set => Math.Pow(set.ExactMatchGainError!.Value * set.Problems / problems, 2)));
            foreach (var set in compared)
            {
                figures[$"{MetricNames.ExactMatchGain}/{set.Set}"] = set.ExactMatchGain!.Value;
            }
        }

        return figures;
    }
}

/// <summary>Inputs of <c>evaluate</c>.</summary>
/// <param name="Checkpoint">The model.</param>
/// <param name="Problems">Sets of problems by name, such as <c>addition</c>.</param>
/// <param name="Tokens">
/// Token shards made with the same tokenizer. Bits per byte are measured on their validation part.
/// </param>
/// <param name="Baseline">
/// An earlier evaluation with which this one is compared, such as that of the model before reinforcement learning.
/// </param>
public sealed record EvaluateInputs(Checkpoint Checkpoint, IReadOnlyDictionary<string, Problems>? Problems = null, TokenShards? Tokens = null, Report? Baseline = null);

/// <summary>Settings of <c>evaluate</c>.</summary>
public sealed record EvaluateOptions
{
    /// <summary>
    /// The reward that scores the answers. Its mean is reported as exact match. Default: exact-match.
    /// </summary>
    [DefaultUse("exact-match")] public required Plugin<IReward> Reward { get; init; }

    /// <summary>
    /// Answers sampled for each problem. More than 1 is useful only at a temperature above 0. Default: 1.
    /// </summary>
    [Range(1, 10_000)] public int SamplesPerProblem { get; init; } = 1;

    /// <summary>
    /// Temperature of answers, dialogues and continuations. 0 = always the most probable token. Default: 0.
    /// </summary>
    [Range(0.0, 10.0)] public double Temperature { get; init; }

    /// <summary>Maximum length of an answer to a problem; longer ones are cut off. Unit: tokens. Default: 32.</summary>
    [Range(1, 1_048_576)] public int MaximumTokens { get; init; } = 32;

    /// <summary>
    /// Maximum length of an answer to one of the prompts, and of a continuation; longer ones are cut off. Unit: tokens.
    /// Default: 64.
    /// </summary>
    [Range(1, 1_048_576)] public int DialogueTokens { get; init; } = 64;

    /// <summary>Maximum number of problems taken from each set, from its beginning. Default: 512.</summary>
    [Range(1, int.MaxValue)] public int MaximumProblems { get; init; } = 512;

    /// <summary>
    /// Maximum number of tokens on which bits per byte are measured, from the beginning of the validation part.
    /// Default: 200000.
    /// </summary>
    [Range(1, long.MaxValue)] public long HeldOutTokens { get; init; } = 200_000;

    /// <summary>
    /// Whether problems and prompts are given as chat messages. false = as plain text followed by a line end; the
    /// answer then ends at the end-of-text token. Default: true.
    /// </summary>
    public bool Chat { get; init; } = true;

    /// <summary>Prompts whose answers are shown in the report. Default: none.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>
    /// Plain texts whose continuations are shown in the report. They are given without a chat template, as a base model
    /// expects. Default: none.
    /// </summary>
    public IReadOnlyList<string> RawPrompts { get; init; } = [];
}
