namespace Experiments.Plugins.Sources.Compression;

/// <summary>Compressed bytes that cannot be read. It never leaves this assembly: a reader turns it into a skip.</summary>
internal sealed class DamagedInputException(string reason, string message) : Exception(message)
{
    /// <summary>The class of the skip, lower_snake.</summary>
    public string Reason { get; } = reason;
}
