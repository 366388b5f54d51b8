namespace Experiments.Plugins.Worlds.Scoring;

/// <summary>How well a crawl was cleaned.</summary>
/// <param name="Figures">The metrics, in the order of the report.</param>
/// <param name="Reasons">The pages that should be dropped, by their true reason.</param>
/// <param name="Mistakes">All mistakes.</param>
internal sealed record ScoreCard(IReadOnlyList<KeyValuePair<string, double>> Figures, IReadOnlyList<ReasonCount> Reasons, IReadOnlyList<Mistake> Mistakes);

/// <summary>The pages that should be dropped for one reason.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Pages">How many there are.</param>
/// <param name="Dropped">How many of them were dropped.</param>
/// <param name="Steps">How many each step dropped.</param>
internal sealed record ReasonCount(string Reason, int Pages, int Dropped, IReadOnlyList<KeyValuePair<string, int>> Steps);

/// <summary>One mistake.</summary>
internal sealed record Mistake(MistakeKind Kind, string Url, string What);

/// <summary>The kinds of mistakes.</summary>
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
