using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Learning.Tests.Shared;

/// <summary>A tokenizer with one token per byte and the three special tokens for chat.</summary>
public sealed class ByteTokenizer : ITokenizer
{
    private static readonly byte[][] Single = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];

    public int VocabularySize => 259;

    public IReadOnlyDictionary<string, int> SpecialTokens { get; } = new Dictionary<string, int>
    {
        [Tokenizers.EndOfText] = 256,
        [Tokenizers.MessageStart] = 257,
        [Tokenizers.MessageEnd] = 258,
    };

    /// <summary>Writes a file that <see cref="ByteTokenizerFormat"/> recognizes.</summary>
    public static string Save(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), "{}");
        return folder;
    }

    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public int[] Encode(ReadOnlySpan<byte> utf8) => [.. utf8.ToArray().Select(value => (int)value)];

    public ReadOnlySpan<byte> Bytes(int id) => id < 256 ? Single[id] : [];

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

/// <summary>Opens a folder with a <c>tokenizer.json</c> as <see cref="ByteTokenizer"/>.</summary>
[Plugin("bytes")]
public sealed class ByteTokenizerFormat : ITokenizerFormat
{
    public bool CanOpen(string folder) => File.Exists(Path.Combine(folder, "tokenizer.json"));

    public string Opens => "bytes";

    public ITokenizer Open(string folder, IPluginSource plugins) => new ByteTokenizer();
}
