using System.CommandLine;

namespace Experiments.Host.Commands;

/// <summary>Options that many commands take.</summary>
public static class GlobalOptions
{
    /// <summary>The folder of runs and artifacts.</summary>
    public static Option<string> Runs() => new("--runs")
    {
        Description = "The folder of runs and artifacts. Default: runs.",
        DefaultValueFactory = _ => "runs",
        HelpName = "folder",
    };

    /// <summary>Output for scripts.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Writes JSON lines, for scripts." };
}
