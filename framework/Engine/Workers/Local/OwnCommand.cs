namespace Experiments.Engine.Workers.Local;

/// <summary>One of this executable's own commands, as a program with arguments.</summary>
/// <param name="Program">The program to start.</param>
/// <param name="Arguments">The arguments that come before all others.</param>
public sealed record OwnCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>
    /// A command of this executable, whether it was started by its own name or through <c>dotnet</c>.
    /// </summary>
    /// <param name="verb">The command: <c>worker</c>, <c>run</c>.</param>
    public static OwnCommand Of(string verb)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this process is unknown.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new(program, [Path.Combine(AppContext.BaseDirectory, "lab.dll"), verb])
            : new(program, [verb]);
    }
}
