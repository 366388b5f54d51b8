using System.Text.Json;
using Experiments.Contracts.Artifacts;

namespace Experiments.Plugins.Worlds.Truth;

/// <summary>The truth about one response of a generated crawl: a line of <c>truth.jsonl</c>.</summary>
internal sealed record TruthRecord
{
    /// <summary>The name of the file in the artifact.</summary>
    public const string FileName = "truth.jsonl";

    /// <summary>The address. No two responses share one.</summary>
    public required string Url { get; init; }

    /// <summary>The WARC record id.</summary>
    public string RecordId { get; init; } = "";

    /// <summary>
    /// The kind of page: biography, city, yearbook, forum, exercises, foreign, promotion, navigation, spam, image, pdf,
    /// data, missing, redirect.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Whether a clean corpus should contain the page.</summary>
    public bool Keep => Reason is null;

    /// <summary>Why a clean corpus should not contain it: one of <see cref="Reasons"/>, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>ISO 639-1 code; null if there is no text.</summary>
    public string? Language { get; init; }

    /// <summary>The charset of the bytes; null if there is no text.</summary>
    public string? Charset { get; init; }

    /// <summary>The address of the earlier page that this one repeats, or null.</summary>
    public string? DuplicateOf { get; init; }

    /// <summary>The main text; its paragraphs are joined by line feeds.</summary>
    public string MainText { get; init; } = "";

    /// <summary>E-mail addresses in the main text.</summary>
    public IReadOnlyList<string> Emails { get; init; } = [];

    /// <summary>Public IPv4 addresses in the main text.</summary>
    public IReadOnlyList<string> PublicIps { get; init; } = [];

    /// <summary>Private IPv4 addresses in the main text. They should be kept.</summary>
    public IReadOnlyList<string> PrivateIps { get; init; } = [];

    /// <summary>Streams the records of an artifact.</summary>
    public static IEnumerable<TruthRecord> Read(GroundTruth truth) => JsonLines.Read(truth.Files, line => new TruthRecord
    {
        Url = line.Text("url"),
        RecordId = line.Text("record_id"),
        Kind = line.Text("kind"),
        Reason = line.OptionalText("reason"),
        Language = line.OptionalText("language"),
        Charset = line.OptionalText("charset"),
        DuplicateOf = line.OptionalText("duplicate_of"),
        MainText = line.Text("main_text"),
        Emails = Texts(line, "emails"),
        PublicIps = Texts(line, "public_ips"),
        PrivateIps = Texts(line, "private_ips"),
    });

    private static string[] Texts(JsonElement line, string name) =>
        line.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : [];
}

/// <summary>Reasons why a page does not belong in a clean corpus.</summary>
internal static class Reasons
{
    public const string BlockedUrl = "blocked_url";
    public const string NotEnglish = "not_english";
    public const string Thin = "thin";
    public const string Repetitive = "repetitive";
    public const string ExactDuplicate = "exact_duplicate";
    public const string NearDuplicate = "near_duplicate";
    public const string NotHtml = "not_html";
    public const string NotOk = "not_ok";
}
