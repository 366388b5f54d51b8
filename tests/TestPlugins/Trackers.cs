using Experiments.Contracts;
using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Testing;

/// <summary>Bears the name of the default tracker and opens nothing.</summary>
[Plugin("mlflow")]
public sealed class PretendTracker : ITracker
{
    public ITrackingStore Open(TrackingPlace place, TimeProvider time, Action<string> warn) => throw new TrackingUnavailableException(place.ToString());
}

/// <summary>Notes what it is told.</summary>
[Plugin("notes", Version = 3)]
public sealed class NotesTracker(NotesOptions options) : ITracker
{
    public ITrackingStore Open(TrackingPlace place, TimeProvider time, Action<string> warn) => throw new TrackingUnavailableException($"{options.File} of {place}");
}

/// <summary>Settings of <c>notes</c>.</summary>
public sealed record NotesOptions
{
    /// <summary>The file. Default: notes.txt.</summary>
    public string File { get; init; } = "notes.txt";
}
