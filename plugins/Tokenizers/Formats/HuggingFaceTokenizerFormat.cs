using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.BytePair;
using static Experiments.Contracts.Text.Tokenizers;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>
/// Opens and writes byte-level BPE in Hugging Face's format: tokenizer.json, and tokenizer_config.json with the chat
/// template.
/// </summary>
/// <remarks>
/// Post-processors are not applied: callers add the control tokens that they need. A folder without tokenizer.json may
/// contain GPT-2's older two files instead.
/// </remarks>
[Plugin("hugging-face")]
public sealed class HuggingFaceTokenizerFormat : IWritableTokenizerFormat
{
    /// <summary>The file with the vocabulary, the merges and how text is split.</summary>
    public const string TokenizerFile = "tokenizer.json";

    /// <summary>The file with the names of the control tokens and the chat template.</summary>
    public const string ConfigFile = "tokenizer_config.json";

    private const string Packed = ".gz";
    /// <summary>Options with which all its files are written.</summary>
    internal static JsonSerializerOptions Json { get; } = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public string Opens => "a tokenizer.json, or a folder with one (or with vocab.json and merges.txt)";

    /// <inheritdoc/>
    public bool CanOpen(string source) => Find(source) is not null || Gpt2Files.In(source) is not null;

    /// <inheritdoc/>
    public ITokenizer Open(string source, IPluginSource plugins)
    {
        if (Find(source) is not { } path)
        {
            return new BytePairTokenizer(Gpt2Files.In(source)!.Read(), () => ChatTemplateFile.Open(source, plugins));
        }

        using Stream file = File.OpenRead(path);
        using var stream = path.EndsWith(Packed, StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return new BytePairTokenizer(TokenizerJson.Read(stream, path), () => ChatTemplateFile.Open(FolderOf(source), plugins));
    }

    /// <inheritdoc/>
    public bool CanWrite(string target) => Path.GetExtension(target) is "" or ".json";

    /// <inheritdoc/>
    public void Write(ITokenizer tokenizer, string target)
    {
        var vocabulary = BytePairTokenizer.VocabularyOf(tokenizer);
        if (Path.GetExtension(target).Length > 0)
        {
            File.WriteAllText(target, TokenizerJson.Write(vocabulary).ToJsonString(Json) + "\n");
            return;
        }

        var chat = tokenizer.Chat.Template;
        Directory.CreateDirectory(target);
        Write(target, vocabulary, chat);
    }

    /// <summary>Writes both files into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="chat">
    /// The chat template to write. If it is null, ChatML is written, provided that the vocabulary has its tokens.
    /// </param>
    public static void Write(string folder, BytePairVocabulary vocabulary, ChatTemplateSource? chat = null)
    {
        File.WriteAllText(Path.Combine(folder, TokenizerFile), TokenizerJson.Write(vocabulary).ToJsonString(Json) + "\n");
        File.WriteAllText(Path.Combine(folder, ConfigFile), Config(vocabulary, chat).ToJsonString(Json) + "\n");
    }

    private static string FolderOf(string source) => Directory.Exists(source) ? source : Path.GetDirectoryName(Path.GetFullPath(source))!;

    private static string? Find(string source)
    {
        string[] candidates = Directory.Exists(source) ? [Path.Combine(source, TokenizerFile), Path.Combine(source, TokenizerFile + Packed)]
            : Path.GetFileName(source) is var name && (name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".json" + Packed, StringComparison.Ordinal)) ? [source]
            : [];
        return candidates.FirstOrDefault(File.Exists);
    }

    private static JsonObject Config(BytePairVocabulary vocabulary, ChatTemplateSource? chat)
    {
        var texts = vocabulary.AddedTokens.Where(token => token.IsSpecial).Select(token => token.Text).ToHashSet();
        var config = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["clean_up_tokenization_spaces"] = false,
            ["added_tokens_decoder"] = new JsonObject(vocabulary.AddedTokens.OrderBy(token => token.Id)
                .Select(token => KeyValuePair.Create(token.Id.ToString(), (JsonNode?)TokenizerJson.AddedToken(token)))),
        };
        if (chat is not null)
        {
            foreach (var (name, token) in chat.SpecialTokens)
            {
                config[name] = token;
            }

            config["chat_template"] = chat.Text;
        }
        else if (texts.Contains(EndOfText))
        {
            (config["bos_token"], config["eos_token"], config["pad_token"]) = (EndOfText, EndOfText, EndOfText);
            if (texts.Contains(MessageStart) && texts.Contains(MessageEnd))
            {
                config["chat_template"] = ChatTemplateFile.ChatMlTemplate;
            }
        }

        return config;
    }
}
