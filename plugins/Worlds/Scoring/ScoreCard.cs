namespace Experiments.Plugins.Worlds.Scoring;

/// <summary>How well a crawl was cleaned.</summary>
/// <param name="Figures">The metrics, in the order of the report.</param>
/// <param name="Reasons">The pages that had to go, by the true reason.</param>
/// <param name="Mistakes">Everything that went wrong.</param>
internal sealed record ScoreCard(IReadOnlyList<KeyValuePair<string, double>> Figures, IReadOnlyList<ReasonCount> Reasons, IReadOnlyList<Mistake> Mistakes);

/// <summary>Pages with one true reason to go.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Pages">How many there are.</param>
/// <param name="Dropped">How many are gone.</param>
/// <param name="Steps">Which steps dropped how many.</param>
internal sealed record ReasonCount(string Reason, int Pages, int Dropped, IReadOnlyList<KeyValuePair<string, int>> Steps);

/// <summary>One thing that went wrong.</summary>
internal sealed record Mistake(MistakeKind Kind, string Url, string What);

/// <summary>What can go wrong.</summary>
internal enum MistakeKind
{
    WronglyDropped,
    WronglyKept,
    WorstExtraction,
    EmailLeft,
    PublicIpLeft,
    PrivateIpLost,
    WrongCharset,
}
