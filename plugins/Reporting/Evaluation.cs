using System.Text.Json;

namespace Experiments.Plugins.Reporting;

/// <summary>The <c>report.json</c> of an <c>evaluate</c> stage.</summary>
internal sealed record Evaluation
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Marks a report of this shape: <c>evaluation</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>One entry for each set of problems.</summary>
    public IReadOnlyList<EvaluatedSet> Sets { get; init; } = [];

    /// <summary>Answers to chat prompts.</summary>
    public IReadOnlyList<Sample> Dialogues { get; init; } = [];

    /// <summary>Continuations of plain text.</summary>
    public IReadOnlyList<Sample> Continuations { get; init; } = [];

    /// <summary>Some problems with their answers.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];

    /// <summary>Reads a report; null if it is of another kind.</summary>
    public static Evaluation? Read(string path)
    {
        var root = File.Exists(path) ? JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(path)) : default;
        var isEvaluation = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.GetString() == "evaluation";
        return isEvaluation ? root.Deserialize<Evaluation>(Options) : null;
    }
}

/// <summary>A model's results on one set of problems.</summary>
internal sealed record EvaluatedSet(
    string Set, int Problems, double ExactMatch, double ExactMatchError, double StoppedShare, double MeanCompletionTokens, double? ExactMatchGain, double? ExactMatchGainError);

/// <summary>What a model wrote after a prompt.</summary>
internal sealed record Sample(string Prompt, string Answer, bool Stopped, int Tokens);

/// <summary>A problem with a model's answer.</summary>
internal sealed record Example(string Set, string Prompt, string Truth, string Answer, bool Stopped, double Score);
