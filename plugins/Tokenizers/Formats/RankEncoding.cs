using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts.Artifacts;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Splitting;
using static Experiments.Contracts.Text.Tokenizers;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>The information that a rank file lacks: how text is split, and which special tokens there are.</summary>
/// <param name="Splitter">How text is split.</param>
/// <param name="SpecialTokens">Ids of the special tokens.</param>
/// <param name="Tokens">Number of the other tokens, or null if it is not known.</param>
internal sealed record RankEncoding(PieceSplitter Splitter, IReadOnlyDictionary<string, int> SpecialTokens, int? Tokens = null)
{
    /// <summary>The extension of the file next to a rank file that holds this information.</summary>
    public const string CompanionExtension = ".json";

    private const string Pattern = "pat_str";
    private const string Special = "special_tokens";

    /// <summary>OpenAI's encodings, by name.</summary>
    public static FrozenDictionary<string, RankEncoding> Published { get; } = new Dictionary<string, RankEncoding>
    {
        ["r50k_base"] = Of(50256, SplitPattern.Gpt2, (EndOfText, 50256)),
        ["gpt2"] = Of(50256, SplitPattern.Gpt2, (EndOfText, 50256)),
        ["p50k_base"] = Of(50280, SplitPattern.Gpt2, (EndOfText, 50256)),
        ["p50k_edit"] = Of(50280, SplitPattern.Gpt2, (EndOfText, 50256), ("<|fim_prefix|>", 50281), ("<|fim_middle|>", 50282), ("<|fim_suffix|>", 50283)),
        ["cl100k_base"] = Of(100256, SplitPattern.Gpt4, (EndOfText, 100257), ("<|fim_prefix|>", 100258), ("<|fim_middle|>", 100259), ("<|fim_suffix|>", 100260), ("<|endofprompt|>", 100276)),
        ["o200k_base"] = Of(199998, SplitPattern.O200k, (EndOfText, 199999), ("<|endofprompt|>", 200018)),
    }.ToFrozenDictionary();

    /// <summary>
    /// The encoding of a rank file: the one in the file next to it (<c>x.tiktoken.json</c> next to <c>x.tiktoken</c>),
    /// or the published one of its name.
    /// </summary>
    /// <exception cref="InvalidDataException">There is neither, or the file next to it is wrong.</exception>
    public static RankEncoding Of(string rankFile)
    {
        var companion = rankFile + CompanionExtension;
        if (File.Exists(companion))
        {
            return ReadCompanion(companion);
        }

        return Published.TryGetValue(Path.GetFileNameWithoutExtension(rankFile), out var encoding)
            ? encoding
            : throw new InvalidDataException(
                $"{rankFile}: a rank file does not say how text is split. Known by name: {string.Join(", ", Published.Keys.Order(StringComparer.Ordinal))}. "
                + $"For others write {Path.GetFileName(companion)} next to it: {{\"{Pattern}\": \"REGULAR EXPRESSION\", \"{Special}\": {{\"{EndOfText}\": ID}}}}.");
    }

    /// <summary>The vocabulary of ranks with this encoding.</summary>
    /// <param name="ranks">The tokens by rank. The bytes of special tokens are removed.</param>
    /// <param name="name">The source, for messages.</param>
    /// <exception cref="InvalidDataException">
    /// A special token has the id of another token, or tokens are missing.
    /// </exception>
    public BytePairVocabulary Vocabulary(byte[][] ranks, string name)
    {
        foreach (var (text, id) in SpecialTokens.Where(token => token.Value < ranks.Length && ranks[token.Value].Length > 0))
        {
            // GPT-NeoX's file contains its special tokens too.
            ranks[id] = ranks[id].AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)) ? []
                : throw new InvalidDataException($"{name}: the special token {text} has the id {id}, which is the rank of another token.");
        }

        var count = ranks.Count(token => token.Length > 0);
        if (Tokens is { } whole && count != whole)
        {
            throw new InvalidDataException($"{name}: the file has {count} tokens, but this encoding has {whole}: the file is truncated, or it is of another encoding. Give the file of another encoding another name.");
        }

        var hole = Array.FindIndex(ranks, token => token.Length == 0);
        while (hole >= 0 && SpecialTokens.Values.Contains(hole))
        {
            hole = Array.FindIndex(ranks, hole + 1, token => token.Length == 0);
        }

        if (hole >= 0)
        {
            throw new InvalidDataException($"{name}: no token has the rank {hole}. Ranks must run from 0 without holes, except for special tokens.");
        }

        var size = Math.Max(ranks.Length, SpecialTokens.Values.DefaultIfEmpty(-1).Max() + 1);
        return new()
        {
            Tokens = [.. ranks, .. Enumerable.Repeat<byte[]>([], size - ranks.Length)],
            Merges = RankFile.Merges(ranks),
            AddedTokens = [.. SpecialTokens.OrderBy(token => token.Value).Select(token => new AddedToken(token.Key, token.Value))],
            Splitter = Splitter,
            WholePiecesFirst = true,
        };
    }

    /// <summary>
    /// The contents of the file next to a rank file, with the argument names of tiktoken's <c>Encoding</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// The vocabulary's splitting cannot be expressed by one expression, or one of its added tokens is not special.
    /// </exception>
    public static JsonObject Companion(BytePairVocabulary vocabulary)
    {
        var expression = vocabulary.Splitter switch
        {
            PublishedSplitter { Pattern: not SplitPattern.Gpt2Digits } published => published.Pattern.Expression(),
            SequenceSplitter { Steps: [{ Behavior: SplitBehavior.Isolated, IsInverted: false } only] } => only.Expression,
            _ => throw new InvalidDataException("a rank file cannot hold this tokenizer: text is split in more than one step. Write tokenizer.json."),
        };
        if (vocabulary.AddedTokens.FirstOrDefault(token => !token.IsSpecial) is { } other)
        {
            throw new InvalidDataException($"a rank file cannot hold this tokenizer: the added token '{other.Text}' is not special. Write tokenizer.json.");
        }

        return new()
        {
            [Pattern] = expression,
            [Special] = new JsonObject(vocabulary.AddedTokens.Select(token => KeyValuePair.Create(token.Text, (JsonNode?)token.Id))),
        };
    }

    private static RankEncoding ReadCompanion(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            var special = root.TryGetProperty(Special, out var tokens) ? tokens.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32()) : [];
            return new(PieceSplitters.By(root.Text(Pattern)), special);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or InvalidDataException)
        {
            throw new InvalidDataException($"{path}: {problem.Message}", problem);
        }
    }

    private static RankEncoding Of(int tokens, SplitPattern pattern, params (string Text, int Id)[] special) =>
        new(new PublishedSplitter(pattern), special.ToDictionary(token => token.Text, token => token.Id), tokens);
}
