namespace Experiments.Engine.Workers;

/// <summary>Arguments of <c>lab worker</c> that every launcher uses.</summary>
public static class WorkerArguments
{
    /// <summary>The worker only does pieces of the work that no other worker has claimed.</summary>
    public const string OnlyPieces = "--only-pieces";
}
