using System.Text.Json.Serialization;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;

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
    string Run, string Name, string? Parent, long Time, IReadOnlyDictionary<string, string> Tags, RunSharing Sharing = RunSharing.None) : TrackingEntry(Run)
{
    /// <summary>The run as a store takes it.</summary>
    internal RunStart ToStart() => new(Run, Name, DateTimeOffset.FromUnixTimeMilliseconds(Time), Tags);
}

/// <summary>Whether several journals name one run.</summary>
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
public readonly record struct TrackedPoint(string Name, double Value, long Step, long Time)
{
    /// <summary>The value as a store takes it.</summary>
    internal MetricPoint ToMetric() => new(Name, Value, Step, DateTimeOffset.FromUnixTimeMilliseconds(Time));
}

/// <summary>Tags of a run; a tag keeps the last value that it gets.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Values">Values by name.</param>
public sealed record TagsSet(string Run, IReadOnlyDictionary<string, string> Values) : TrackingEntry(Run);

/// <summary>A data set that a run read.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Name">What people read.</param>
/// <param name="Digest">Digest of its content.</param>
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
public sealed record RunEnded(string Run, TrackedStatus Status, long Time) : TrackingEntry(Run)
{
    /// <summary>The end as a store takes it.</summary>
    internal RunEnd ToEnd() => new(Status, DateTimeOffset.FromUnixTimeMilliseconds(Time));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(TrackingEntry))]
[JsonSerializable(typeof(SentState))]
internal sealed partial class TrackingJson : JsonSerializerContext;
