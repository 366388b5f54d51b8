using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Training.Tests;

/// <summary>Opens a folder with a <c>numbers</c> file as a tokenizer of ten digits and two special tokens.</summary>
[Plugin("numbers")]
public sealed class NumbersFormat : ITokenizerFormat
{
    public const string File = "numbers";

    public string Opens => File;

    public bool CanOpen(string folder) => System.IO.File.Exists(Path.Combine(folder, File));

    public ITokenizer Open(string folder, IPluginSource plugins) => new Digits();

    private sealed class Digits : ITokenizer
    {
        private static readonly byte[][] Single = [.. Enumerable.Range('0', 10).Select(value => new[] { (byte)value })];

        public int VocabularySize => 12;

        public IReadOnlyDictionary<string, int> SpecialTokens { get; } = new Dictionary<string, int> { [Tokenizers.EndOfText] = 10, [Tokenizers.MessageEnd] = 11 };

        public int[] Encode(string text) => [.. text.Select(digit => digit - '0')];

        public int[] Encode(ReadOnlySpan<byte> utf8) => [.. utf8.ToArray().Select(digit => digit - '0')];

        public ReadOnlySpan<byte> Bytes(int id) => id < 10 ? Single[id] : [];

        public string Decode(ReadOnlySpan<int> ids) => string.Concat(ids.ToArray().Where(id => id < 10));
    }
}
