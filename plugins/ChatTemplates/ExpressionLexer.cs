using System.Globalization;
using System.Text;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>Splits the content of a tag into names, literals and operators.</summary>
internal sealed class ExpressionLexer(TemplateSource source, List<Token> tokens)
{
    private static readonly string[] Signs = ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private string Text => source.Text;

    /// <summary>Reads up to the end of the tag.</summary>
    /// <param name="at">Position at which to begin.</param>
    /// <param name="closing">The characters that end the tag. Within open brackets they do not end it.</param>
    /// <param name="open">Position at which the tag begins, for errors.</param>
    /// <returns>The position of the tag's end, including a sign before it.</returns>
    public int Read(int at, string closing, int open)
    {
        var depth = 0;
        while (at < Text.Length)
        {
            if (depth == 0 && EndsAt(at, closing))
            {
                return at;
            }

            if (char.IsWhiteSpace(Text[at]))
            {
                at++;
                continue;
            }

            var token = Next(at, out var end);
            depth += token.Kind != TokenKind.Sign ? 0 : token.Text is "(" or "[" or "{" ? 1 : token.Text is ")" or "]" or "}" ? -1 : 0;
            if (depth < 0)
            {
                throw source.Error(at, $"{token} has no opening bracket.");
            }

            tokens.Add(token);
            at = end;
        }

        throw source.Error(open, $"the tag does not end; close it with '{closing}'.");
    }

    private bool EndsAt(int at, string closing) =>
        string.CompareOrdinal(Text, at, closing, 0, 2) == 0
        || (Text[at] == '-' && string.CompareOrdinal(Text, at + 1, closing, 0, 2) == 0)
        || (Text[at] == '+' && closing == "%}" && string.CompareOrdinal(Text, at + 1, closing, 0, 2) == 0);

    private Token Next(int at, out int end)
    {
        end = at + 1;
        var first = Text[at];
        if (first is '\'' or '"')
        {
            return new(TokenKind.Text, ReadText(at, out end), at);
        }

        if (char.IsAsciiDigit(first))
        {
            return ReadNumber(at, out end);
        }

        if (char.IsLetter(first) || first == '_')
        {
            while (end < Text.Length && (char.IsLetterOrDigit(Text[end]) || Text[end] == '_'))
            {
                end++;
            }

            return new(TokenKind.Name, Text[at..end], at);
        }

        var sign = Array.Find(Signs, sign => string.CompareOrdinal(Text, at, sign, 0, sign.Length) == 0)
            ?? throw source.Error(at, $"'{first}' is not a character of an expression.");
        end = at + sign.Length;
        return new(TokenKind.Sign, sign, at);
    }

    private Token ReadNumber(int at, out int end)
    {
        end = Digits(at);
        var kind = TokenKind.Integer;
        if (end + 1 < Text.Length && Text[end] == '.' && char.IsAsciiDigit(Text[end + 1]))
        {
            (kind, end) = (TokenKind.Float, Digits(end + 1));
        }

        if (end < Text.Length && Text[end] is 'e' or 'E')
        {
            var exponent = end + 1 < Text.Length && Text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (exponent < Text.Length && char.IsAsciiDigit(Text[exponent]))
            {
                (kind, end) = (TokenKind.Float, Digits(exponent));
            }
        }

        return new(kind, Text[at..end].Replace("_", "", StringComparison.Ordinal), at);
    }

    private int Digits(int at)
    {
        while (at < Text.Length && (char.IsAsciiDigit(Text[at]) || Text[at] == '_'))
        {
            at++;
        }

        return at;
    }

    private string ReadText(int open, out int end)
    {
        var text = new StringBuilder();
        for (var at = open + 1; at < Text.Length; at++)
        {
            if (Text[at] == Text[open])
            {
                end = at + 1;
                return text.ToString();
            }

            if (Text[at] == '\\' && at + 1 < Text.Length)
            {
                at = Escape(at + 1, text);
            }
            else
            {
                text.Append(Text[at]);
            }
        }

        throw source.Error(open, $"the text does not end; close it with {Text[open]}.");
    }

    /// <summary>
    /// Reads an escape of Python's string literals. An unknown escape is kept as it is, as in Python.
    /// </summary>
    /// <returns>The position of the escape's last character.</returns>
    private int Escape(int at, StringBuilder text)
    {
        const string Names = "abfnrtv\\'\"";
        const string Values = "\a\b\f\n\r\t\v\\'\"";
        var escaped = Text[at];
        if (Names.IndexOf(escaped, StringComparison.Ordinal) is >= 0 and var index)
        {
            text.Append(Values[index]);
            return at;
        }

        if (escaped == '\n')
        {
            return at;
        }

        if (escaped is >= '0' and <= '7')
        {
            var end = at;
            var value = 0;
            while (end < Text.Length && end < at + 3 && Text[end] is >= '0' and <= '7')
            {
                value = (value * 8) + Text[end++] - '0';
            }

            text.Append((char)value);
            return end - 1;
        }

        var digits = escaped switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0)
        {
            text.Append('\\').Append(escaped);
            return at;
        }

        if (at + digits < Text.Length && uint.TryParse(Text.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code <= 0x10FFFF)
        {
            text.Append(code is >= 0xD800 and <= 0xDFFF || code < 0x10000 ? ((char)code).ToString() : char.ConvertFromUtf32((int)code));
            return at + digits;
        }

        throw source.Error(at - 1, $"'\\{escaped}' needs {digits} hexadecimal digits that name a character.");
    }
}
