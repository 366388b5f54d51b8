namespace Experiments.Plugins.ChatTemplates;

/// <summary>Methods of texts, lists and dictionaries, as in Python.</summary>
internal static class Methods
{
    private const string OfTexts = "strip, lstrip, rstrip, split, rsplit, splitlines, startswith, endswith, upper, lower, title, capitalize, replace, removeprefix, removesuffix, find, count, join, isdigit, isspace";

    /// <summary>Calls a method.</summary>
    /// <exception cref="TemplateFault">
    /// The method is not supported for the value, or does not accept the arguments.
    /// </exception>
    public static object? Call(object? value, string name, CallArguments arguments) => value switch
    {
        MarkedText text => OfText(text, name, arguments),
        List<object?> list => OfList(list, name, arguments),
        MapValue map => OfMap(map, name, arguments),
        _ => throw new TemplateFault($"{Values.Describe(value)} has no method '{name}'."),
    };

    /// <summary>A text without white space, or without given characters, at its ends.</summary>
    public static MarkedText Strip(MarkedText text, object? characters, bool atStart = true, bool atEnd = true) => characters switch
    {
        null or Undefined => text.Trim(IsSpace, atStart, atEnd),
        MarkedText set => text.Trim(character => set.Text.Contains(character, StringComparison.Ordinal), atStart, atEnd),
        _ => throw new TemplateFault("the characters to strip must be a text."),
    };

    /// <summary>A text in which occurrences are replaced, at most <paramref name="count"/> of them.</summary>
    public static MarkedText Replace(MarkedText text, MarkedText old, MarkedText replacement, object? count)
    {
        var limit = Limit(count);
        List<MarkedText> parts = old.Text.Length > 0 ? text.Split(old.Text, limit)
            : limit == 0 ? [text]
            : [MarkedText.Empty, .. text.Characters(), MarkedText.Empty];
        return old.Text.Length > 0 || limit >= parts.Count - 1
            ? MarkedText.Join(replacement, parts)
            : MarkedText.Concat(MarkedText.Join(replacement, parts.Take(limit + 1)), MarkedText.Concat(parts.Skip(limit + 1)));
    }

    /// <summary>
    /// A text in which each word's first letter is upper case and the others are lower case. A word begins after a
    /// character for which <paramref name="separates"/> is true.
    /// </summary>
    public static MarkedText Title(MarkedText text, Func<char, bool> separates)
    {
        var isFirst = true;
        return text.With(string.Concat(text.Text.Select(character =>
        {
            var letter = isFirst ? char.ToUpperInvariant(character) : char.ToLowerInvariant(character);
            isFirst = separates(character);
            return letter;
        })));
    }

    /// <summary>A text whose first letter is upper case and whose others are lower case.</summary>
    public static MarkedText Capitalize(MarkedText text) => Title(text, _ => false);

    private static object? OfText(MarkedText text, string name, CallArguments arguments)
    {
        switch (name)
        {
            case "strip" or "lstrip" or "rstrip":
                return Strip(text, arguments.Bind(0, "chars")[0], name != "rstrip", name != "lstrip");
            case "split" or "rsplit":
                var cut = arguments.Bind(0, "sep", "maxsplit");
                return Split(text, cut[0], Limit(cut[1]), fromEnd: name == "rsplit");
            case "splitlines":
                arguments.Bind(0);
                var lines = text.Split("\n");
                return new List<object?>(lines[^1].Text.Length == 0 ? lines[..^1] : lines);
            case "startswith":
                return Ends(arguments).Exists(end => text.Text.StartsWith(end, StringComparison.Ordinal));
            case "endswith":
                return Ends(arguments).Exists(end => text.Text.EndsWith(end, StringComparison.Ordinal));
            case "removeprefix" or "removesuffix":
                var end = Text(arguments.Bind(1, "end")[0]).Text;
                return name == "removeprefix"
                    ? text.Text.StartsWith(end, StringComparison.Ordinal) ? text.Slice(end.Length, text.Text.Length) : text
                    : text.Text.EndsWith(end, StringComparison.Ordinal) ? text.Slice(0, text.Text.Length - end.Length) : text;
            case "replace":
                var change = arguments.Bind(2, "old", "new", "count");
                return Replace(text, Text(change[0]), Text(change[1]), change[2]);
            case "find":
                var place = text.Text.IndexOf(Text(arguments.Bind(1, "sub")[0]).Text, StringComparison.Ordinal);
                return place < 0 ? -1L : Values.Length(text.Slice(0, place));
            case "count":
                var sought = Text(arguments.Bind(1, "sub")[0]);
                return sought.Text.Length == 0 ? Values.Length(text) + 1 : text.Split(sought.Text).Count - 1L;
            case "join":
                return MarkedText.Join(text, Values.Iterate(arguments.Bind(1, "iterable")[0]).Select(Text));
        }

