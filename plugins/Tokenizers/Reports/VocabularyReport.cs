using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Reports;

/// <summary>A token in one of the report's lists.</summary>
/// <param name="Id">Id of the token.</param>
/// <param name="Token">
/// Text of the token in visible characters. A byte that is not part of a character is shown as <c>\xE2</c>.
/// </param>
/// <param name="Bytes">Length of the token. Unit: bytes.</param>
/// <param name="Occurrences">How often it occurs in the text.</param>
/// <param name="Within">
/// The longer token containing it that occurs most often in the text; null if there is none.
/// </param>
internal sealed record NamedToken(int Id, string Token, int Bytes, long Occurrences, string? Within = null);

/// <summary>How well a vocabulary is used. All lists begin with the longest tokens.</summary>
/// <param name="Size">Number of tokens.</param>
/// <param name="SpecialTokens">Number of special tokens among them.</param>
/// <param name="Unused">Number of tokens of several bytes that never occur in the text.</param>
/// <param name="Unreachable">
/// Number of tokens whose own text is encoded as other tokens, and that never occur in the text.
/// </param>
/// <param name="Partial">Number of tokens that begin or end within a character.</param>
/// <param name="GlitchProne">Number of tokens that are unreachable, or long and rare in the text.</param>
/// <param name="UnusedTokens">Some of the unused tokens.</param>
/// <param name="UnreachableTokens">Some of the unreachable tokens.</param>
/// <param name="GlitchProneTokens">Some of the glitch-prone tokens, with the tokens that contain them.</param>
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
    /// <summary>Makes the report of a tokenizer's vocabulary.</summary>
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
