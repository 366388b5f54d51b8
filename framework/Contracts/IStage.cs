namespace Experiments.Contracts;

/// <summary>
/// A node of the DAG: reads artifacts and makes one. Implement <see cref="IStage{TInputs, TOutput}"/>.
/// </summary>
[PluginKind("stage")]
public interface IStage;

/// <summary>A node of the DAG: reads artifacts and makes one.</summary>
/// <typeparam name="TInputs">
/// A record whose properties are the recipe's <c>inputs:</c> keys in snake_case. A property is an artifact type, a list
/// of it (one or several in the recipe) or a dictionary of it by name. Nullable means that the input is optional.
/// </typeparam>
/// <typeparam name="TOutput">
/// An artifact type, or a record of several: property <c>Conversations</c> is then in the subfolder
/// <c>conversations</c>, and other stages read it as <c>STAGE.conversations</c>.
/// </typeparam>
/// <remarks>
/// The same inputs, options and seed must give the same bytes. Failure rule: throw. <see cref="IOException"/> counts as
/// transient and is retried; <see cref="InvalidDataException"/> and everything else is final. On cancellation the stage
/// saves a checkpoint, if it uses checkpoints, and throws <see cref="OperationCanceledException"/>.
/// </remarks>
public interface IStage<TInputs, TOutput> : IStage
    where TInputs : class
    where TOutput : class
{
    /// <summary>Runs the stage, from its last checkpoint if there is one.</summary>
    Task<TOutput> RunAsync(TInputs inputs, StageContext context, CancellationToken cancellationToken);
}

/// <summary>The inputs of a stage that has none.</summary>
public sealed record NoInputs;
