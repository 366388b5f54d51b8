using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts.Running;

namespace Experiments.Plugins.Worlds.Scoring;

/// <summary>Writes a score card as <c>report.md</c> and <c>report.json</c>.</summary>
internal static class ScorePage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private static readonly IReadOnlyDictionary<string, string> Meanings = new Dictionary<string, string>
    {
        ["pages"] = "Responses in the crawl",
        ["pages_kept"] = "Pages in the cleaned corpus",
        ["unknown_documents"] = "Documents whose address the truth does not know",
        [MetricNames.KeepPrecision] = "Share of the kept pages that had to be kept",
        [MetricNames.KeepRecall] = "Share of the pages to keep that were kept",
        ["wrongly_dropped"] = "Pages to keep that are gone",
        ["extraction_f1"] = "Main text against the truth, F1 of four-word shingles, mean over kept pages",
        ["boilerplate_share"] = "Share of the extracted text that is not main text, mean over kept pages",
        ["email_recall"] = "Share of the e-mail addresses that are gone from kept pages",
        ["email_leaks"] = "E-mail addresses left on kept pages",
        ["public_ip_recall"] = "Share of the public IPv4 addresses that are gone from kept pages",
        ["private_ips_kept"] = "Share of the private IPv4 addresses that stayed",
        ["charset_correct"] = "Share of the pages with letters beyond ASCII that were decoded rightly",
    };

    private static readonly IReadOnlyDictionary<MistakeKind, string> Titles = new Dictionary<MistakeKind, string>
    {
        [MistakeKind.WronglyDropped] = "Wrongly dropped",
        [MistakeKind.WronglyKept] = "Wrongly kept",
        [MistakeKind.WorstExtraction] = "Least exact extractions",
        [MistakeKind.EmailLeft] = "E-mail addresses left",
        [MistakeKind.PublicIpLeft] = "Public IP addresses left",
        [MistakeKind.PrivateIpLost] = "Private IP addresses lost",
        [MistakeKind.WrongCharset] = "Wrongly decoded",
    };

    public static void Write(ScoreCard card, int examples, string folder)
    {
        File.WriteAllText(Path.Combine(folder, "report.md"), Markdown(card, examples));
        File.WriteAllText(Path.Combine(folder, "report.json"), Json(card, examples).ToJsonString(Indented) + "\n");
    }

    private static string Markdown(ScoreCard card, int examples)
    {
        var page = new StringBuilder("# How well the crawl was cleaned\n\n| Figure | Value | Meaning |\n|---|---:|---|\n");
        foreach (var (name, value) in card.Figures.Where(figure => Meanings.ContainsKey(figure.Key)))
        {
            page.Append($"| {name} | {Number(value)} | {Meanings[name]} |\n");
        }

        page.Append("\n## Pages that had to go\n\n| True reason | Pages | Dropped | Recall | By step |\n|---|---:|---:|---:|---|\n");
        foreach (var reason in card.Reasons)
        {
            var steps = string.Join(", ", reason.Steps.Select(step => $"{step.Key} {step.Value}"));
            page.Append($"| {reason.Reason} | {reason.Pages} | {reason.Dropped} | {Number(reason.Dropped / (double)reason.Pages)} | {steps} |\n");
        }

        const string byStep = "wrongly_dropped/";
        page.Append("\n## Pages to keep that are gone\n\n| Step | Pages |\n|---|---:|\n");
        foreach (var (name, value) in card.Figures.Where(figure => figure.Key.StartsWith(byStep, StringComparison.Ordinal)))
        {
            page.Append($"| {name[byStep.Length..]} | {Number(value)} |\n");
        }

        page.Append("\n\"unread\" means neither kept nor dropped by a step: the reader passed it over.\n\n## Examples of mistakes\n");
        foreach (var (kind, title) in Titles)
        {
            var mistakes = card.Mistakes.Where(mistake => mistake.Kind == kind).ToList();
            page.Append($"\n### {title}: {mistakes.Count}\n\n");
            page.AppendJoin("", mistakes.Take(examples).Select(mistake => $"- <{mistake.Url}> {mistake.What.ReplaceLineEndings(" ")}\n"));
        }

        return page.ToString();
    }

    private static JsonObject Json(ScoreCard card, int examples) => new()
    {
        ["figures"] = new JsonObject(card.Figures.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)figure.Value))),
        ["reasons"] = new JsonArray([.. card.Reasons.Select(reason => new JsonObject
        {
            ["reason"] = reason.Reason,
            ["pages"] = reason.Pages,
            ["dropped"] = reason.Dropped,
            ["by_step"] = new JsonObject(reason.Steps.Select(step => KeyValuePair.Create(step.Key, (JsonNode?)step.Value))),
        })]),
        ["mistakes"] = new JsonObject(Titles.Keys.Select(kind => KeyValuePair.Create(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()),
            (JsonNode?)new JsonArray([.. card.Mistakes.Where(mistake => mistake.Kind == kind).Take(examples)
                .Select(mistake => new JsonObject { ["url"] = mistake.Url, ["what"] = mistake.What })])))),
    };

    private static string Number(double value) => value == Math.Floor(value) && value is 0 or > 1 ? $"{value:F0}" : $"{value:F4}";
}
