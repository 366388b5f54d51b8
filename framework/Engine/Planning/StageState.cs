namespace Experiments.Engine.Planning;

/// <summary>What a run will do with a stage.</summary>
public enum StageState
{
    /// <summary>Its artifact is in the store.</summary>
    Hit,

    /// <summary>It was interrupted and resumes from a checkpoint.</summary>
    Resume,

    /// <summary>It runs from the start.</summary>
    Run,
}
