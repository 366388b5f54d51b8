using Experiments.Contracts.Running;

namespace Experiments.Contracts.Tracking;

/// <summary>The start of a run.</summary>
/// <param name="Id">Its local id, unique over all machines: the run's id, and <c>RUN/STAGE</c> for a stage of
/// it.</param>
/// <param name="Name">The name to show.</param>
/// <param name="Time">When it started.</param>
/// <param name="Tags">Its first tags: those of <see cref="RunTags"/> and any others.</param>
public sealed record RunStart(string Id, string Name, DateTimeOffset Time, IReadOnlyDictionary<string, string> Tags);

/// <summary>The end of a run.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Time">When.</param>
public sealed record RunEnd(EndStatus Status, DateTimeOffset Time);
