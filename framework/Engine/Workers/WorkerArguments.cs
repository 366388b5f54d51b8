namespace Experiments.Engine.Workers;

/// <summary>Arguments of <c>lab worker</c>, which every launcher passes on.</summary>
public static class WorkerArguments
{
    /// <summary>The worker does pieces of the work that no other worker has claimed, and nothing else.</summary>
    public const string OnlyPieces = "--only-pieces";
}
