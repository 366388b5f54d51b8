using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;
using Spectre.Console;

namespace Experiments.Host.Commands;

/// <summary><c>lab chat</c>.</summary>
public static class ChatCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("chat", "Chats with a model in the terminal. An empty line or Ctrl-D ends the chat; /new starts a new conversation.");
        var model = new Argument<string?>("model")
        {
            Description = "The folder of a checkpoint, or the name of a stage. Default: the newest chat model.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var temperature = new Option<double>("--temperature") { Description = "Sampling temperature: lower is more predictable, 0 always takes the most likely token.", DefaultValueFactory = _ => SamplingOptions.Conversation.Temperature };
        var topK = new Option<int?>("--top-k") { Description = "Samples only from this many most likely tokens.", DefaultValueFactory = _ => SamplingOptions.Conversation.TopK };
        var topP = new Option<double?>("--top-p") { Description = "Samples only from the most likely tokens whose probabilities add up to this share, such as 0.9." };
        var minP = new Option<double?>("--min-p") { Description = "Samples only from tokens with at least this share of the highest probability, such as 0.05." };
        var penalty = new Option<double?>("--repetition-penalty") { Description = "Makes tokens that already occurred less likely, if above 1, such as 1.1." };
        var stop = new Option<string[]>("--stop") { Description = "Ends an answer before this text. May be repeated.", HelpName = "text", DefaultValueFactory = _ => [] };
        var system = new Option<string?>("--system") { Description = "A system message at the start of the conversation.", HelpName = "text" };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the sampling: the same seed and questions give the same answers.", DefaultValueFactory = _ => 0UL };
        var runs = SharedOptions.Runs();
        foreach (var symbol in new Symbol[] { model, temperature, topK, topP, minP, penalty, stop, system, seed, runs })
        {
            Add(command, symbol);
        }

        var plugins = new PluginOptions(command, runs: true);
        command.Does(arguments =>
        {
            var sampling = SamplingOptions.Conversation with
            {
                Temperature = arguments.GetValue(temperature),
                TopK = arguments.GetValue(topK),
                TopP = arguments.GetValue(topP),
                MinP = arguments.GetValue(minP),
                RepetitionPenalty = arguments.GetValue(penalty),
                Stop = arguments.GetRequiredValue(stop),
            };
            Validate(sampling);
            var catalog = plugins.Catalog(arguments);
            var folder = Find(arguments.GetValue(model), Path.GetFullPath(arguments.GetRequiredValue(runs)), catalog);
            var engine = catalog.All<IChatEngine>()[0];
            AnsiConsole.MarkupLineInterpolated($"[grey]{Path.GetRelativePath(Environment.CurrentDirectory, folder)}; an empty line ends the chat, /new starts a new conversation[/]");
            using var session = engine.Open(folder, catalog, Environment.ProcessorCount);
            Converse(session, arguments.GetValue(system), sampling, arguments.GetValue(seed));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Validate(SamplingOptions sampling)
    {
        List<System.ComponentModel.DataAnnotations.ValidationResult> problems = [];
        if (!Validator.TryValidateObject(sampling, new ValidationContext(sampling), problems, validateAllProperties: true))
        {
            throw new InvalidDataException(string.Join(' ', problems.Select(problem => problem.ErrorMessage)));
        }
    }

    private static void Add(Command command, Symbol symbol)
    {
        if (symbol is Argument argument)
        {
            command.Add(argument);
        }
        else
        {
            command.Add((Option)symbol);
        }
    }

    private static string Find(string? model, string runsFolder, PluginCatalog catalog)
    {
        if (model is not null && ModelRecord.IsIn(model))
        {
            return Path.GetFullPath(model);
        }

        var checkpoints = new ArtifactLookup(runsFolder, nameof(Checkpoint));
        return model is null
            ? checkpoints.Newest(plugin => catalog.Find("stage", plugin) is { MakesChatModel: true })?.Folder
                ?? throw new FileNotFoundException($"{runsFolder} has no chat model. Make one: ./lab run recipes/quickstart.yaml")
            : checkpoints.MadeBy(model)?.Folder
                ?? throw new FileNotFoundException($"'{model}' is neither a checkpoint's folder (with {ModelRecord.FileName}) nor a stage that made one in {runsFolder}.{checkpoints.Guess(model)}");
    }

    private static void Converse(IChatSession session, string? system, SamplingOptions sampling, ulong seed)
    {
        IReadOnlyList<Message> opening = system is null ? [] : [new Message(Message.System, system)];
        List<Message> messages = [.. opening];
        while (Ask() is { } question)
        {
            if (question == "/new")
            {
                messages = [.. opening];
                continue;
            }

            messages.Add(new Message(Message.User, question));
            var answer = Answer(session, messages, sampling, seed);
            messages.Add(new Message(Message.Assistant, answer));
            if (session.ForgottenMessages > 0)
            {
                AnsiConsole.MarkupLineInterpolated($"[grey](the oldest {session.ForgottenMessages} messages no longer fit the model's context)[/]");
            }
        }
    }

    private static string? Ask()
    {
        if (!Console.IsInputRedirected)
        {
            AnsiConsole.Markup("[blue]you[/]  ");
        }

        return Console.ReadLine() is { } line && !string.IsNullOrWhiteSpace(line) ? line.Trim() : null;
    }

    /// <summary>Streams one answer. Ctrl-C ends the answer, but not the conversation.</summary>
    private static string Answer(IChatSession session, IReadOnlyList<Message> messages, SamplingOptions sampling, ulong seed)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onInterrupt = (_, keys) =>
        {
            keys.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += onInterrupt;
        var answer = new System.Text.StringBuilder();
        try
        {
            AnsiConsole.Markup("[green]lab[/]  ");
            foreach (var piece in session.Reply(messages, sampling, seed, stop.Token))
            {
                Console.Write(piece);
                answer.Append(piece);
            }
        }
        catch (OperationCanceledException)
        {
            Console.Write(" ...");
        }
        finally
        {
            Console.CancelKeyPress -= onInterrupt;
            Console.WriteLine();
        }

        return answer.ToString();
    }
}
