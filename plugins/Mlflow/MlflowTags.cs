using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Mlflow;

/// <summary>The tags of a run under the names that MLflow's pages read.</summary>
public static class MlflowTags
{
    /// <summary>The run's local id, by which the run is found again.</summary>
    public const string LocalId = "lab.run";

    /// <summary>Who started the run.</summary>
    public const string User = "mlflow.user";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        [RunTags.User] = User,
        [RunTags.Source] = "mlflow.source.name",
        [RunTags.SourceType] = "mlflow.source.type",
        [RunTags.Commit] = "mlflow.source.git.commit",
        [RunTags.Note] = "mlflow.note.content",
    };

    /// <summary>
    /// Translates the names of tags. MLflow's own names, and names without a counterpart in MLflow, stay as they are.
    /// </summary>
    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, string> tags)
    {
        Dictionary<string, string> translated = [];
        foreach (var (name, value) in tags)
        {
            translated[Names.GetValueOrDefault(name, name)] = value;
        }

        return translated;
    }

    /// <summary>The tags of a new run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parent">The id, in the store, of the run that it is nested in, or null.</param>
    public static Dictionary<string, string> Of(RunStart run, string? parent)
    {
        var tags = Of(run.Tags);
        tags[LocalId] = run.Id;
        tags["mlflow.runName"] = run.Name;
        if (parent is not null)
        {
            tags["mlflow.parentRunId"] = parent;
        }

        return tags;
    }
}
