using System.Text.Json.Serialization;

namespace Experiments.Engine.Tracking;

/// <summary>One line of a <see cref="TrackingJournal"/>.</summary>
/// <param name="Run">Local id of the run that it belongs to.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunStarted), "start")]
[JsonDerivedType(typeof(ParamsLogged), "params")]
[JsonDerivedType(typeof(MetricsLogged), "metrics")]
[JsonDerivedType(typeof(TagsSet), "tags")]
[JsonDerivedType(typeof(InputLogged), "input")]
[JsonDerivedType(typeof(ArtifactLogged), "artifact")]
[JsonDerivedType(typeof(RunEnded), "end")]
public abstract record TrackingEntry(string Run);

/// <summary>A run began, or goes on after an interruption.</summary>
/// <param name="Run">Its local id, unique over all machines.</param>
/// <param name="Name">What people read.</param>
/// <param name="Parent">Local id of the run that it is nested in, or null.</param>
/// <param name="Time">Milliseconds since 1970.</param>
/// <param name="Tags">Tags to begin with.</param>
/// <param name="Sharing">Whether other journals name this run too.</param>
public sealed record RunStarted(
    string Run, string Name, string? Parent, long Time, IReadOnlyDictionary<string, string> Tags, RunSharing Sharing = RunSharing.None) : TrackingEntry(Run);

/// <summary>Whether several journals name one run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunSharing>))]
public enum RunSharing
{
    /// <summary>Only this one.</summary>
    None,

    /// <summary>Others nest runs in it; this journal tells how it goes.</summary>
    Owner,

    /// <summary>Another one tells how it goes; this journal nests runs in it.</summary>
    Guest,
}

/// <summary>Settings of a run.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Values">Values by name; a param keeps the first value that it gets.</param>
public sealed record ParamsLogged(string Run, IReadOnlyDictionary<string, string> Values) : TrackingEntry(Run);

/// <summary>Figures of a run.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Points">The figures, in the order in which they were recorded.</param>
public sealed record MetricsLogged(string Run, IReadOnlyList<TrackedPoint> Points) : TrackingEntry(Run);

/// <summary>One figure.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Value">May be NaN or infinite.</param>
/// <param name="Step">The step; 0 for a result without a course.</param>
/// <param name="Time">Milliseconds since 1970.</param>
public readonly record struct TrackedPoint(string Name, double Value, long Step, long Time);

/// <summary>Tags of a run; a tag keeps the last value that it gets.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Values">Values by name.</param>
public sealed record TagsSet(string Run, IReadOnlyDictionary<string, string> Values) : TrackingEntry(Run);

/// <summary>A data set that a run read.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Name">What people read.</param>
/// <param name="Digest">Digest of its content; MLflow keeps 36 characters.</param>
/// <param name="Source">Path or URL.</param>
public sealed record InputLogged(string Run, string Name, string Digest, string Source) : TrackingEntry(Run);

/// <summary>A file that a run made.</summary>
/// <param name="Run">Local id.</param>
/// <param name="File">The file, relative to the journal's folder where that is possible.</param>
/// <param name="Path">Its path among the run's artifacts.</param>
public sealed record ArtifactLogged(string Run, string File, string Path) : TrackingEntry(Run);

/// <summary>A run came to its end.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Time">Milliseconds since 1970.</param>
public sealed record RunEnded(string Run, TrackedStatus Status, long Time) : TrackingEntry(Run);

/// <summary>How a run ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrackedStatus>))]
public enum TrackedStatus
{
    /// <summary>It did all that it should.</summary>
    Finished,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was interrupted and can go on.</summary>
    Killed,
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(TrackingEntry))]
[JsonSerializable(typeof(SentState))]
internal sealed partial class TrackingJson : JsonSerializerContext;
