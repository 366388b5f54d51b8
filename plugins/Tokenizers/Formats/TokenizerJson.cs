using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts.Artifacts;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>The contents of a Hugging Face tokenizer.json.</summary>
internal static class TokenizerJson
{
    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="path">Name of the file, for messages.</param>
    /// <exception cref="InvalidDataException">
    /// The file is inconsistent, or requires something that byte-level BPE does not have; the message names file and
    /// place.
    /// </exception>
    public static BytePairVocabulary Read(Stream stream, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(stream);
            return Read(document.RootElement);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or InvalidDataException)
        {
            throw new InvalidDataException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>
    /// The contents of a whole file. Unused ids, which GPT-4 has, become special tokens, because the format does not
    /// allow missing ids.
    /// </summary>
    /// <exception cref="InvalidDataException">An added token has the text of an ordinary token.</exception>
    public static JsonObject Write(BytePairVocabulary vocabulary)
    {
        var known = vocabulary.AddedTokens.Select(token => token.Id).ToHashSet();
        var names = vocabulary.Tokens.Select((token, id) => known.Contains(id) ? "" : ByteAlphabet.Write(token)).ToArray();
        var taken = names.ToHashSet(StringComparer.Ordinal);
        var reserved = names.Index().Where(name => name.Item.Length == 0 && !known.Contains(name.Index)).Select(name => new AddedToken($"<|reserved_{name.Index}|>", name.Index));
        AddedToken[] added = [.. vocabulary.AddedTokens.Concat(reserved).OrderBy(token => token.Id)];
        foreach (var token in added)
        {
            Require(!taken.Contains(token.Text), $"'{token.Text}' is a special token and a token of text; give the special token a text of its own, such as <|{token.Text}|>.");
            names[token.Id] = token.Text;
        }

        var vocab = names.Select((name, id) => KeyValuePair.Create(name, (JsonNode?)id));
        var merges = MergeOrder.Of(vocabulary.Tokens, vocabulary.Merges)?.Merges ?? vocabulary.Merges;
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. added.Select(token =>
            {
                var entry = AddedToken(token);
                entry.Insert(0, "id", token.Id);
                return (JsonNode?)entry;
            })]),
            ["normalizer"] = vocabulary.ComposesCharacters ? new JsonObject { ["type"] = "NFC" } : null,
            ["pre_tokenizer"] = PreTokenizerJson.Write(vocabulary.Splitter),
            ["post_processor"] = null,
            ["decoder"] = PreTokenizerJson.ByteLevel(useExpression: true),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = vocabulary.ByteFallback.Count > 0,
                ["ignore_merges"] = vocabulary.WholePiecesFirst,
                ["vocab"] = new JsonObject(vocab),
                ["merges"] = new JsonArray([.. merges.Select(merge => new JsonArray(names[merge.Pair.Left], names[merge.Pair.Right]))]),
            },
        };
    }

    /// <summary>An added token as added_tokens and added_tokens_decoder describe it.</summary>
    public static JsonObject AddedToken(AddedToken token) => new()
    {
        ["content"] = token.Text,
        ["lstrip"] = token.StripsLeft,
        ["normalized"] = token.IsLookedForLast,
        ["rstrip"] = token.StripsRight,
        ["single_word"] = token.IsSingleWord,
        ["special"] = token.IsSpecial,
    };

    private static BytePairVocabulary Read(JsonElement root)
    {
        var model = Part(root, "model", "");
        Require(model.OptionalText("type") is null or "BPE", $"model.type: only BPE can be opened, not {model.OptionalText("type")}.");
        foreach (var name in (string[])["dropout", "continuing_subword_prefix", "end_of_word_suffix"])
        {
            Require(IsEmpty(model, name), $"model.{name}: must be null in byte-level BPE.");
        }

        var added = root.TryGetProperty("added_tokens", out var list) ? list.EnumerateArray().Select(AddedToken).ToList() : [];
        var names = TokenNames.Read(Part(model, "vocab", "model."), added, "model.vocab");
        var fallsBack = Flag(model, "byte_fallback");
        var tokens = names.Bytes([.. added.Select(token => token.Text), .. fallsBack ? Enumerable.Range(0, 256).Select(FallbackName) : []]);
        foreach (var token in added.Where(token => !token.IsSpecial))
        {
            tokens[token.Id] = Encoding.UTF8.GetBytes(token.Text);
        }

        return new BytePairVocabulary
        {
            Tokens = tokens,
            Merges = Merges(Part(model, "merges", "model."), names),
            AddedTokens = added,
            Splitter = PreTokenizerJson.Read(Part(root, "pre_tokenizer", "")),
            WholePiecesFirst = Flag(model, "ignore_merges"),
            ComposesCharacters = root.TryGetProperty("normalizer", out var normalizer) && Composes(normalizer, "normalizer"),
            ByteFallback = fallsBack ? Fallbacks(tokens, names) : Unknown(model, names),
        };
    }

    /// <summary>Whether a normalizer is normalization form C; null and an empty sequence are no normalizer.</summary>
    private static bool Composes(JsonElement normalizer, string place)
    {
        var type = normalizer.ValueKind == JsonValueKind.Object ? normalizer.Text("type") : null;
        if (type == "Sequence")
        {
            return normalizer.GetProperty("normalizers").EnumerateArray().Index().Aggregate(false, (composes, each) => composes | Composes(each.Item, $"{place}.normalizers[{each.Index}]"));
        }

        Require(normalizer.ValueKind == JsonValueKind.Null || type == "NFC", $"{place}: only NFC is supported, not {type ?? normalizer.GetRawText()}.");
        return type is not null;
    }

    private static AddedToken AddedToken(JsonElement token) => new(token.Text("content"), token.GetProperty("id").GetInt32())
    {
        IsSpecial = Flag(token, "special"),
        StripsLeft = Flag(token, "lstrip"),
        StripsRight = Flag(token, "rstrip"),
        IsSingleWord = Flag(token, "single_word"),
        IsLookedForLast = Flag(token, "normalized"),
    };

    private static IReadOnlyList<Merge> Merges(JsonElement list, TokenNames names)
    {
        var merges = new MergeList(names, index => $"model.merges[{index}]");
        foreach (var (index, entry) in list.EnumerateArray().Index())
        {
            merges.Add(entry.ValueKind == JsonValueKind.Array ? [.. entry.EnumerateArray().Select(part => part.GetString() ?? "")] : (entry.GetString() ?? "").Split(' '), index);
        }

        return merges.Merges;
    }

    /// <summary>
    /// For bytes without a token: the tokens &lt;0xNN&gt; of the UTF-8 bytes of their letters, if the vocabulary has
    /// all of them.
    /// </summary>
    private static Dictionary<byte, IReadOnlyList<int>> Fallbacks(byte[][] tokens, TokenNames names)
    {
        var known = tokens.Where(token => token.Length == 1).Select(token => token[0]).ToHashSet();
        return Enumerable.Range(0, 256).Select(value => (byte)value).Where(value => !known.Contains(value))
            .Select(value => (Value: value, Ids: Encoding.UTF8.GetBytes(ByteAlphabet.Write([value])).Select(each => names.Find(FallbackName(each))).ToList()))
            .Where(entry => entry.Ids.TrueForAll(id => id is not null))
            .ToDictionary(entry => entry.Value, entry => (IReadOnlyList<int>)[.. entry.Ids.Select(id => id!.Value)]);
    }

    /// <summary>
    /// If there are no fallback tokens, a byte without a token becomes the unknown token, if there is one.
    /// </summary>
    private static Dictionary<byte, IReadOnlyList<int>> Unknown(JsonElement model, TokenNames names)
    {
        if (IsEmpty(model, "unk_token"))
        {
            return [];
        }

        var name = model.Text("unk_token");
        Require(!Flag(model, "fuse_unk"), "model.fuse_unk: must be false.");
        int[] ids = [names.Find(name) ?? throw new InvalidDataException($"model.unk_token: '{name}' is not in the vocabulary.")];
        return Enumerable.Range(0, 256).ToDictionary(value => (byte)value, _ => (IReadOnlyList<int>)ids);
    }

    private static JsonElement Part(JsonElement parent, string name, string place) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var part) ? part : throw new InvalidDataException($"'{place}{name}' is missing: this is not a tokenizer.json of byte-level BPE.");

    private static string FallbackName(int value) => $"<0x{value:X2}>";

    private static bool Flag(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static bool IsEmpty(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString() == "");

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidDataException(problem);
        }
    }
}
