using System.Text;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.ChatTemplates.Tests;

/// <summary>Each byte is a token; the special tokens are those of the published templates.</summary>
internal sealed class ByteTokenizer(IChatFormat chat) : ITokenizer
{
    public static string[] Special { get; } =
    [
        "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|im_sep|>", "<s>", "</s>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<start_of_turn>", "<end_of_turn>",
        "<|user|>", "<|assistant|>", "<|system|>", "<|end|>", "<｜User｜>", "<｜Assistant｜>", "<｜end▁of▁sentence｜>",
    ];

    public IChatFormat Chat => chat;

    public int VocabularySize => 256 + Special.Length;

    public IReadOnlyDictionary<string, int> SpecialTokens { get; } = Special.Index().ToDictionary(token => token.Item, token => 256 + token.Index);

    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public int[] Encode(ReadOnlySpan<byte> utf8) => [.. utf8.ToArray().Select(value => (int)value)];

    public ReadOnlySpan<byte> Bytes(int id) => id < 256 ? new[] { (byte)id } : [];

    public string Decode(ReadOnlySpan<int> ids) => Encoding.UTF8.GetString([.. ids.ToArray().SelectMany(id => id < 256 ? [(byte)id] : Encoding.UTF8.GetBytes(Special[id - 256]))]);
}
