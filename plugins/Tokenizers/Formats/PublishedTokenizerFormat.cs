using System.IO.Compression;
using System.Reflection;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>Opens OpenAI's tokenizers by name, without network access: the ranks come with the product.</summary>
/// <remarks>
/// The ranks are resources of Microsoft's data packages, one token per line in the order of their ranks. GPT-2's ranks
/// are those of r50k_base. p50k_base has 24 more, runs of 2 to 25 spaces, which make indented code shorter.
/// </remarks>
[Plugin("published")]
public sealed class PublishedTokenizerFormat : ITokenizerFormat
{
    private const int SpacesFrom = 50257;
    private const int ShortestSpaces = 2;
    private const int LongestSpaces = 25;

    /// <inheritdoc/>
    public string Opens => "by name " + string.Join(", ", RankEncoding.Published.Keys.Order(StringComparer.Ordinal));

    /// <inheritdoc/>
    public bool CanOpen(string source) => RankEncoding.Published.ContainsKey(source);

    /// <inheritdoc/>
    public ITokenizer Open(string source, IPluginSource plugins) => new BytePairTokenizer(RankEncoding.Published[source].Vocabulary(Ranks(source), source));

    private static byte[][] Ranks(string name) => name switch
    {
        "cl100k_base" => Packed("Cl100kBase", name),
        "o200k_base" => Packed("O200kBase", name),
        "p50k_base" or "p50k_edit" =>
        [
            .. Packed("R50kBase", "r50k_base"), .. Enumerable.Repeat<byte[]>([], SpacesFrom - 50256),
            .. Enumerable.Range(ShortestSpaces, LongestSpaces - ShortestSpaces + 1).Select(length => Enumerable.Repeat((byte)' ', length).ToArray()),
        ],
        _ => Packed("R50kBase", "r50k_base"),
    };

    private static byte[][] Packed(string package, string encoding)
    {
        var assembly = Assembly.Load($"Microsoft.ML.Tokenizers.Data.{package}");
        using var packed = assembly.GetManifestResourceStream($"{encoding}.tiktoken.deflate")
            ?? throw new InvalidDataException($"{assembly.GetName().Name} {assembly.GetName().Version} does not contain the ranks of {encoding}.");
        using var reader = new StreamReader(new DeflateStream(packed, CompressionMode.Decompress));
        reader.ReadLine(); // the number of tokens
        List<byte[]> ranks = [];
        while (reader.ReadLine() is { } line)
        {
            ranks.Add(Convert.FromBase64String(line));
        }

        return [.. ranks];
    }
}
