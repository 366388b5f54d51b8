using System.CommandLine;
using Experiments.Host.Commands;

var root = new RootCommand("From a raw web crawl to a chat model: runs the recipe of a language model as a resumable DAG.")
{
    RunCommand.Create(),
    PlanCommand.Create(),
    ValidateCommand.Create(),
    ShowCommand.Create(),
    SchemaCommand.Create(),
    PluginsCommand.Create(),
    ListCommand.Create(),
    ChatCommand.Create(),
    SyncCommand.Create(),
    VerifyCommand.Create(),
    WorkCommand.Create(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
