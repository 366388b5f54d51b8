using System.CommandLine;
using System.CommandLine.Invocation;
using Experiments.Engine.Workers;
using Experiments.Host.Commands;

var root = new RootCommand("From a raw web crawl to a chat model: runs the recipe of a language model as a resumable DAG.")
{
    RunCommand.Create(),
    ResumeCommand.Create(),
    SweepCommand.Create(),
    PlanCommand.Create(),
    EstimateCommand.Create(),
    WhyCommand.Create(),
    ValidateCommand.Create(),
    ShowCommand.Create(),
    SchemaCommand.Create(),
    PluginsCommand.Create(),
    LsCommand.Create(),
    DiffCommand.Create(),
    LineageCommand.Create(),
    ChatCommand.Create(),
    TokenizeCommand.Create(),
    SyncCommand.Create(),
    VerifyCommand.Create(),
    GcCommand.Create(),
    DoctorCommand.Create(),
    ProbeCommand.Create(),
    CalibrateCommand.Create(),
    CheckCommand.Create(),
    WorkerCommand.Create(),
};
var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null }; // @1 names a run, not a file of arguments
var call = root.Parse(args, parsing);
var exitCode = await call.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
return call.Action is ParseErrorAction ? ExitCodes.Wrong : exitCode;
