using Experiments.Contracts.Reports;
using Experiments.Contracts.Running;

namespace Experiments.Plugins.Tokenizers.Reports;

/// <summary>A tokenizer's results on a group of documents.</summary>
/// <param name="Group"><c>all</c>, <c>domain/NAME</c> or <c>language/CODE</c>.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="Bytes">UTF-8 bytes of their texts.</param>
/// <param name="Words">Number of words, separated by white space.</param>
/// <param name="Tokens">Number of tokens.</param>
/// <param name="BytesPerToken">Bytes per token.</param>
/// <param name="Fertility">Tokens per word.</param>
/// <param name="SingleByteShare">Share of the tokens that consist of one byte.</param>
/// <param name="PartialShare">Share of the tokens that begin or end within a character.</param>
internal sealed record MeasuredGroup(
    string Group, long Documents, long Bytes, long Words, long Tokens, double BytesPerToken, double Fertility, double SingleByteShare, double PartialShare)
{
    public static MeasuredGroup Of(string group, GroupCounts counts) => new(
        group, counts.Documents, counts.Bytes, counts.Words, counts.Tokens, counts.BytesPerToken, counts.Fertility, counts.SingleByteShare, counts.PartialShare);
}

/// <summary>A tokenizer's results on all groups.</summary>
/// <param name="Name">Name of the tokenizer.</param>
/// <param name="VocabularySize">Number of tokens, including special ones.</param>
/// <param name="Groups">All text, domains and languages: the same groups in the same order for each tokenizer.</param>
internal sealed record MeasuredTokenizer(string Name, int VocabularySize, IReadOnlyList<MeasuredGroup> Groups);

/// <summary>The <c>report.json</c> of <c>tokenizer-report</c>.</summary>
/// <param name="Kind">Distinguishes this kind of report from others: <c>tokenizer</c>.</param>
/// <param name="Figures">All metrics.</param>
/// <param name="Tokenizers">The tokenizer, then those with which it is compared.</param>
/// <param name="Vocabulary">The tokenizer's vocabulary.</param>
internal sealed record TokenizerReport(string Kind, IReadOnlyDictionary<string, double> Figures, IReadOnlyList<MeasuredTokenizer> Tokenizers, VocabularyReport Vocabulary)
{
    /// <summary>Makes a report from the counts.</summary>
    public static TokenizerReport Of(IReadOnlyList<TokenCensus> censuses, VocabularyReport vocabulary)
    {
        IReadOnlyList<MeasuredTokenizer> tokenizers =
            [.. censuses.Select(census => new MeasuredTokenizer(census.Name, census.Tokenizer.VocabularySize, [.. census.Groups.Select(group => MeasuredGroup.Of(group.Group, group.Counts))]))];
        return new("tokenizer", Sum(tokenizers, vocabulary), tokenizers, vocabulary);
    }

    /// <summary>Writes the figures and the page with its plots.</summary>
    public void Write(string folder)
    {
        ReportJson.Write(folder, this);
        File.WriteAllText(Path.Combine(folder, "report.md"), new TokenizerPage(this, folder).Write());
    }

    private static SortedDictionary<string, double> Sum(IReadOnlyList<MeasuredTokenizer> tokenizers, VocabularyReport vocabulary)
    {
        var all = tokenizers[0].Groups[0];
        SortedDictionary<string, double> figures = new(StringComparer.Ordinal)
        {
            ["documents"] = all.Documents,
            ["text_bytes"] = all.Bytes,
            [MetricNames.Tokens] = all.Tokens,
            ["single_byte_token_share"] = all.SingleByteShare,
            ["partial_character_token_share"] = all.PartialShare,
            [MetricNames.VocabularySize] = vocabulary.Size,
            ["unused_tokens"] = vocabulary.Unused,
            ["unreachable_tokens"] = vocabulary.Unreachable,
            ["partial_character_tokens"] = vocabulary.Partial,
            ["glitch_prone_tokens"] = vocabulary.GlitchProne,
        };
        for (var i = 0; i < tokenizers[0].Groups.Count; i++)
        {
            var group = tokenizers[0].Groups[i];
            var suffix = i == 0 ? "" : "/" + group.Group;
            figures[MetricNames.BytesPerToken + suffix] = group.BytesPerToken;
            figures["fertility" + suffix] = group.Fertility;
            foreach (var other in tokenizers.Skip(1))
            {
                figures[$"bytes_per_token_ratio/{other.Name}{suffix}"] = group.BytesPerToken / other.Groups[i].BytesPerToken;
            }
        }

        return figures;
    }
}
