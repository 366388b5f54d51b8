using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Chat;

using static Experiments.Contracts.Text.Tokenizers;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>Opens and writes byte-level BPE as Hugging Face does: tokenizer.json, and tokenizer_config.json with the ChatML template.</summary>
/// <remarks>Normalizers and post-processors are not applied: text is encoded as it is, and control tokens are placed by those who need them.</remarks>
[Plugin("hugging-face")]
public sealed class HuggingFaceTokenizerFormat : ITokenizerFormat
{
    /// <summary>Vocabulary, merges and how text is cut.</summary>
    public const string TokenizerFile = "tokenizer.json";

    /// <summary>Names of the control tokens and the chat template.</summary>
    public const string ConfigFile = "tokenizer_config.json";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public string Opens => "a folder with tokenizer.json";

    /// <inheritdoc/>
    public bool CanOpen(string folder) => File.Exists(Path.Combine(folder, TokenizerFile));

    /// <inheritdoc/>
    public ITokenizer Open(string folder) => new BytePairTokenizer(TokenizerJson.Read(Path.Combine(folder, TokenizerFile)), () => ChatTemplateFile.Open(folder));

    /// <summary>Writes both files into a folder.</summary>
    public static void Write(string folder, BytePairVocabulary vocabulary)
    {
        File.WriteAllText(Path.Combine(folder, TokenizerFile), TokenizerJson.Write(vocabulary).ToJsonString(Options) + "\n");
        File.WriteAllText(Path.Combine(folder, ConfigFile), Config(vocabulary).ToJsonString(Options) + "\n");
    }

    private static JsonObject Config(BytePairVocabulary vocabulary)
    {
        var config = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["clean_up_tokenization_spaces"] = false,
            ["added_tokens_decoder"] = new JsonObject(vocabulary.SpecialTokens.OrderBy(token => token.Value)
                .Select(token => KeyValuePair.Create(token.Value.ToString(), (JsonNode?)TokenizerJson.AddedToken(token.Key)))),
        };
        if (vocabulary.SpecialTokens.ContainsKey(EndOfText))
        {
            (config["bos_token"], config["eos_token"], config["pad_token"]) = (EndOfText, EndOfText, EndOfText);
            if (vocabulary.SpecialTokens.ContainsKey(MessageStart) && vocabulary.SpecialTokens.ContainsKey(MessageEnd))
            {
                config["chat_template"] = ChatTemplateFile.ChatMlTemplate;
            }
        }

        return config;
    }
}
