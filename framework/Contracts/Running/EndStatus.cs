using System.Text.Json.Serialization;

namespace Experiments.Contracts.Running;

/// <summary>How a run, a trial or a sweep ended: the one vocabulary of journals, tracking and exit codes.</summary>
/// <remarks>Tracking journals spell it as MLflow does, run journals and <c>--json</c> as <see cref="EndStatusWords.Word"/>.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<EndStatus>))]
public enum EndStatus
{
    /// <summary>All went well.</summary>
    [JsonStringEnumMemberName("Finished")] Done,

    /// <summary>Something failed.</summary>
    Failed,

    /// <summary>A signal interrupted it, or its process died. It can be resumed.</summary>
    [JsonStringEnumMemberName("Killed")] Interrupted,
}

/// <summary>The words for <see cref="EndStatus"/>.</summary>
public static class EndStatusWords
{
    /// <summary><c>done</c>, <c>failed</c> or <c>interrupted</c>.</summary>
    public static string Word(this EndStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>The status of a word; null for any other text.</summary>
    public static EndStatus? Parse(string? word) =>
        Enum.GetValues<EndStatus>().Cast<EndStatus?>().FirstOrDefault(status => status!.Value.Word() == word);
}
