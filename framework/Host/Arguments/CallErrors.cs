using System.CommandLine;
using System.CommandLine.Parsing;
using Experiments.Engine.Yaml;

namespace Experiments.Host.Arguments;

/// <summary>What is wrong with a command line, one line for each mistake.</summary>
public static class CallErrors
{
    private const string Program = "lab";

    /// <summary>The mistakes; empty for a command line that can be carried out.</summary>
    public static IReadOnlyList<string> Of(ParseResult call)
    {
        var command = call.CommandResult.Command;
        if (call.CommandResult.Parent is null && call.UnmatchedTokens is [var wanted, ..] && !IsOption(wanted))
        {
            return [$"There is no command '{wanted}'.{Suggestion.Guess(wanted, Names(command.Subcommands))} `{Program} --help` lists all commands."];
        }

        string[] unmatched = [.. call.UnmatchedTokens.Concat(MistypedOptions(call))];
        string[] options = [.. unmatched.Where(IsOption)];
        string[] unknown = options.Length > 0 ? options : unmatched; // the value of an unknown option is no second mistake
        return [.. (unknown.Length > 0 ? unknown.Select(token => Unknown(token, command)) : call.Errors.Select(error => Describe(error, command))).Distinct()];
    }

    /// <summary>The parser reads a mistyped option as an argument if the command has an optional argument.</summary>
    private static IEnumerable<string> MistypedOptions(ParseResult call) =>
        call.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? []
            : call.CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens)
                .Select(token => token.Value)
                .Where(word => word.StartsWith("--", StringComparison.Ordinal));

    private static string Unknown(string token, Command command)
    {
        var help = $"`{Called(command)} --help`";
        if (!IsOption(token))
        {
            return $"'{token}' is one argument too many: {help} shows what `{Called(command)}` takes.";
        }

        var name = token.Split('=', 2)[0];
        var argument = command.Arguments.Any(each => each.Arity.MinimumNumberOfValues == 0)
            ? $" To use it as an argument, write it after --: {Called(command)} -- {token}"
            : "";
        return $"There is no option {name}.{Suggestion.Guess(name, Names(command.Options))} {help} lists all options.{argument}";
    }

    private static string Describe(ParseError error, Command command) => error.SymbolResult switch
    {
        OptionResult { Tokens: [var token] } option when error.Message.StartsWith("Cannot parse", StringComparison.Ordinal) =>
            $"{option.Option.Name} takes {Wanted(option.Option.ValueType)}, not '{token.Value}'.",
        OptionResult { Tokens: [] } option when !option.Implicit =>
            $"{option.Option.Name} needs a value: {option.Option.Description}",
        ArgumentResult { Tokens: [] } argument => Needs(command, argument.Argument),
        CommandResult when command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0) is { } missing => Needs(command, missing),
        _ => error.Message,
    };

    private static string Needs(Command command, Argument argument) => $"`{Called(command)}` needs <{argument.Name}>: {argument.Description}";

    private static string Wanted(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Double => "a number",
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.UInt64 => "a whole number from 0",
        TypeCode.Boolean => "true or false",
        _ => "another value",
    };

    private static string Called(Command command) => command is RootCommand ? Program : $"{Program} {command.Name}";

    private static bool IsOption(string token) => token.StartsWith('-') && token.Length > 1;

    private static IEnumerable<string> Names(IEnumerable<Symbol> symbols) => symbols.Where(symbol => !symbol.Hidden).Select(symbol => symbol.Name);
}
