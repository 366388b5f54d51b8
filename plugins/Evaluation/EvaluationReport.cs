using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Experiments.Contracts.Artifacts;

namespace Experiments.Plugins.Evaluation;

/// <summary>The results of an evaluation: <c>report.json</c> for programs, <c>report.md</c> for people.</summary>
internal sealed record EvaluationReport
{
    private const string JsonFile = "report.json";
    private const string OfThisKind = "evaluation";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Distinguishes this kind of report from others.</summary>
    public string? Kind { get; init; } = OfThisKind;

    /// <summary>All metrics.</summary>
    public SortedDictionary<string, double> Figures { get; set; } = new(StringComparer.Ordinal);

    /// <summary>One entry for each set of problems.</summary>
    public IReadOnlyList<SetResult> Sets { get; set; } = [];

    /// <summary>Answers to prompts.</summary>
    public IReadOnlyList<Sample> Dialogues { get; set; } = [];

    /// <summary>Continuations of plain text.</summary>
    public IReadOnlyList<Sample> Continuations { get; set; } = [];

    /// <summary>Some problems with their answers.</summary>
    public IReadOnlyList<Example> Examples { get; set; } = [];

    /// <summary>Reads the report of an earlier evaluation.</summary>
    /// <exception cref="InvalidDataException">The report is of another kind.</exception>
    public static EvaluationReport Read(Report report)
    {
        var path = Path.Combine(report.Folder, JsonFile);
        try
        {
            return JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllBytes(path), Json) is { Kind: OfThisKind } evaluation
                ? evaluation
                : throw new InvalidDataException($"{path}: this is not a report of an evaluate stage. The baseline must be one.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>Writes both files.</summary>
    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, JsonFile), JsonSerializer.Serialize(this, Json) + "\n", cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.md"), Markdown(), cancellationToken).ConfigureAwait(false);
    }

    private string Markdown()
    {
        var page = new StringBuilder("# Evaluation\n\n| Figure | Value |\n| --- | ---: |\n");
        foreach (var (name, value) in Figures)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {value:0.####} |\n");
        }

        Add("Sample problems", Examples, example =>
            $"[{example.Set}] {example.Prompt}\n  truth:  {example.Truth}\n  answer: {example.Answer}\n  {(example.Score >= 1 ? "\u2713 right" : "\u2717 wrong")}{(example.Stopped ? "" : ", cut off")}");
        Add("Sample dialogues", Dialogues, sample => $"> {sample.Prompt}\n{sample.Answer}\n  ({(sample.Stopped ? "ended itself" : "cut off")} after {sample.Tokens} tokens)");
        Add("Plain text, continued", Continuations, sample => $"{sample.Prompt}\u2502{sample.Answer}");
        return page.ToString();

        // What a model wrote may look like Markdown or HTML, so it is escaped and shown as it is.
        void Add<T>(string title, IReadOnlyList<T> items, Func<T, string> show)
        {
            if (items.Count > 0)
            {
                var text = string.Join("\n\n", items.Select(show)).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
                page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n<pre>\n{text}\n</pre>\n");
            }
        }
    }
}
