using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Experiments.Host.Arguments;

/// <summary>Help that ends with examples.</summary>
public static class CommandExamples
{
    /// <summary>Shows examples after the command's help.</summary>
    public static void ShowsExamples(this Command command, string examples) =>
        command.Add(new HelpOption { Action = new HelpWithExamples(examples) });

    private sealed class HelpWithExamples(string examples) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = new HelpAction().Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(examples);
            return code;
        }
    }
}
