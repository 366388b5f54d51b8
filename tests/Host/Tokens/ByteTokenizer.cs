using System.Text;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tests.Tokens;

/// <summary>A token a byte, but for two bytes and four that are one: 256 is <c>ab</c>, 257 the first three bytes of 👍, and 300 and 301 are special.</summary>
internal sealed class ByteTokenizer : ITokenizer
{
    private static readonly byte[][] Pairs = ["ab"u8.ToArray(), [0xF0, 0x9F, 0x91]];

    public int VocabularySize => 302;

    public IReadOnlyDictionary<string, int> SpecialTokens { get; } = new Dictionary<string, int> { ["<s>"] = 300, ["<s>!"] = 301 };

    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public int[] Encode(ReadOnlySpan<byte> utf8)
    {
        List<int> ids = [];
        while (!utf8.IsEmpty)
        {
            var pair = utf8.StartsWith(Pairs[0]) ? 256 : utf8.StartsWith(Pairs[1]) ? 257 : utf8[0];
            ids.Add(pair);
            utf8 = utf8[Bytes(pair).Length..];
        }

        return [.. ids];
    }

    public ReadOnlySpan<byte> Bytes(int id) => id switch
    {
        < 256 => new[] { (byte)id },
        < 258 => Pairs[id - 256],
        _ => [],
    };

    public string Decode(ReadOnlySpan<int> ids)
    {
        List<byte> bytes = [];
        foreach (var id in ids)
        {
            bytes.AddRange(Bytes(id));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