        object? result = name switch
        {
            "upper" => text.With(text.Text.ToUpperInvariant()),
            "lower" => text.With(text.Text.ToLowerInvariant()),
            "title" => Title(text, character => !char.IsLetter(character)),
            "capitalize" => Capitalize(text),
            "isdigit" => text.Text.Length > 0 && text.Text.All(char.IsDigit),
            "isspace" => text.Text.Length > 0 && text.Text.All(IsSpace),
            _ => throw new TemplateFault($"the method '{name}' of a text is not supported. Supported: {OfTexts}."),
        };
        arguments.Bind(0);
        return result;
    }

    private static object? OfList(List<object?> list, string name, CallArguments arguments)
    {
        if (name != "append")
        {
            throw new TemplateFault($"the method '{name}' of a list is not supported. Supported: append.");
        }

        if (list.Count >= Arithmetic.LongestResult)
        {
            throw new TemplateFault("the list is too long.");
        }

        list.Add(arguments.Bind(1, "object")[0]);
        return null;
    }

    private static object? OfMap(MapValue map, string name, CallArguments arguments)
    {
        if (name == "get")
        {
            var sought = arguments.Bind(1, "key", "default");
            return sought[0] is MarkedText key && map.TryGetValue(key, out var value) ? value : sought[1] is Undefined ? null : sought[1];
        }

        object? result = name switch
        {
            "items" => Items(map),
            "keys" => new List<object?>(map.Keys),
            "values" => new List<object?>(map.Values),
            _ => throw new TemplateFault($"the method '{name}' of a dictionary is not supported. Supported: get, items, keys, values."),
        };
        arguments.Bind(0);
        return result;
    }

    /// <summary>Pairs of a dictionary's keys and values.</summary>
    public static List<object?> Items(MapValue map) => [.. map.Select(entry => new List<object?> { entry.Key, entry.Value })];

    /// <summary>A value that must be a text.</summary>
    public static MarkedText Text(object? value) => value as MarkedText ?? throw new TemplateFault($"{Values.Describe(value)} is given where a text is expected.");

    /// <summary>White space as in Python, which includes the separators U+001C to U+001F.</summary>
    private static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';

    private static int Limit(object? count) => count is long number && number >= 0 ? (int)Math.Min(number, int.MaxValue) : int.MaxValue;

    private static List<string> Ends(CallArguments arguments) =>
        arguments.Bind(1, "end")[0] is List<object?> list ? [.. list.Select(end => Text(end).Text)] : [Text(arguments.Positional[0]).Text];

    private static List<object?> Split(MarkedText text, object? separator, int limit, bool fromEnd)
    {
        if (separator is MarkedText { Text: "" })
        {
            throw new TemplateFault("a text cannot be split at an empty separator.");
        }

        if (separator is not (null or Undefined))
        {
            var parts = text.Split(Text(separator).Text, fromEnd ? int.MaxValue : limit);
            var surplus = fromEnd && limit < parts.Count - 1 ? parts.Count - 1 - limit : 0;
            return surplus == 0 ? [.. parts] : [MarkedText.Join(Text(separator), parts.Take(surplus + 1)), .. parts.Skip(surplus + 1)];
        }

        if (fromEnd && limit < int.MaxValue)
        {
            throw new TemplateFault("'rsplit' with a limit needs a separator.");
        }

        return Words(text, limit);
    }

    private static List<object?> Words(MarkedText text, int limit)
    {
        List<object?> words = [];
        for (var rest = Strip(text, null, atEnd: false); rest.Text.Length > 0; rest = Strip(rest, null, atEnd: false))
        {
            var end = words.Count >= limit ? -1 : rest.Text.Index().FirstOrDefault(character => IsSpace(character.Item), (Index: -1, Item: ' ')).Index;
            words.Add(end < 0 ? rest : rest.Slice(0, end));
            rest = end < 0 ? MarkedText.Empty : rest.Slice(end, rest.Text.Length);
        }

        return words;
    }
}
