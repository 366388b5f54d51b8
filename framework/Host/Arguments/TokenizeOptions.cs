using System.CommandLine;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Engine.Plugins;
using Experiments.Host.Tokens;

namespace Experiments.Host.Arguments;

/// <summary>The options of <c>lab tokenize</c>.</summary>
public sealed class TokenizeOptions
{
    private readonly Argument<string[]> _words = new("text")
    {
        Description = "The text, or with --decode the ids. Default: the file of --file, otherwise standard input, read as bytes.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _tokenizer = new("--tokenizer", "-t")
    {
        Description = "A published tokenizer by its name, a folder, a tokenizer.json, a .tiktoken, or a stage that made one. Give it twice to compare two. "
            + "Default: the newest tokenizer of the runs, otherwise cl100k_base.",
        HelpName = "name",
    };

    private readonly Option<string?> _file = new("--file") { Description = "Reads the text, or the JSON lines, from a file.", HelpName = "file" };

    private readonly Option<bool> _allow = new("--allow-special")
    {
        Description = "Reads special tokens in the text as special tokens, and writes them when decoding. Default: they are read as text, and left out when decoding.",
    };

    private readonly Option<bool> _forbid = new("--forbid-special") { Description = "Fails when the text contains a special token." };
    private readonly Option<bool> _lines = new("--jsonl") { Description = "Reads {\"text\": \"...\"} lines and writes {\"ids\": [...]} lines." };
    private readonly Option<bool> _decode = new("--decode") { Description = "Decodes ids into text." };
    private readonly Option<bool> _merges = new("--merges") { Description = "Shows each merge that turned the pieces of the text into tokens." };
    private readonly Option<string?> _html = new("--html") { Description = "Writes a self-contained web page.", HelpName = "file" };

    private readonly Option<string?> _chat = new("--chat")
    {
        Description = "Reads a conversation, {\"messages\": [{\"role\", \"content\"}]}, and applies the tokenizer's chat template; - is standard input.",
        HelpName = "file",
    };

    private readonly Option<string?> _save = new("--save") { Description = "Writes the tokenizer itself in another format: a .tiktoken, a tokenizer.json, or a folder for Hugging Face.", HelpName = "target" };
    private readonly Option<string> _runs = SharedOptions.Runs();
    private readonly PluginOptions _plugins;

    /// <summary>Adds the options to the command.</summary>
    public TokenizeOptions(Command command)
    {
        command.Add(_words);
        foreach (var option in new Option[] { _tokenizer, _file, _allow, _forbid, _lines, _decode, _merges, _html, _chat, _save, _runs })
        {
            command.Add(option);
        }

        _plugins = new(command, runs: true);
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">Two options contradict each other.</exception>
    public TokenizeCall Read(ParseResult arguments)
    {
        var call = new TokenizeCall(
            arguments.GetValue(_words) ?? [],
            arguments.GetValue(_tokenizer) is [_, ..] names ? names : new string?[] { null },
            arguments.GetValue(_file),
            arguments.GetValue(_allow) ? SpecialTokenRules.AllowAll : arguments.GetValue(_forbid) ? SpecialTokenRules.ForbidAll : SpecialTokenRules.AsText,
            arguments.GetValue(_lines),
            arguments.GetValue(_decode),
            arguments.GetValue(_merges),
            arguments.GetValue(_html),
            arguments.GetValue(_chat),
            arguments.GetValue(_save),
            Path.GetFullPath(arguments.GetRequiredValue(_runs)),
            _plugins.Catalog(arguments));
        Refuse(arguments.GetValue(_allow) && arguments.GetValue(_forbid), "--allow-special and --forbid-special contradict each other; give only one.");
        Refuse(call.Words.Count > 0 && call.TextFile is not null, "The text is given twice, as words and by --file; give it only once.");
        Refuse(call.Words.Count > 0 && call.IsJsonLines && !call.Decodes, "--jsonl reads lines from standard input or --file, not from words.");
        Refuse((call.IsJsonLines || call.Decodes) && (call.ShowsMerges || call.PageFile is not null || call.ConversationFile is not null), "--jsonl and --decode cannot be combined with --merges, --html or --chat.");
        Refuse(call.ShowsMerges && (call.PageFile is not null || call.ConversationFile is not null), "--merges cannot be combined with --html or --chat.");
        Refuse(call.ConversationFile is not null && (call.Words.Count > 0 || call.TextFile is not null), "--chat already gives the text; give no other text.");
        Refuse(
            call.SaveTarget is not null && (call.Words.Count > 0 || call.TextFile is not null || call.IsJsonLines || call.Decodes || call.ShowsMerges
                || call.PageFile is not null || call.ConversationFile is not null || call.Tokenizers.Count > 1),
            "--save writes one tokenizer and can only be combined with --tokenizer.");
        Refuse(call.Tokenizers.Count > 1 && (call.IsJsonLines || call.Decodes), "--jsonl and --decode take one tokenizer.");
        return call;
    }

    private static void Refuse(bool isWrong, string message)
    {
        if (isWrong)
        {
            throw new UsageException(message);
        }
    }
}

/// <summary>What <c>lab tokenize</c> should do.</summary>
/// <param name="Words">The text's words, or the ids to decode.</param>
/// <param name="Tokenizers">The names of the tokenizers; null means the default.</param>
/// <param name="TextFile">The file of the text or of the lines.</param>
/// <param name="Rules">How special tokens in the text are treated.</param>
/// <param name="IsJsonLines">Whether to read lines of JSON.</param>
/// <param name="Decodes">Whether to decode ids into text.</param>
/// <param name="ShowsMerges">Whether to show merges.</param>
/// <param name="PageFile">The page to write.</param>
/// <param name="ConversationFile">The conversation to render.</param>
/// <param name="SaveTarget">Where to write the tokenizer itself.</param>
/// <param name="RunsFolder">The folder of runs and artifacts.</param>
/// <param name="Plugins">The plugins.</param>
public sealed record TokenizeCall(
    IReadOnlyList<string> Words,
    IReadOnlyList<string?> Tokenizers,
    string? TextFile,
    SpecialTokenRules Rules,
    bool IsJsonLines,
    bool Decodes,
    bool ShowsMerges,
    string? PageFile,
    string? ConversationFile,
    string? SaveTarget,
    string RunsFolder,
    PluginCatalog Plugins)
{
    /// <summary>The decoded form of special tokens: their text if they are allowed, otherwise nothing.</summary>
    public IReadOnlyDictionary<int, byte[]> SpecialTexts(ITokenizer tokenizer) =>
        Rules.Allowed is null ? TokenizedText.SpecialTexts(tokenizer) : new Dictionary<int, byte[]>();
}
