namespace Experiments.Plugins.Sources.Compression;

/// <summary>
/// Input bytes that cannot be read. The exception never leaves this assembly: readers catch it and report a skip.
/// </summary>
internal sealed class DamagedInputException(string reason, string message) : Exception(message)
{
    /// <summary>The reason of the skip, in lower_snake.</summary>
    public string Reason { get; } = reason;
}
