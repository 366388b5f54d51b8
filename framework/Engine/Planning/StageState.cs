namespace Experiments.Engine.Planning;

/// <summary>What a run will do with a stage.</summary>
public enum StageState
{
    /// <summary>Its artifact is in the store.</summary>
    Hit,

    /// <summary>It was broken off and goes on from a checkpoint.</summary>
    Resume,

    /// <summary>It runs from its start.</summary>
    Run,
}
