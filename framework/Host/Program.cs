using System.CommandLine;
using Experiments.Host.Arguments;
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
var call = root.Parse(args is [] ? ["--help"] : args, parsing);
return await CommandFailures.InvokeAsync(call);
