namespace Experiments.Plugins.Tokenizers.Tests;

/// <summary>Trains small vocabularies.</summary>
internal static class TestVocabulary
{
    private static readonly string[] Special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

    /// <summary>
    /// A vocabulary with at most <paramref name="tokens"/> tokens in addition to the special ones; fewer if the text
    /// does not give as many.
    /// </summary>
    public static BytePairVocabulary Train(string text, int tokens, SplitPattern split = SplitPattern.Digits)
    {
        var counter = new PieceCounter(new PublishedSplitter(split), threads: 1);
        counter.Add([new("1", text)], CancellationToken.None);
        var trainer = new BytePairTrainer(counter.Total(), MergeTies.Greater);
        var merges = new List<Merge>();
        while (trainer.Tokens.Count < tokens && trainer.Next() is { } merge)
        {
            merges.Add(merge);
        }

        return new()
        {
            Tokens = [.. trainer.Tokens, .. Special.Select(_ => Array.Empty<byte>())],
            Merges = merges,
            AddedTokens = [.. Special.Index().Select(token => new AddedToken(token.Item, trainer.Tokens.Count + token.Index))],
            Splitter = new PublishedSplitter(split),
        };
    }
}
