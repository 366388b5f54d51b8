using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Reports;

/// <summary>A token that the report names.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">Its text, all of it visible; a byte that is no character is <c>\xE2</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Occurrences">How often the text has it.</param>
/// <param name="Within">The longer token around it that the text has most often; null when there is none.</param>
internal sealed record NamedToken(int Id, string Token, int Bytes, long Occurrences, string? Within = null);

/// <summary>What a vocabulary is good for. All lists begin with the longest tokens.</summary>
/// <param name="Size">Tokens in all.</param>
/// <param name="SpecialTokens">Special tokens among them.</param>
/// <param name="Unused">Tokens of several bytes that the text never has.</param>
/// <param name="Unreachable">Tokens whose own text is encoded as something else, and that the text never has.</param>
/// <param name="Partial">Tokens that begin or end within a character.</param>
/// <param name="GlitchProne">Unreachable tokens, and long ones that the text hardly has.</param>
/// <param name="UnusedTokens">Some unused ones.</param>
/// <param name="UnreachableTokens">Some unreachable ones.</param>
/// <param name="GlitchProneTokens">Some glitch-prone ones, with what they are a part of.</param>
/// <param name="LongestTokens">The longest tokens.</param>
internal sealed record VocabularyReport(
    int Size,
    int SpecialTokens,
    int Unused,
    int Unreachable,
    int Partial,
    int GlitchProne,
    IReadOnlyList<NamedToken> UnusedTokens,
    IReadOnlyList<NamedToken> UnreachableTokens,
    IReadOnlyList<NamedToken> GlitchProneTokens,
    IReadOnlyList<NamedToken> LongestTokens)
{
    /// <summary>Goes through a tokenizer's tokens.</summary>
    public static VocabularyReport Of(TokenCensus census, TokenizerReportOptions options)
    {
        var tokenizer = census.Tokenizer;
        var special = tokenizer.SpecialTokens.Values.ToHashSet();
        int[] ids = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => !special.Contains(id) && !tokenizer.Bytes(id).IsEmpty).OrderByDescending(id => tokenizer.Bytes(id).Length).ThenBy(id => id)];
        int[] unused = [.. ids.Where(id => tokenizer.Bytes(id).Length > 1 && census.Occurrences[id] == 0)];
        int[] unreachable = [.. ids.Where(id => census.Occurrences[id] == 0 && !census.IsPartial(id) && !EncodesToItself(tokenizer, id))];
        int[] glitchProne = [.. ids.Where(id => tokenizer.Bytes(id).Length >= options.LongTokenBytes && census.Occurrences[id] <= options.RareOccurrences && !census.IsPartial(id)).Union(unreachable)
            .OrderByDescending(id => tokenizer.Bytes(id).Length).ThenBy(id => id)];
        return new(
            tokenizer.VocabularySize,
            special.Count,
            unused.Length,
            unreachable.Length,
            ids.Count(census.IsPartial),
            glitchProne.Length,
            [.. unused.Take(options.Examples).Select(id => Name(id))],
            [.. unreachable.Take(options.Examples).Select(id => Name(id))],
            [.. glitchProne.Take(options.Examples).Select(id => Name(id, Within(census, id, ids)))],
            [.. ids.Take(options.Examples).Select(id => Name(id))]);

        NamedToken Name(int id, string? within = null) => new(id, VisibleText.Show(tokenizer.Bytes(id)), tokenizer.Bytes(id).Length, census.Occurrences[id], within);
    }

    private static bool EncodesToItself(ITokenizer tokenizer, int id) => tokenizer.Encode(tokenizer.Bytes(id)) is [var only] && only == id;

    private static string? Within(TokenCensus census, int id, int[] ids)
    {
        var tokenizer = census.Tokenizer;
        var around = ids.Where(other => census.Occurrences[other] > 0 && tokenizer.Bytes(other).Length > tokenizer.Bytes(id).Length && tokenizer.Bytes(other).IndexOf(tokenizer.Bytes(id)) >= 0)
            .Select(other => (int?)other).MaxBy(other => census.Occurrences[other!.Value]);
        return around is { } longer ? VisibleText.Show(tokenizer.Bytes(longer)) : null;
    }
}
