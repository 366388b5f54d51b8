using System.CommandLine;
using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;
using Experiments.Host.Tokens;
using Spectre.Console;

namespace Experiments.Host.Commands;

/// <summary><c>lab tokenize</c>.</summary>
public static class TokenizeCommand
{
    private const string StandardInput = "stdin";

    private const string Examples = """
        Examples:
          lab tokenize "I like strawberries"                          tokens in colours, with ids and bytes
          lab tokenize --file notes.txt --tokenizer gpt2              a file; instead of gpt2: a folder, tokenizer.json or .tiktoken
          lab tokenize strawberry --merges                            how the bytes of a word were merged
          lab tokenize --file poem.txt --tokenizer gpt2 --tokenizer o200k_base --html page.html
          lab tokenize --chat talk.json --html page.html              a conversation; what a model learns is underlined
          lab tokenize --jsonl <texts.jsonl >ids.jsonl                {"text": "..."} becomes {"ids": [...]}, on all cores
          lab tokenize --jsonl --decode <ids.jsonl >texts.jsonl       and back
          lab tokenize --decode 15339 1917 --tokenizer cl100k_base    ids as text; from a file or standard input too
          lab tokenize "<|endoftext|>hello" --allow-special           special tokens as themselves, not as text
          lab tokenize --tokenizer o200k_base --save gpt4o            tokenizer.json and its config for Hugging Face; x.tiktoken for tiktoken
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("tokenize", "Shows the tokens of a text with ids, bytes and merges: in the terminal, as a web page or as JSON lines. Also decodes ids.");
        var options = new TokenizeOptions(command);
        command.ShowsExamples(Examples);
        command.Does(arguments =>
        {
            var call = options.Read(arguments);
            var tokenizers = call.Tokenizers.Select(name => NamedTokenizer.Open(name, call.RunsFolder, call.Plugins)).ToList();
            Run(call, tokenizers);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Run(TokenizeCall call, IReadOnlyList<NamedTokenizer> tokenizers)
    {
        if (call.SaveTarget is { } target)
        {
            Save(call, tokenizers[0], target);
        }
        else if (call.Decodes && (call.Words.Count > 0 || !call.IsJsonLines))
        {
            DecodeIds(call, tokenizers[0]);
        }
        else if (call.IsJsonLines)
        {
            ConvertLines(call, tokenizers[0]);
        }
        else if (call.ShowsMerges)
        {
            var text = Encoding.UTF8.GetString(ReadText(call));
            ShowEach(tokenizers, (display, named) => display.Show(
                (named.Tokenizer as ITracedTokenizer ?? throw new InvalidDataException($"{named.Name}: this tokenizer cannot show its merges.")).Trace(text), named.Tokenizer));
        }
        else
        {
            var texts = call.ConversationFile is null ? Tokenize(call, tokenizers) : Render(call, tokenizers);
            if (call.PageFile is { } page)
            {
                TokenPage.Write(page, texts, call.ConversationFile is not null);
                Console.WriteLine(page);
            }
            else
            {
                var text = texts.GetEnumerator();
                ShowEach(tokenizers, (display, _) =>
                {
                    text.MoveNext();
                    display.Show(text.Current);
                });
            }
        }
    }

    private static void Save(TokenizeCall call, NamedTokenizer named, string target)
    {
        if (Path.Exists(target))
        {
            throw new UsageException($"{target} already exists. Choose another name, or remove it.");
        }

        var formats = call.Plugins.All<ITokenizerFormat>().OfType<IWritableTokenizerFormat>();
        (formats.FirstOrDefault(format => format.CanWrite(target)) ?? throw new UsageException($"{target}: no tokenizer format has this extension. Known: .tiktoken, .json, or no extension for a folder.")).Write(named.Tokenizer, target);
        Console.WriteLine(target);
    }

    private static void ShowEach(IReadOnlyList<NamedTokenizer> tokenizers, Action<ITokenDisplay, NamedTokenizer> show)
    {
        ITokenDisplay display = Console.IsOutputRedirected ? new PlainTokens(Console.Out, Console.Error, tokenizers.Count > 1) : new TerminalTokens(AnsiConsole.Console);
        foreach (var named in tokenizers)
        {
            display.Begin(named.Name, named.Tokenizer);
            show(display, named);
        }
    }

    private static IReadOnlyList<TokenizedText> Tokenize(TokenizeCall call, IReadOnlyList<NamedTokenizer> tokenizers)
    {
        var text = ReadText(call);
        return [.. tokenizers.Select(named =>
        {
            var tokens = TokenizedText.Of(named.Name, named.Tokenizer, named.Tokenizer.Encode(text, call.Rules));
            if (tokens.Text.Length != text.Length)
            {
                Console.Error.WriteLine($"{named.Name}: the tokens have {tokens.Text.Length} bytes, the text has {text.Length}: this tokenizer does not preserve all text.");
            }

            return tokens;
        })];
    }

    private static IReadOnlyList<TokenizedText> Render(TokenizeCall call, IReadOnlyList<NamedTokenizer> tokenizers)
    {
        var file = call.ConversationFile!;
        var messages = file == "-" ? ConversationFile.Read(ReadInput(), StandardInput) : ConversationFile.Read(File.ReadAllBytes(file), file);
        return [.. tokenizers.Select(named =>
        {
            try
            {
                var (tokens, learned) = new ChatTemplate(named.Tokenizer).Render(messages);
                return TokenizedText.Of(named.Name, named.Tokenizer, tokens, learned);
            }
            catch (InvalidDataException problem)
            {
                throw new InvalidDataException($"{named.Name}: {problem.Message}", problem);
            }
        })];
    }

    private static void DecodeIds(TokenizeCall call, NamedTokenizer named)
    {
        IReadOnlyList<string> words = call.Words.Count > 0 ? call.Words : [Encoding.UTF8.GetString(ReadText(call))];
        var text = JsonLine.Decode(words.SelectMany(Ids), named.Tokenizer, call.SpecialTexts(named.Tokenizer));
        using var output = Console.OpenStandardOutput();
        if (call.IsJsonLines)
        {
            var line = new System.Buffers.ArrayBufferWriter<byte>();
            JsonLine.WriteText(text, line);
            output.Write(line.WrittenSpan);
        }
        else
        {
            output.Write(text);
            output.Write(Console.IsOutputRedirected ? [] : "\n"u8);
        }
    }

    private static IEnumerable<int> Ids(string word) => word.Split([',', ' ', '[', ']', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries)
        .Select(id => int.TryParse(id, out var value) ? value : throw new UsageException($"'{id}' is not an id. Ids are whole numbers: --decode 15339 1917"));

    private static void ConvertLines(TokenizeCall call, NamedTokenizer named)
    {
        Console.Error.WriteLine($"{named.Name}: {named.Tokenizer.VocabularySize:#,0} tokens");
        using var input = call.TextFile is { } file ? File.OpenRead(file) : Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        new ParallelLines(call.TextFile ?? StandardInput, Environment.ProcessorCount).Convert(input, output, call.Decodes
            ? LineConversions.Decoding(named.Tokenizer, call.SpecialTexts(named.Tokenizer))
            : LineConversions.Encoding(named.Tokenizer, call.Rules));
    }

    private static byte[] ReadText(TokenizeCall call) =>
        call.Words.Count > 0 ? Encoding.UTF8.GetBytes(string.Join(' ', call.Words))
        : call.TextFile is { } file ? File.ReadAllBytes(file)
        : ReadInput();

    private static byte[] ReadInput()
    {
        if (!Console.IsInputRedirected)
        {
            Console.Error.WriteLine("Type or paste a text. End it with Ctrl-D on a line of its own.");
        }

        using var input = Console.OpenStandardInput();
        using var text = new MemoryStream();
        input.CopyTo(text);
        return text.ToArray();
    }
}
