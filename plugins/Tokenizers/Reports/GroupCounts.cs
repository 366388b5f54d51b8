namespace Experiments.Plugins.Tokenizers.Reports;

/// <summary>Counts of a tokenizer's output for a group of documents.</summary>
internal sealed class GroupCounts
{
    public long Documents { get; set; }

    /// <summary>UTF-8 bytes of the texts.</summary>
    public long Bytes { get; set; }

    /// <summary>Runs of characters that are not white space.</summary>
    public long Words { get; set; }

    public long Tokens { get; set; }

    /// <summary>Tokens of one byte.</summary>
    public long SingleByteTokens { get; set; }

    /// <summary>Tokens that begin or end within a character.</summary>
    public long PartialTokens { get; set; }

    public double BytesPerToken => (double)Bytes / Math.Max(1, Tokens);

    public double Fertility => (double)Tokens / Math.Max(1, Words);

    public double SingleByteShare => (double)SingleByteTokens / Math.Max(1, Tokens);

    public double PartialShare => (double)PartialTokens / Math.Max(1, Tokens);
}
