namespace Experiments.Plugins.ChatTemplates;

/// <summary>
/// Splits a template into text and tags like Jinja with <c>trim_blocks</c> and <c>lstrip_blocks</c>, the settings of
/// transformers. The line feed after a block or comment is removed, and so are blanks between the start of a line and a
/// block or comment. <c>-</c> removes all white space on its side; <c>+</c> keeps it.
/// </summary>
internal sealed class TemplateLexer(TemplateSource source)
{
    private static readonly string[] Openings = ["{{", "{%", "{#"];
    private readonly List<Token> _tokens = [];
    private int _at;
    private bool _startsLine = true;

    private string Text => source.Text;

    /// <summary>The tokens of a template, followed by <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="InvalidDataException">
    /// A tag, comment or literal does not end, or a character is not allowed.
    /// </exception>
    public static List<Token> Read(TemplateSource source)
    {
        var lexer = new TemplateLexer(source);
        lexer.Read();
        return lexer._tokens;
    }

    private void Read()
    {
        while (_at < Text.Length)
        {
            var open = NextOpening();
            if (open < 0)
            {
                AddData(_at, Text.Length);
                break;
            }

            var sign = open + 2 < Text.Length ? Text[open + 2] : ' ';
            AddData(_at, DataEnd(open, sign));
            _at = open + (sign is '-' or '+' ? 3 : 2);
            switch (Text[open + 1])
            {
                case '{':
                    ReadTag(open, TokenKind.PrintStart, TokenKind.PrintEnd, "}}", isBlock: false);
                    break;
                case '#':
                    SkipComment(open);
                    break;
                default:
                    if (!ReadRaw(open))
                    {
                        ReadTag(open, TokenKind.TagStart, TokenKind.TagEnd, "%}", isBlock: true);
                    }

                    break;
            }
        }

        _tokens.Add(new(TokenKind.End, "", Text.Length));
    }

    private int NextOpening()
    {
        for (var at = Text.IndexOf('{', _at); at >= 0; at = Text.IndexOf('{', at + 1))
        {
            if (Openings.Any(opening => string.CompareOrdinal(Text, at, opening, 0, 2) == 0))
            {
                return at;
            }
        }

        return -1;
    }

    private int DataEnd(int open, char sign)
    {
        var end = open;
        if (sign == '-')
        {
            while (end > _at && char.IsWhiteSpace(Text[end - 1]))
            {
                end--;
            }

            return end;
        }

        if (sign == '+' || Text[open + 1] == '{')
        {
            return open;
        }

        while (end > _at && char.IsWhiteSpace(Text[end - 1]) && Text[end - 1] != '\n')
        {
            end--;
        }

        return end > _at ? Text[end - 1] == '\n' ? end : open : _startsLine ? end : open;
    }

    private void AddData(int start, int end)
    {
        if (end > start)
        {
            _tokens.Add(new(TokenKind.Data, Text[start..end], start));
        }
    }

    private void ReadTag(int open, TokenKind start, TokenKind end, string closing, bool isBlock)
    {
        _tokens.Add(new(start, Text[open..(open + 2)], open));
        var lexer = new ExpressionLexer(source, _tokens);
        _at = lexer.Read(_at, closing, open);
        _tokens.Add(new(end, closing, _at));
        Close(closing, isBlock);
    }

    private void SkipComment(int open)
    {
        var close = Text.IndexOf("#}", _at, StringComparison.Ordinal);
        if (close < 0)
        {
            throw source.Error(open, "the comment does not end; close it with '#}'.");
        }

        _at = close > _at && Text[close - 1] is '-' or '+' ? close - 1 : close;
        Close("#}", isBlock: true);
    }

    /// <summary>Skips the end of a tag or comment and the white space that is removed with it.</summary>
    private void Close(string closing, bool isBlock)
    {
        var sign = Text[_at];
        _at += closing.Length + (sign is '-' or '+' ? 1 : 0);
        var start = _at;
        if (sign == '-')
        {
            while (_at < Text.Length && char.IsWhiteSpace(Text[_at]))
            {
                _at++;
            }
        }
        else if (isBlock && sign != '+' && _at < Text.Length && Text[_at] == '\n')
        {
            _at++;
        }

        _startsLine = _at > start && Text[_at - 1] == '\n';
    }

    /// <summary>Reads <c>{% raw %} ... {% endraw %}</c> as text; false if there is no <c>raw</c> tag here.</summary>
    private bool ReadRaw(int open)
    {
        var start = _at;
        if (!ReadKeyword("raw"))
        {
            _at = start;
            return false;
        }

        Close("%}", isBlock: false);
        for (var from = _at; Text.IndexOf("{%", from, StringComparison.Ordinal) is >= 0 and var end; from = end + 2)
        {
            var (data, sign) = (_at, end + 2 < Text.Length ? Text[end + 2] : ' ');
            var dataEnd = DataEnd(end, sign);
            _at = end + (sign is '-' or '+' ? 3 : 2);
            if (ReadKeyword("endraw"))
            {
                AddData(data, dataEnd);
                Close("%}", isBlock: true);
                return true;
            }

            _at = data;
        }

        throw source.Error(open, "'raw' does not end; close it with '{% endraw %}'.");
    }

    private bool ReadKeyword(string keyword)
    {
        SkipBlanks();
        if (string.CompareOrdinal(Text, _at, keyword, 0, keyword.Length) != 0)
        {
            return false;
        }

        _at += keyword.Length;
        SkipBlanks();
        return string.CompareOrdinal(Text, _at, "%}", 0, 2) == 0 || string.CompareOrdinal(Text, _at, "-%}", 0, 3) == 0 || string.CompareOrdinal(Text, _at, "+%}", 0, 3) == 0;
    }

    private void SkipBlanks()
    {
        while (_at < Text.Length && char.IsWhiteSpace(Text[_at]))
        {
            _at++;
        }
    }
}
