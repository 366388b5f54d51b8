using System.Collections.Frozen;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Splitting;
using static Experiments.Contracts.Text.Tokenizers;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>Opens OpenAI's rank files: r50k_base, p50k_base, cl100k_base or o200k_base.tiktoken, one in a folder.</summary>
/// <remarks>
/// A line is a token in base64 and its rank, which is its id. The file does not say how text is cut nor which special tokens there are: its name
/// does. Two neighbours merge when their bytes together are a token.
/// </remarks>
[Plugin("tiktoken")]
public sealed class TiktokenTokenizerFormat : ITokenizerFormat
{
    /// <summary>The ending of a rank file.</summary>
    public const string Extension = ".tiktoken";

    private static readonly FrozenDictionary<string, Encoding> Encodings = new Dictionary<string, Encoding>
    {
        ["r50k_base"] = new(SplitPattern.Gpt2, new() { [EndOfText] = 50256 }),
        ["p50k_base"] = new(SplitPattern.Gpt2, new() { [EndOfText] = 50256 }),
        ["cl100k_base"] = new(SplitPattern.Gpt4, new()
        {
            [EndOfText] = 100257,
            ["<|fim_prefix|>"] = 100258,
            ["<|fim_middle|>"] = 100259,
            ["<|fim_suffix|>"] = 100260,
            ["<|endofprompt|>"] = 100276,
        }),
        ["o200k_base"] = new(SplitPattern.O200k, new() { [EndOfText] = 199999, ["<|endofprompt|>"] = 200018 }),
    }.ToFrozenDictionary();

    /// <inheritdoc/>
    public string Opens => "a folder with one .tiktoken";

    /// <inheritdoc/>
    public bool CanOpen(string folder) => RankFiles(folder).Length > 0;

    /// <inheritdoc/>
    public ITokenizer Open(string folder)
    {
        var files = RankFiles(folder);
        if (files is not [var path])
        {
            throw new InvalidDataException($"{folder}: {files.Length} rank files; keep one in a folder, for it is the file that says which tokenizer is meant.");
        }

        if (!Encodings.TryGetValue(Path.GetFileNameWithoutExtension(path), out var encoding))
        {
            throw new InvalidDataException($"{path}: how this encoding cuts text is not known. Known: {string.Join(", ", Encodings.Keys.Order(StringComparer.Ordinal))}");
        }

        var ranks = Read(path);
        var tokens = Enumerable.Repeat<byte[]>([], Math.Max(ranks.Values.Max(), encoding.SpecialTokens.Values.Max()) + 1).ToArray();
        foreach (var (token, rank) in ranks)
        {
            tokens[rank] = token;
        }

        return new BytePairTokenizer(new()
        {
            Tokens = tokens,
            Merges = [.. tokens.SelectMany((token, rank) => Merges(token, rank, ranks))],
            SpecialTokens = encoding.SpecialTokens,
            Splitter = new PublishedSplitter(encoding.Split),
            WholePiecesFirst = true,
        });
    }

    private static string[] RankFiles(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension) : [];

    private static Dictionary<byte[], int> Read(string path)
    {
        var ranks = new Dictionary<byte[], int>(ByteStrings.Equality);
        var seen = new HashSet<int>();
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var token = new byte[line.Length];
            if (space <= 0 || !Convert.TryFromBase64Chars(line.AsSpan(0, space), token, out var length) || !int.TryParse(line.AsSpan(space + 1), out var rank))
            {
                throw new InvalidDataException($"{path}({index + 1}): expected a token in base64 and its rank.");
            }

            if (!ranks.TryAdd(token[..length], rank) || !seen.Add(rank))
            {
                throw new InvalidDataException($"{path}({index + 1}): the token or its rank {rank} was there before.");
            }
        }

        return ranks;
    }

    private static IEnumerable<Merge> Merges(byte[] token, int rank, Dictionary<byte[], int> ranks)
    {
        var ids = ranks.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (var cut = 1; cut < token.Length; cut++)
        {
            if (ids.TryGetValue(token.AsSpan(0, cut), out var left) && ids.TryGetValue(token.AsSpan(cut), out var right))
            {
                yield return new(new(left, right), rank, rank);
            }
        }
    }

    private sealed record Encoding(SplitPattern Split, Dictionary<string, int> SpecialTokens);
}
