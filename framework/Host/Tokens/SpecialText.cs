using System.Buffers;
using System.Text;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>Encodes bytes by rules for the special tokens written out in them. Thread-safe.</summary>
/// <remarks>Of special tokens that begin at the same place the longest counts.</remarks>
public sealed class SpecialText
{
    private readonly ITokenizer _tokenizer;
    private readonly SpecialTokenRules _rules;
    private readonly (string Token, byte[] Text, int Id)[] _tokens;
    private readonly SearchValues<byte> _beginnings;

    /// <summary>Takes the rules.</summary>
    public SpecialText(ITokenizer tokenizer, SpecialTokenRules rules)
    {
        (_tokenizer, _rules) = (tokenizer, rules);
        var isPlain = rules is { Allowed.Count: 0, Forbidden.Count: 0 };
        _tokens = isPlain ? [] : [.. tokenizer.SpecialTokens
            .Where(token => token.Key.Length > 0)
            .Select(token => (token.Key, Encoding.UTF8.GetBytes(token.Key), token.Value))
            .OrderByDescending(token => token.Item2.Length)];
        _beginnings = SearchValues.Create([.. _tokens.Select(token => token.Text[0]).Distinct()]);
    }

    /// <summary>Encodes bytes, which need not be UTF-8.</summary>
    /// <exception cref="InvalidDataException">A special token stands there that the rules forbid; the message names it and its place.</exception>
    public int[] Encode(ReadOnlySpan<byte> text)
    {
        List<int>? ids = null;
        var done = 0;
        for (var at = Next(text, 0); at < text.Length; at = Next(text, at))
        {
            if (Find(text, at) is var (token, written, id) && Allows(token, text[..at]))
            {
                (ids ??= []).AddRange(_tokenizer.Encode(text[done..at]));
                ids.Add(id);
                done = at += written.Length;
            }
            else
            {
                at++;
            }
        }

        var rest = _tokenizer.Encode(text[done..]);
        return ids is null ? rest : [.. ids, .. rest];
    }

    private int Next(ReadOnlySpan<byte> text, int at) => text[at..].IndexOfAny(_beginnings) is var distance and >= 0 ? at + distance : text.Length;

    private (string Token, byte[] Text, int Id)? Find(ReadOnlySpan<byte> text, int at)
    {
        foreach (var token in _tokens)
        {
            if (text[at..].StartsWith(token.Text))
            {
                return token;
            }
        }

        return null;
    }

    private bool Allows(string token, ReadOnlySpan<byte> before)
    {
        try
        {
            return _rules.Allows(token, Encoding.UTF8.GetCharCount(before));
        }
        catch (FormatException problem)
        {
            throw new InvalidDataException(problem.Message, problem);
        }
    }
}
