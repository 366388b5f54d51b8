namespace Experiments.Engine.Collection;

/// <summary>Something in the folder of runs that nothing needs.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Path">The folder.</param>
/// <param name="Bytes">The size of its files.</param>
/// <param name="Changed">When it was last changed.</param>
/// <param name="Why">Why nothing needs it, in words for people.</param>
/// <param name="Key">For an artifact, its key; for an attempt, the beginning of the key, as in the folder's name; empty
/// for a damaged artifact that was set aside; otherwise null.</param>
public sealed record Garbage(GarbageKind Kind, string Path, long Bytes, DateTimeOffset Changed, string Why, string? Key = null);

/// <summary>Kinds of garbage.</summary>
public enum GarbageKind
{
    /// <summary>An artifact that no kept run used and no kept artifact was made from.</summary>
    Artifact,

    /// <summary>An artifact that was found damaged.</summary>
    Damaged,

    /// <summary>Attempts at a key that no kept run will resume.</summary>
    Attempt,

    /// <summary>What an interrupted collection left behind.</summary>
    Leftover,

    /// <summary>A plugin that was compiled for a recipe.</summary>
    Plugin,

    /// <summary>An old run's folder.</summary>
    Run,
}
