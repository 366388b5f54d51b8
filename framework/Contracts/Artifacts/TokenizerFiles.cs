namespace Experiments.Contracts.Artifacts;

/// <summary>
/// The files of a tokenizer, in all formats that can be opened. They are copied into everything made with the
/// tokenizer.
/// </summary>
public static class TokenizerFiles
{
    private static readonly string[] Names =
    [
        "tokenizer.json", "tokenizer.json.gz", "tokenizer_config.json", "chat_template.jinja", "special_tokens_map.json",
        "vocab.json", "merges.txt", "encoder.json", "vocab.bpe",
    ];

    private static readonly string[] Endings = [".tiktoken", ".tiktoken.json"];

    /// <summary>Copies the tokenizer's files from one folder to another, and no other files.</summary>
    /// <param name="from">A folder with a tokenizer, such as a checkpoint.</param>
    /// <param name="to">A folder without one.</param>
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from).Where(file => IsOne(Path.GetFileName(file))))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static bool IsOne(string name) =>
        Names.Contains(name) || Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.Ordinal));
}
