namespace Experiments.Contracts.Tracking;

/// <summary>The tags that a tracker may show in a place of their own. Other tags have no fixed meaning.</summary>
public static class RunTags
{
    /// <summary>Who started the run.</summary>
    public const string User = "lab.user";

    /// <summary>The path of the recipe.</summary>
    public const string Source = "lab.source";

    /// <summary>What kind of source it is: <c>LOCAL</c>.</summary>
    public const string SourceType = "lab.source.type";

    /// <summary>The git commit of the recipe's folder.</summary>
    public const string Commit = "lab.git.commit";

    /// <summary>A text about the run, such as why it failed.</summary>
    public const string Note = "lab.note";

    /// <summary>The key of a stage's artifact.</summary>
    public const string Key = "lab.key";
}
