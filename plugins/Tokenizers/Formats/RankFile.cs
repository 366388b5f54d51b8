using System.Text;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>
/// A rank file of tiktoken. Each line holds a token's bytes in base64 and its rank, which is its id. Two neighbours are
/// merged if their bytes together are a token.
/// </summary>
internal static class RankFile
{
    /// <summary>Reads the tokens by rank.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <returns>The tokens; an empty one for each rank that is left out.</returns>
    /// <exception cref="InvalidDataException">
    /// A line is not a token and a rank, or repeats one of them; the message names file and line.
    /// </exception>
    public static byte[][] Read(Stream stream, string name)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        List<(byte[] Token, int Rank)> ranks = [];
        Dictionary<byte[], int> lines = new(ByteStrings.Equality);
        Dictionary<int, int> rankLines = [];
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0)
            {
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0 || Decode(line.AsSpan(0, space)) is not { } token)
            {
                throw new InvalidDataException($"{name}({number}): expected a token in base64 and its rank, not '{Shown(line)}'.");
            }

            if (!int.TryParse(line.AsSpan(space + 1), out var rank) || rank < 0 || rank >= MergeTable.Limit)
            {
                throw new InvalidDataException($"{name}({number}): the rank '{Shown(line[(space + 1)..])}' is not a whole number from 0 to {MergeTable.Limit - 1}.");
            }

            if (!lines.TryAdd(token, number))
            {
                throw new InvalidDataException($"{name}({number}): the token {line[..space]} was already in line {lines[token]}.");
            }

            if (!rankLines.TryAdd(rank, number))
            {
                throw new InvalidDataException($"{name}({number}): the rank {rank} was already in line {rankLines[rank]}.");
            }

            ranks.Add((token, rank));
        }

        if (ranks.Count == 0)
        {
            throw new InvalidDataException($"{name}: the file contains no tokens.");
        }

        var tokens = Enumerable.Repeat<byte[]>([], ranks.Max(each => each.Rank) + 1).ToArray();
        foreach (var (token, rank) in ranks)
        {
            tokens[rank] = token;
        }

        return tokens;
    }

    /// <summary>All ways to make each token from two others, lowest rank first.</summary>
    public static IReadOnlyList<Merge> Merges(IReadOnlyList<byte[]> tokens)
    {
        Dictionary<byte[], int> ranks = new(tokens.Count, ByteStrings.Equality);
        for (var rank = 0; rank < tokens.Count; rank++)
        {
            ranks.TryAdd(tokens[rank], rank);
        }

        ranks.Remove([]);
        var ids = ranks.GetAlternateLookup<ReadOnlySpan<byte>>();
        List<Merge> merges = new(2 * tokens.Count);
        for (var rank = 0; rank < tokens.Count; rank++)
        {
            var token = tokens[rank].AsSpan();
            for (var cut = 1; cut < token.Length; cut++)
            {
                if (ids.TryGetValue(token[..cut], out var left) && ids.TryGetValue(token[cut..], out var right))
                {
                    merges.Add(new(new(left, right), rank, rank));
                }
            }
        }

        return merges;
    }

    /// <summary>Writes a vocabulary's tokens.</summary>
    /// <exception cref="InvalidDataException">
    /// The merges are not in the order of the ids, so ranks cannot express them.
    /// </exception>
    public static void Write(Stream stream, BytePairVocabulary vocabulary)
    {
        var order = MergeOrder.Of(vocabulary.Tokens, vocabulary.Merges);
        var late = order?.Merges.Zip(order.Merges.Skip(1)).FirstOrDefault(pair => pair.First.Token > pair.Second.Token).Second.Token;
        if (order is null || late > 0)
        {
            throw new InvalidDataException($"a rank file cannot hold this tokenizer: a token's rank is its id, and the merge that makes token {late} comes after one that makes a higher id. Write tokenizer.json.");
        }

        var added = vocabulary.AddedTokens.Select(token => token.Id).ToHashSet();
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        for (var id = 0; id < vocabulary.Tokens.Count; id++)
        {
            if (vocabulary.Tokens[id].Length > 0 && !added.Contains(id))
            {
                writer.WriteLine($"{Convert.ToBase64String(vocabulary.Tokens[id])} {id}");
            }
        }
    }

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, bytes, out var length) && length > 0 ? bytes[..length].ToArray() : null;
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
