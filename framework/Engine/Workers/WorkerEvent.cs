using System.Text.Json;
using System.Text.Json.Serialization;

namespace Experiments.Engine.Workers;

/// <summary>An event that a worker sends to the host: one JSON object per line of its standard output.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Progressed), "progress")]
[JsonDerivedType(typeof(Measured), "metric")]
[JsonDerivedType(typeof(Logged), "log")]
[JsonDerivedType(typeof(Resumed), "resumed")]
[JsonDerivedType(typeof(Checkpointed), "checkpoint")]
[JsonDerivedType(typeof(ShardDone), "shard")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Stopped), "stopped")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record WorkerEvent
{
    /// <summary>The event as a line, without a line end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, WorkerEventJson.Default.WorkerEvent);

    /// <summary>The event of a line; null when the line is something else, such as the output of a library.</summary>
    public static WorkerEvent? Parse(string line)
    {
        if (!line.StartsWith("{\"event\":", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(line, WorkerEventJson.Default.WorkerEvent) is { IsWhole: true } message ? message : null;
        }
        catch (Exception problem) when (problem is JsonException or NotSupportedException)
        {
            return null; // incomplete, because the worker died, or damaged
        }
    }

    /// <summary>Whether no property is missing that must be there, which the deserializer does not check.</summary>
    [JsonIgnore]
    internal virtual bool IsWhole => true;
}

/// <summary>An event after which a worker sends no other. A worker that ends without one has failed.</summary>
public abstract record LastWord : WorkerEvent;

/// <summary>The progress of the stage.</summary>
public sealed record Progressed(double Done, double? Total, string Unit, string? Note) : WorkerEvent
{
    internal override bool IsWhole => Unit is not null;
}

/// <summary>A metric's value.</summary>
public sealed record Measured(string Name, double Value, long? Step, DateTimeOffset Time) : WorkerEvent
{
    internal override bool IsWhole => !string.IsNullOrWhiteSpace(Name);
}

/// <summary>A line for the log.</summary>
public sealed record Logged(bool IsWarning, string Text) : WorkerEvent
{
    internal override bool IsWhole => Text is not null;
}

/// <summary>The stage resumes from a checkpoint.</summary>
public sealed record Resumed(long Step) : WorkerEvent;

/// <summary>A checkpoint was saved.</summary>
public sealed record Checkpointed(long Step) : WorkerEvent;

/// <summary>A piece of the work is done.</summary>
/// <param name="Done">Number of pieces done by all processes.</param>
/// <param name="Total">Number of all pieces.</param>
public sealed record ShardDone(int Done, int Total) : WorkerEvent;

/// <summary>The stage is done.</summary>
/// <param name="PeakMemory">The worker's peak memory. Unit: bytes.</param>
/// <param name="Parts">What the stage returned, with its files; empty for a worker that only does pieces.</param>
/// <param name="MetricsLength">Length of the file of the metrics. Unit: bytes.</param>
public sealed record Finished(long PeakMemory, IReadOnlyList<FinishedPart> Parts, long MetricsLength) : LastWord
{
    internal override bool IsWhole => Parts is not null
        && Parts.All(part => part is { Name: not null, Type: not null, Files: not null } && part.Files.All(file => file?.Path is not null));
}

/// <summary>The stage was interrupted and saved what it could.</summary>
public sealed record Stopped : LastWord;

/// <summary>The stage failed.</summary>
/// <param name="IsTransient">Whether the same attempt may succeed when it is repeated.</param>
/// <param name="Message">What is wrong, in words for people.</param>
/// <param name="Detail">The stack trace.</param>
public sealed record Failed(bool IsTransient, string Message, string Detail) : LastWord
{
    internal override bool IsWhole => Message is not null && Detail is not null;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkerEvent))]
internal sealed partial class WorkerEventJson : JsonSerializerContext;
