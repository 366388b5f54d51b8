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
[JsonDerivedType(typeof(Used), "used")]
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
            return JsonSerializer.Deserialize(line, WorkerEventJson.Default.WorkerEvent);
        }
        catch (JsonException)
        {
            return null; // incomplete, because the worker died
        }
    }
}

/// <summary>The progress of the stage.</summary>
public sealed record Progressed(double Done, double? Total, string Unit, string? Note) : WorkerEvent;

/// <summary>A metric's value.</summary>
public sealed record Measured(string Name, double Value, long? Step, DateTimeOffset Time) : WorkerEvent;

/// <summary>A line for the log.</summary>
public sealed record Logged(bool IsWarning, string Text) : WorkerEvent;

/// <summary>The stage resumes from a checkpoint.</summary>
public sealed record Resumed(long Step) : WorkerEvent;

/// <summary>A checkpoint was saved.</summary>
public sealed record Checkpointed(long Step) : WorkerEvent;

/// <summary>A piece of the work is done.</summary>
/// <param name="Done">Number of pieces done by all processes.</param>
/// <param name="Total">Number of all pieces.</param>
public sealed record ShardDone(int Done, int Total) : WorkerEvent;

/// <summary>The resources that the worker used. It is the worker's last event.</summary>
/// <param name="PeakMemory">Its peak memory. Unit: bytes.</param>
public sealed record Used(long PeakMemory) : WorkerEvent;

/// <summary>The stage failed.</summary>
/// <param name="IsTransient">Whether the same attempt may succeed when it is repeated.</param>
/// <param name="Message">What is wrong, in words for people.</param>
/// <param name="Detail">The stack trace.</param>
public sealed record Failed(bool IsTransient, string Message, string Detail) : WorkerEvent;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkerEvent))]
internal sealed partial class WorkerEventJson : JsonSerializerContext;
