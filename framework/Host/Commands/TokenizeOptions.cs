using System.CommandLine;
using Experiments.Contracts.Text;
using Experiments.Engine.Plugins;
using Experiments.Host.Tokens;

namespace Experiments.Host.Commands;

/// <summary>The options of <c>lab tokenize</c>.</summary>
public sealed class TokenizeOptions
{
    private readonly Argument<string[]> _words = new("text") { Description = "The text; with --decode the ids. Default: --file, else standard input, read as bytes.", Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<string[]> _tokenizer = new("--tokenizer", "-t")
    {
        Description = "A published tokenizer by its name, a folder, a tokenizer.json, a .tiktoken, or a stage that made one. Twice sets two beside each other. "
            + "Default: the newest tokenizer of the runs, else cl100k_base.",
        HelpName = "name",
    };

    private readonly Option<string?> _file = new("--file") { Description = "Reads the text, or the JSON lines, from a file.", HelpName = "file" };
    private readonly Option<bool> _allow = new("--allow-special") { Description = "Special tokens written in the text are themselves; decoded ones are written. Default: they are text, and decoded ones vanish." };
    private readonly Option<bool> _forbid = new("--forbid-special") { Description = "A special token written in the text is an error." };
    private readonly Option<bool> _lines = new("--jsonl") { Description = "Reads a {\"text\": \"...\"} a line and writes an {\"ids\": [...]} a line." };
    private readonly Option<bool> _decode = new("--decode") { Description = "The other way: ids become text." };
    private readonly Option<bool> _merges = new("--merges") { Description = "Shows merge by merge how each piece of the text became its tokens." };
    private readonly Option<string?> _html = new("--html") { Description = "Writes a page for the browser that needs nothing else.", HelpName = "file" };
    private readonly Option<string?> _chat = new("--chat") { Description = "A conversation, {\"messages\": [{\"role\", \"content\"}]}, by the tokenizer's chat template; - is standard input.", HelpName = "file" };
    private readonly Option<string?> _save = new("--save") { Description = "Writes the tokenizer itself in another form: a .tiktoken, a tokenizer.json, or a folder for Hugging Face.", HelpName = "target" };
    private readonly Option<string> _runs = GlobalOptions.Runs();
    private readonly PluginOptions _plugins;

    /// <summary>Adds them to the command.</summary>
    public TokenizeOptions(Command command)
    {
        command.Add(_words);
        foreach (var option in new Option[] { _tokenizer, _file, _allow, _forbid, _lines, _decode, _merges, _html, _chat, _save, _runs })
        {
            command.Add(option);
        }

        _plugins = new(command);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="ArgumentException">Two options are at odds.</exception>
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
        Refuse(arguments.GetValue(_allow) && arguments.GetValue(_forbid), "--allow-special and --forbid-special are at odds; give one.");
        Refuse(call.Words.Count > 0 && call.TextFile is not null, "The text is given twice, as words and by --file; give one.");
        Refuse(call.Words.Count > 0 && call.IsJsonLines && !call.Decodes, "--jsonl reads lines from standard input or --file, not from words.");
        Refuse((call.IsJsonLines || call.Decodes) && (call.ShowsMerges || call.PageFile is not null || call.ConversationFile is not null), "--jsonl and --decode go with none of --merges, --html and --chat.");
        Refuse(call.ShowsMerges && (call.PageFile is not null || call.ConversationFile is not null), "--merges goes with neither --html nor --chat.");
        Refuse(call.ConversationFile is not null && (call.Words.Count > 0 || call.TextFile is not null), "--chat brings the text along; give no other.");
        Refuse(call.SaveTarget is not null && (call.Words.Count > 0 || call.TextFile is not null || call.IsJsonLines || call.Decodes || call.ShowsMerges || call.PageFile is not null || call.ConversationFile is not null || call.Tokenizers.Count > 1), "--save writes one tokenizer and goes with --tokenizer alone.");
        Refuse(call.Tokenizers.Count > 1 && (call.IsJsonLines || call.Decodes), "--jsonl and --decode take one tokenizer.");
        return call;
    }

    private static void Refuse(bool isWrong, string message)
    {
        if (isWrong)
        {
            throw new ArgumentException(message);
        }
    }
}

/// <summary>What <c>lab tokenize</c> is to do.</summary>
/// <param name="Words">The text's words, or the ids to decode.</param>
/// <param name="Tokenizers">The tokenizers' names; a null is the default.</param>
/// <param name="TextFile">The file of the text or of the lines.</param>
/// <param name="Rules">What becomes of special tokens in the text.</param>
/// <param name="IsJsonLines">Whether lines of JSON are read.</param>
/// <param name="Decodes">Whether ids become text.</param>
/// <param name="ShowsMerges">Whether merges are shown.</param>
/// <param name="PageFile">The page to write.</param>
/// <param name="ConversationFile">The conversation to render.</param>
/// <param name="SaveTarget">Where the tokenizer itself is written.</param>
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
    /// <summary>What special tokens become when they are decoded: their text where they are allowed, else nothing.</summary>
    public IReadOnlyDictionary<int, byte[]> SpecialTexts(ITokenizer tokenizer) =>
        Rules.Allowed is null ? TokenizedText.SpecialTexts(tokenizer) : new Dictionary<int, byte[]>();
}
