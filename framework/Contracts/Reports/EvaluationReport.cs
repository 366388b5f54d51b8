using System.Text.Json;

namespace Experiments.Contracts.Reports;

/// <summary>The results of an evaluation: the <c>report.json</c> of an <c>evaluate</c> stage.</summary>
public sealed record EvaluationReport
{
    private const string OfThisKind = "evaluation";

    /// <summary>Marks a report of this shape: <c>evaluation</c>.</summary>
    public string Kind { get; init; } = OfThisKind;

    /// <summary>Every metric by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>One entry for each set of problems.</summary>
    public IReadOnlyList<EvaluatedSet> Sets { get; init; } = [];

    /// <summary>Answers to chat prompts.</summary>
    public IReadOnlyList<SampledText> Dialogues { get; init; } = [];

    /// <summary>Continuations of plain text.</summary>
    public IReadOnlyList<SampledText> Continuations { get; init; } = [];

    /// <summary>Some problems with their answers.</summary>
    public IReadOnlyList<AnsweredProblem> Examples { get; init; } = [];

    /// <summary>Reads the report in a folder, or gives null when there is none or it is of another kind.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public static EvaluationReport? Find(string folder)
    {
        var path = Path.Combine(folder, ReportJson.FileName);
        try
        {
            var root = File.Exists(path) ? JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(path)) : default;
            var isEvaluation = root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.GetString() == OfThisKind;
            return isEvaluation ? root.Deserialize<EvaluationReport>(ReportJson.Options) : null;
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{path}: {problem.Message}", problem);
        }
    }
}

/// <summary>A model's results on one set of problems.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Problems">Number of problems in the set.</param>
/// <param name="ExactMatch">The mean score. Unit: fraction, 0 to 1.</param>
/// <param name="ExactMatchError">
/// The standard error of the mean score over problems. With one answer per problem and scores of 0 and 1 it is the
/// binomial √(p(1−p)/n).
/// </param>
/// <param name="StoppedShare">Share of answers that the model ended itself. Unit: fraction, 0 to 1.</param>
/// <param name="MeanCompletionTokens">Mean length of an answer, including the token that ends it. Unit: tokens.</param>
/// <param name="ExactMatchGain">Exact match minus the baseline's, or null if the baseline does not have this set.</param>
/// <param name="ExactMatchGainError">
/// The gain's standard error, computed as for two independent samples. If both models answered the same problems, the
/// true error is usually smaller. Null without a gain.
/// </param>
public sealed record EvaluatedSet(
    string Set,
    int Problems,
    double ExactMatch,
    double ExactMatchError,
    double StoppedShare,
    double MeanCompletionTokens,
    double? ExactMatchGain = null,
    double? ExactMatchGainError = null);

/// <summary>What a model wrote after a prompt.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Answer">The text that follows it.</param>
/// <param name="Stopped">Whether the model ended it itself; false when it was cut off.</param>
/// <param name="Tokens">Its length. Unit: tokens.</param>
public sealed record SampledText(string Prompt, string Answer, bool Stopped, int Tokens);

/// <summary>A problem with a model's answer.</summary>
/// <param name="Set">The set that the problem is from.</param>
/// <param name="Prompt">The problem.</param>
/// <param name="Truth">The right answer.</param>
/// <param name="Answer">The model's answer.</param>
/// <param name="Stopped">Whether the model ended it itself; false when it was cut off.</param>
/// <param name="Score">What the answer is worth. Unit: fraction, 0 to 1.</param>
public sealed record AnsweredProblem(string Set, string Prompt, string Truth, string Answer, bool Stopped, double Score);
