using System.Globalization;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Models.Tests.Import;

/// <summary>A tokenizer of which only the size matters.</summary>
public sealed class NumberTokenizer(int size) : ITokenizer
{
    private const string FileName = "merges.txt";

    public int VocabularySize => size;

    public IReadOnlyDictionary<string, int> SpecialTokens { get; } = new Dictionary<string, int>();

    /// <summary>Writes a file that <see cref="Format"/> recognizes.</summary>
    public static string Save(string folder, int size)
    {
        File.WriteAllText(Path.Combine(folder, FileName), size.ToString(CultureInfo.InvariantCulture));
        return folder;
    }

    public int[] Encode(string text) => [];

    public int[] Encode(ReadOnlySpan<byte> utf8) => [];

    public ReadOnlySpan<byte> Bytes(int id) => [];

    public string Decode(ReadOnlySpan<int> ids) => "";

    [Plugin("numbers")]
    public sealed class Format : ITokenizerFormat
    {
        public string Opens => "numbers";

        public bool CanOpen(string source) => File.Exists(Path.Combine(source, FileName));

        public ITokenizer Open(string source, IPluginSource plugins) => new NumberTokenizer(int.Parse(File.ReadAllText(Path.Combine(source, FileName)), CultureInfo.InvariantCulture));
    }
}
