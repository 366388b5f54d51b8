using System.Text.Json;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Splitting;
using static Experiments.Contracts.Text.Tokenizers;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>
/// The two files in which GPT-2's tokenizer and many later ones were published: the names of the tokens, and the
/// merges.
/// </summary>
/// <param name="VocabularyFile"><c>vocab.json</c>, or <c>encoder.json</c> as OpenAI named it.</param>
/// <param name="MergesFile"><c>merges.txt</c>, or <c>vocab.bpe</c>.</param>
internal sealed record Gpt2Files(string VocabularyFile, string MergesFile)
{
    private static readonly (string Vocabulary, string Merges)[] Names = [("vocab.json", "merges.txt"), ("encoder.json", "vocab.bpe")];

    /// <summary>The files in a folder, or null if one of them is missing.</summary>
    public static Gpt2Files? In(string folder) => Names
        .Select(names => new Gpt2Files(Path.Combine(folder, names.Vocabulary), Path.Combine(folder, names.Merges)))
        .FirstOrDefault(files => File.Exists(files.VocabularyFile) && File.Exists(files.MergesFile));

    /// <summary>Reads both.</summary>
    /// <exception cref="InvalidDataException">The files are inconsistent; the message names file and place.</exception>
    public BytePairVocabulary Read()
    {
        TokenNames names;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(VocabularyFile));
            names = TokenNames.Read(document.RootElement, [], "");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException or InvalidDataException)
        {
            throw new InvalidDataException($"{VocabularyFile}: {problem.Message}", problem);
        }

        var merges = new MergeList(names, number => $"{MergesFile}({number})");
        foreach (var (index, line) in File.ReadLines(MergesFile).Index())
        {
            if (line.Length > 0 && !(index == 0 && line.StartsWith("#version", StringComparison.Ordinal)))
            {
                merges.Add(line.Split(' '), index + 1);
            }
        }

        return new()
        {
            Tokens = names.Bytes([EndOfText]),
            Merges = merges.Merges,
            AddedTokens = names.Find(EndOfText) is { } id ? [new(EndOfText, id)] : [],
            Splitter = new PublishedSplitter(SplitPattern.Gpt2),
        };
    }
}
