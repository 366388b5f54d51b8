using System.Collections.Frozen;
using System.Text;

namespace Experiments.Contracts.Text;

/// <summary>
/// How to treat a special token that is written in a text, as in tiktoken: as the token, as an error, or as plain text.
/// </summary>
/// <param name="Allowed">The special tokens that are encoded as tokens; null allows all.</param>
/// <param name="Forbidden">
/// The special tokens that are an error, unless allowed; null forbids all that are not allowed.
/// </param>
public sealed record SpecialTokenRules(FrozenSet<string>? Allowed, FrozenSet<string>? Forbidden)
{
    /// <summary>
    /// All special tokens are encoded as tokens (tiktoken's <c>allowed_special="all"</c>; the behaviour of Hugging
    /// Face).
    /// </summary>
    public static SpecialTokenRules AllowAll { get; } = new(null, []);

    /// <summary>Every special token is an error (tiktoken's default).</summary>
    public static SpecialTokenRules ForbidAll { get; } = new([], null);

    /// <summary>Special tokens are plain text (tiktoken's <c>disallowed_special=()</c>).</summary>
    public static SpecialTokenRules AsText { get; } = new([], []);

    /// <summary>Whether this special token is encoded as a token.</summary>
    /// <exception cref="InvalidDataException">It is forbidden.</exception>
    public bool Allows(string token, int at) =>
        Allowed is null || Allowed.Contains(token) ? true
        : Forbidden is null || Forbidden.Contains(token)
            ? throw new InvalidDataException(
                $"The text contains the special token {token} at character {at}. Allow it, or have it treated as text.")
            : false;

    /// <summary>
    /// Encodes text by these rules. Among special tokens that begin at one position, the longest is used.
    /// </summary>
    public int[] Encode(ITokenizer tokenizer, ReadOnlySpan<byte> utf8)
    {
        var special = tokenizer.SpecialTokens.Where(token => token.Key.Length > 0)
            .Select(token => (Bytes: Encoding.UTF8.GetBytes(token.Key), Token: token.Key))
            .OrderByDescending(token => token.Bytes.Length).ToList();
        List<int> ids = [];
        var done = 0;
        for (var at = 0; at < utf8.Length; at++)
        {
            foreach (var (bytes, token) in special)
            {
                if (utf8[at..].StartsWith(bytes) && Allows(token, Encoding.UTF8.GetCharCount(utf8[..at])))
                {
                    ids.AddRange(tokenizer.Encode(utf8[done..at]));
                    ids.Add(tokenizer.SpecialTokens[token]);
                    done = at + bytes.Length;
                    at = done - 1;
                    break;
                }
            }
        }

        return [.. ids, .. tokenizer.Encode(utf8[done..])];
    }
}
