namespace Experiments.Contracts;

/// <summary>One node of the DAG: it reads artifacts and makes one. Implement <see cref="IStage{TInputs, TOutput}"/>.</summary>
[PluginKind("stage")]
public interface IStage;

/// <summary>One node of the DAG: it reads artifacts and makes one.</summary>
/// <typeparam name="TInputs">
/// A record whose properties are the recipe's <c>inputs:</c> keys in snake_case. A property is an artifact type, a list of it (one or many in
/// the recipe) or a dictionary of it by name; nullable when the input may be left out.
/// </typeparam>
/// <typeparam name="TOutput">
/// An artifact type, or a record of several: property <c>Conversations</c> is then made in the subfolder <c>conversations</c> and is
/// named <c>STAGE.conversations</c> by the stages that read it.
/// </typeparam>
/// <remarks>
/// The same inputs, options and seed give the same bytes. Failure rule: throw. <see cref="IOException"/> counts as transient and is retried,
/// <see cref="InvalidDataException"/> and everything else is final. On cancellation the stage saves a checkpoint, if it has any, and throws
/// <see cref="OperationCanceledException"/>.
/// </remarks>
public interface IStage<TInputs, TOutput> : IStage
    where TInputs : class
    where TOutput : class
{
    /// <summary>Runs the stage to its end, or on from its last checkpoint.</summary>
    Task<TOutput> RunAsync(TInputs inputs, StageContext context, CancellationToken cancellationToken);
}

/// <summary>The inputs of a stage that reads nothing.</summary>
public sealed record NoInputs;
