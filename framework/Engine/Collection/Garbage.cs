namespace Experiments.Engine.Collection;

/// <summary>Something in a folder of runs that nothing needs.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The folder.</param>
/// <param name="Bytes">The size of its files.</param>
/// <param name="Changed">When it was last changed.</param>
/// <param name="Why">Why nothing needs it, for a person.</param>
/// <param name="Key">Of an artifact its key, of an attempt the beginning of it that the folder's name holds; otherwise null.</param>
public sealed record Garbage(GarbageKind Kind, string Path, long Bytes, DateTimeOffset Changed, string Why, string? Key = null);

/// <summary>Kinds of garbage.</summary>
public enum GarbageKind
{
    /// <summary>An artifact that no kept run used and no kept artifact was made from.</summary>
    Artifact,

    /// <summary>An artifact that was found damaged.</summary>
    Damaged,

    /// <summary>Attempts at a key that no kept run goes on with.</summary>
    Attempt,

    /// <summary>What a collection that was broken off left.</summary>
    Leftover,

    /// <summary>A plugin that was compiled for a recipe.</summary>
    Plugin,

    /// <summary>An old run's folder.</summary>
    Run,
}
