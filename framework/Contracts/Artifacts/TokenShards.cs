namespace Experiments.Contracts.Artifacts;

/// <summary>
/// Token ids ready for training: <c>train-00000.tokens ...</c> and <c>validation-00000.tokens</c>, each a memory-mapped
/// <see cref="TokenShard"/>, and the tokenizer's files.
/// </summary>
public sealed class TokenShards(ArtifactLocation location) : Artifact(location)
{
    /// <summary>The split to train on.</summary>
    public const string Train = "train";

    /// <summary>The held-out split.</summary>
    public const string Validation = "validation";

    /// <summary>The file of a shard.</summary>
    public static string FileName(string split, int shard) => $"{split}-{shard:D5}.tokens";

    /// <summary>Maps the shards of one split, in order. The caller disposes them.</summary>
    /// <exception cref="InvalidDataException">The split has no shards, or a file is not a token shard.</exception>
    public IReadOnlyList<TokenShard> Open(string split)
    {
        var files = Files.Where(file => Path.GetFileName(file).StartsWith(split + "-", StringComparison.Ordinal));
        IReadOnlyList<TokenShard> shards = [.. files.Select(TokenShard.Open)];
        return shards.Count > 0 ? shards : throw new InvalidDataException($"{Folder}: no {split}-*.tokens here.");
    }
}
