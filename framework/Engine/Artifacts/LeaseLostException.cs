namespace Experiments.Engine.Artifacts;

/// <summary>This process lost a lease while it worked, and must not write any more.</summary>
/// <param name="message">What was lost, to whom, and what follows.</param>
public sealed class LeaseLostException(string message) : Exception(message);
