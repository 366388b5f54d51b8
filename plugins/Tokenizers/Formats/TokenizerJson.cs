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
    /// <exception cref="InvalidDataException">It contradicts itself, or asks for what byte-level BPE is not; the message names file and place.</exception>
    public static BytePairVocabulary Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream);
            return Read(document.RootElement);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or InvalidDataException)
        {
            throw new InvalidDataException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>The whole file.</summary>
    /// <exception cref="InvalidDataException">A special token has the text of a common one.</exception>
    public static JsonObject Write(BytePairVocabulary vocabulary)
    {
        var names = vocabulary.Tokens.Select(token => ByteAlphabet.Write(token)).ToArray();
        foreach (var (text, id) in vocabulary.SpecialTokens)
        {
            Require(!names.Contains(text), $"'{text}' is a special token and a token of text; give the special token a text of its own, such as <|{text}|>.");
            names[id] = text;
        }

        var added = vocabulary.SpecialTokens.OrderBy(token => token.Value).Select(token =>
        {
            var entry = AddedToken(token.Key);
            entry.Insert(0, "id", token.Value);
            return (JsonNode?)entry;
        });
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. added]),
            ["normalizer"] = null,
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
                ["byte_fallback"] = false,
                ["ignore_merges"] = vocabulary.WholePiecesFirst,
                ["vocab"] = new JsonObject(names.Select((name, id) => KeyValuePair.Create(name, (JsonNode?)id)).Where(entry => entry.Key.Length > 0)),
                ["merges"] = new JsonArray([.. vocabulary.Merges.Select(merge => new JsonArray(names[merge.Pair.Left], names[merge.Pair.Right]))]),
            },
        };
    }

    /// <summary>A special token as added_tokens and added_tokens_decoder describe it.</summary>
    public static JsonObject AddedToken(string text) => new()
    {
        ["content"] = text,
        ["lstrip"] = false,
        ["normalized"] = false,
        ["rstrip"] = false,
        ["single_word"] = false,
        ["special"] = true,
    };

    private static BytePairVocabulary Read(JsonElement root)
    {
        var model = root.GetProperty("model");
        Require(model.OptionalText("type") is null or "BPE", "model.type: only BPE can be opened.");
        Require(IsEmpty(root, "normalizer"), "normalizer: must be null; text is encoded as it is.");
        foreach (var name in (string[])["dropout", "continuing_subword_prefix", "end_of_word_suffix"])
        {
            Require(IsEmpty(model, name), $"model.{name}: must be null in byte-level BPE.");
        }

        var added = root.TryGetProperty("added_tokens", out var list)
            ? list.EnumerateArray().Select(token => (Text: token.Text("content"), Id: token.GetProperty("id").GetInt32(), IsSpecial: token.GetProperty("special").GetBoolean())).ToList()
            : [];
        var names = Names(model.GetProperty("vocab"), added.Select(token => (token.Text, token.Id)));
        var addedTexts = added.ToDictionary(token => token.Text, token => token.IsSpecial);
        return new BytePairVocabulary
        {
            Tokens = [.. names.Select(Bytes)],
            Merges = Merges(model.GetProperty("merges"), names),
            SpecialTokens = added.Where(token => token.IsSpecial).ToDictionary(token => token.Text, token => token.Id),
            Splitter = PreTokenizerJson.Read(root.GetProperty("pre_tokenizer")),
            WholePiecesFirst = model.TryGetProperty("ignore_merges", out var whole) && whole.GetBoolean(),
        };

        byte[] Bytes(string name) =>
            addedTexts.TryGetValue(name, out var isSpecial) ? isSpecial ? [] : Encoding.UTF8.GetBytes(name)
            : ByteAlphabet.Read(name) ?? throw new InvalidDataException($"model.vocab: '{name}' holds a character that stands for no byte.");
    }

    private static string[] Names(JsonElement vocabulary, IEnumerable<(string Text, int Id)> added)
    {
        var names = new SortedDictionary<int, string>();
        foreach (var (name, id) in vocabulary.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetInt32())).Concat(added))
        {
            Require(names.TryAdd(id, name) || names[id] == name, $"model.vocab: the id {id} is both '{names[id]}' and '{name}'.");
        }

        var hole = names.Keys.Index().FirstOrDefault(pair => pair.Index != pair.Item, (Index: -1, Item: 0));
        Require(hole.Index < 0, $"model.vocab: no token has the id {hole.Index}; ids must run from 0 without holes.");
        var twice = names.Values.GroupBy(name => name).FirstOrDefault(group => group.Skip(1).Any());
        Require(twice is null, $"model.vocab: '{twice?.Key}' has two ids.");
        return [.. names.Values];
    }

    private static List<Merge> Merges(JsonElement list, string[] names)
    {
        var ids = names.Index().ToDictionary(name => name.Item, name => name.Index);
        var merges = new List<Merge>(list.GetArrayLength());
        var seen = new HashSet<TokenPair>();
        foreach (var entry in list.EnumerateArray())
        {
            var place = $"model.merges[{merges.Count}]";
            string[] parts = entry.ValueKind == JsonValueKind.Array ? [.. entry.EnumerateArray().Select(part => part.GetString()!)] : entry.GetString()!.Split(' ');
            Require(parts.Length == 2, $"{place}: {entry} is no pair.");
            var pair = new TokenPair(Id(parts[0]), Id(parts[1]));
            Require(seen.Add(pair), $"{place}: '{parts[0]}' + '{parts[1]}' was merged before.");
            merges.Add(new(pair, Id(parts[0] + parts[1]), merges.Count));

            int Id(string name) => ids.TryGetValue(name, out var id) ? id : throw new InvalidDataException($"{place}: '{name}' is not in the vocabulary.");
        }

        return merges;
    }

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
