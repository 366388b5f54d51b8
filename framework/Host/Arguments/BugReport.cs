using Experiments.Engine.Artifacts;

namespace Experiments.Host.Arguments;

/// <summary>
/// Tells the user about a fault of this program: that it is one, and in which file its details are. The arguments are
/// left out, because they may hold secrets.
/// </summary>
internal static class BugReport
{
    /// <summary>Writes the file, then the message to standard error.</summary>
    /// <param name="problem">The exception that nothing expected.</param>
    public static void Write(object problem)
    {
        var version = typeof(BugReport).Assembly.GetName().Version;
        var details = $"lab {version}, .NET {Environment.Version}, {Environment.OSVersion}\n{problem}\n";
        Console.Error.WriteLine($"This is a bug in lab, not a mistake of yours: {(problem as Exception)?.Message ?? problem}");
        try
        {
            var path = Path.Combine(Path.GetTempPath(), $"lab-bug-{TimestampId.Of(TimeProvider.System, randomBytes: 4)}.txt");
            File.WriteAllText(path, details);
            Console.Error.WriteLine($"Please report it with the details in {path}.");
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Please report it with these details:\n{details}");
        }
    }
}
