using System.Buffers;
using System.Text;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>A text as tokens, each with its position.</summary>
/// <param name="Tokenizer">The tokenizer's name.</param>
/// <param name="Text">The bytes of the tokens. Special tokens have the bytes of their text.</param>
/// <param name="Tokens">The tokens, in order.</param>
/// <param name="Characters">Number of Unicode characters of the text. A broken character counts as one.</param>
public sealed record TokenizedText(string Tokenizer, byte[] Text, IReadOnlyList<PlacedToken> Tokens, int Characters)
{
    /// <summary>The mean length of a token, including special tokens; 0 without tokens. Unit: bytes.</summary>
    public double BytesPerToken => Tokens.Count == 0 ? 0 : (double)Text.Length / Tokens.Count;

    /// <summary>The totals in one line.</summary>
    public string Summary =>
        $"{Tokens.Count:#,0} {(Tokens.Count == 1 ? "token" : "tokens")}, {Text.Length:#,0} bytes, {Characters:#,0} characters, {BytesPerToken:0.00} bytes per token";

    /// <summary>Places tokens one after the other.</summary>
    /// <param name="name">The tokenizer's name.</param>
    /// <param name="tokenizer">The tokenizer of the ids.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="learned">Whether each token is learned; null when none is.</param>
    public static TokenizedText Of(string name, ITokenizer tokenizer, IReadOnlyList<int> ids, IReadOnlyList<bool>? learned = null)
    {
        var special = SpecialTexts(tokenizer);
        var text = new ArrayBufferWriter<byte>();
        var ends = new int[ids.Count];
        for (var i = 0; i < ids.Count; i++)
        {
            text.Write(special.TryGetValue(ids[i], out var written) ? written : tokenizer.Bytes(ids[i]));
            ends[i] = text.WrittenCount;
        }

        var bytes = text.WrittenSpan.ToArray();
        var (spans, characters) = Cut(bytes, ends);
        return new(name, bytes, [.. ids.Select((id, i) => Place(i, id))], characters);

        PlacedToken Place(int i, int id)
        {
            var start = i == 0 ? 0 : ends[i - 1];
            return new(id, start, ends[i] - start, special.ContainsKey(id), learned?[i] ?? false, spans[i]);
        }
    }

    /// <summary>The UTF-8 texts of a tokenizer's special tokens by id.</summary>
    public static IReadOnlyDictionary<int, byte[]> SpecialTexts(ITokenizer tokenizer) =>
        tokenizer.SpecialTokens.GroupBy(token => token.Value).ToDictionary(group => group.Key, group => Encoding.UTF8.GetBytes(group.First().Key));

    /// <summary>Splits the characters of the text at the ends of the tokens.</summary>
    private static (IReadOnlyList<TokenSpan>[] Spans, int Characters) Cut(byte[] text, int[] ends)
    {
        List<Stretch>[] stretches = [.. ends.Select(_ => new List<Stretch>())];
        var (token, characters) = (0, 0);
        for (var at = 0; at < text.Length; characters++)
        {
            var isWhole = Rune.DecodeFromUtf8(text.AsSpan(at), out var rune, out var length) == OperationStatus.Done;
            for (var end = at + length; at < end;)
            {
                while (ends[token] <= at)
                {
                    token++;
                }

                var stop = Math.Min(end, ends[token]);
                var isText = isWhole && stop - at == length;
                Extend(stretches[token], new(at, stop, isText, isWhole && !isText && stop == end ? rune.ToString() : null));
                at = stop;
            }
        }

        return ([.. stretches.Select(token => token.ConvertAll(stretch => stretch.In(text)))], characters);
    }

    /// <summary>Adds a part, or extends the last one when both are whole characters.</summary>
    private static void Extend(List<Stretch> stretches, Stretch next)
    {
        if (stretches is [.., { IsText: true } last] && next.IsText)
        {
            stretches[^1] = last with { End = next.End };
        }
        else
        {
            stretches.Add(next);
        }
    }

    private readonly record struct Stretch(int Start, int End, bool IsText, string? Completes)
    {
        public TokenSpan In(byte[] text) => new(IsText ? Encoding.UTF8.GetString(text, Start, End - Start) : null, text[Start..End], Completes);
    }
}
