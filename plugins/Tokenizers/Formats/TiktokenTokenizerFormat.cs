using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>Opens and writes tiktoken's rank files.</summary>
/// <remarks>
/// A rank file does not say how text is split or which special tokens there are. This follows from its name, or from a
/// file next to it (<c>x.tiktoken.json</c> next to <c>x.tiktoken</c>) with tiktoken's <c>pat_str</c> and
/// <c>special_tokens</c>.
/// </remarks>
[Plugin("tiktoken")]
public sealed class TiktokenTokenizerFormat : IWritableTokenizerFormat
{
    /// <summary>The extension of a rank file.</summary>
    public const string Extension = ".tiktoken";

    private static readonly JsonSerializerOptions Indented = HuggingFaceTokenizerFormat.Json;

    /// <inheritdoc/>
    public string Opens => "a .tiktoken file, or a folder with one";

    /// <inheritdoc/>
    public bool CanOpen(string source) => RankFiles(source).Length > 0;

    /// <inheritdoc/>
    public ITokenizer Open(string source, IPluginSource plugins)
    {
        var files = RankFiles(source);
        if (files is not [var path])
        {
            throw new InvalidDataException($"{source}: the folder has {files.Length} rank files. Give the path of the one that you mean.");
        }

        var encoding = RankEncoding.Of(path);
        using var stream = File.OpenRead(path);
        return new BytePairTokenizer(encoding.Vocabulary(RankFile.Read(stream, path), path));
    }

    /// <inheritdoc/>
    public bool CanWrite(string target) => target.EndsWith(Extension, StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Write(ITokenizer tokenizer, string target)
    {
        var vocabulary = BytePairTokenizer.VocabularyOf(tokenizer);
        var companion = RankEncoding.Companion(vocabulary);
        using (var stream = File.Create(target))
        {
            RankFile.Write(stream, vocabulary);
        }

        File.WriteAllText(target + RankEncoding.CompanionExtension, companion.ToJsonString(Indented) + "\n");
    }

    private static string[] RankFiles(string source) =>
        Directory.Exists(source) ? Directory.GetFiles(source, "*" + Extension)
        : source.EndsWith(Extension, StringComparison.Ordinal) && File.Exists(source) ? [source]
        : [];
}
