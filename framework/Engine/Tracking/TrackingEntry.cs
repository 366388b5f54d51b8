using System.Text.Json.Serialization;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;

namespace Experiments.Engine.Tracking;

/// <summary>One line of a <see cref="TrackingJournal"/>.</summary>
/// <param name="Run">The local id of its run.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunStarted), "start")]
[JsonDerivedType(typeof(ParamsLogged), "params")]
[JsonDerivedType(typeof(MetricsLogged), "metrics")]
[JsonDerivedType(typeof(TagsSet), "tags")]
[JsonDerivedType(typeof(InputLogged), "input")]
[JsonDerivedType(typeof(ArtifactLogged), "artifact")]
[JsonDerivedType(typeof(RunEnded), "end")]
public abstract record TrackingEntry(string Run);

/// <summary>A run started, or resumed after an interruption.</summary>
/// <param name="Run">Its local id, unique over all machines.</param>
/// <param name="Name">The name to show.</param>
/// <param name="Parent">Local id of the run that it is nested in, or null.</param>
/// <param name="Time">Milliseconds since 1970.</param>
/// <param name="Tags">Its first tags.</param>
/// <param name="Sharing">Whether other journals contain this run too.</param>
public sealed record RunStarted(
    string Run, string Name, string? Parent, long Time, IReadOnlyDictionary<string, string> Tags, RunSharing Sharing = RunSharing.None) : TrackingEntry(Run)
{
    /// <summary>The run in the form that a store takes.</summary>
    internal RunStart ToStart() => new(Run, Name, DateTimeOffset.FromUnixTimeMilliseconds(Time), Tags);
}

/// <summary>Whether several journals contain one run.</summary>
public enum RunSharing
{
    /// <summary>Only this journal contains the run.</summary>
    None,

    /// <summary>This journal has the data of the run. Other journals nest runs in it.</summary>
    Owner,

    /// <summary>Another journal has the data of the run. This journal nests runs in it.</summary>
    Guest,
}

/// <summary>Settings of a run.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Values">The values by name. A param keeps its first value.</param>
public sealed record ParamsLogged(string Run, IReadOnlyDictionary<string, string> Values) : TrackingEntry(Run);

/// <summary>Metrics of a run.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Points">The values, in the order in which they were recorded.</param>
public sealed record MetricsLogged(string Run, IReadOnlyList<TrackedPoint> Points) : TrackingEntry(Run);

/// <summary>One value of a metric.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Value">May be NaN or infinite.</param>
/// <param name="Step">The step; 0 for a result without steps.</param>
/// <param name="Time">Milliseconds since 1970.</param>
public readonly record struct TrackedPoint(string Name, double Value, long Step, long Time)
{
    /// <summary>The value in the form that a store takes.</summary>
    internal MetricPoint ToMetric() => new(Name, Value, Step, DateTimeOffset.FromUnixTimeMilliseconds(Time));
}

/// <summary>Tags of a run. A tag keeps its last value.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Values">Values by name.</param>
public sealed record TagsSet(string Run, IReadOnlyDictionary<string, string> Values) : TrackingEntry(Run);

/// <summary>A data set that a run read.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Name">The name to show.</param>
/// <param name="Digest">Digest of its content.</param>
/// <param name="Source">Path or URL.</param>
public sealed record InputLogged(string Run, string Name, string Digest, string Source) : TrackingEntry(Run);

/// <summary>A file that a run made.</summary>
/// <param name="Run">Local id.</param>
/// <param name="File">The file, relative to the journal's folder where that is possible.</param>
/// <param name="Path">Its path among the run's artifacts.</param>
public sealed record ArtifactLogged(string Run, string File, string Path) : TrackingEntry(Run);

/// <summary>A run ended.</summary>
/// <param name="Run">Local id.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Time">Milliseconds since 1970.</param>
public sealed record RunEnded(string Run, EndStatus Status, long Time) : TrackingEntry(Run)
{
    /// <summary>The end in the form that a store takes.</summary>
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
