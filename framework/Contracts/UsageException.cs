namespace Experiments.Contracts;

/// <summary>
/// What the user asked for cannot be done as it was written: a name that does not exist, options that contradict each
/// other, an address of the wrong form. The message says what is wrong, where it was written, and the remedy. The host
/// shows only the message and ends with exit code 2.
/// </summary>
/// <param name="message">What is wrong, and the remedy.</param>
public sealed class UsageException(string message) : Exception(message);
