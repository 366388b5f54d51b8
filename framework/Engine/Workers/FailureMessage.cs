using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>
/// Says in a few words what failed in a stage. Where the user's own plugin file is involved, its line comes first. The
/// whole exception belongs in the log.
/// </summary>
/// <param name="sources">The user's plugin files, by the full path of the assembly that was compiled from them.</param>
public sealed class FailureMessage(IReadOnlyDictionary<string, string> sources)
{
    private const string NativeFrames = "\nException raised from "; // libtorch appends its own stack trace to its messages

    /// <summary>The message.</summary>
    public string Of(Exception problem)
    {
        var cause = Unwrap(problem);
        if (DiskSpace.IsExhausted(cause))
        {
            return DiskSpace.Explain(cause);
        }

        var message = WithoutNativeFrames(cause.Message);
        return OwnLine(cause) is { } line ? $"{line}: {FirstLine(message, cause)}" : message;
    }

    /// <summary>The exception that a stage threw, without those that only carry it.</summary>
    private static Exception Unwrap(Exception problem) => problem switch
    {
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        TargetInvocationException or TypeInitializationException when problem.InnerException is { } inner => Unwrap(inner),
        _ => problem,
    };

    private static string WithoutNativeFrames(string message)
    {
        var end = message.IndexOf(NativeFrames, StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).Trim();
    }

    private static string FirstLine(string message, Exception cause)
    {
        var line = message.Split('\n')[0].Trim();
        return line.Length > 0 ? line : cause.GetType().Name;
    }

    /// <summary>The deepest place of the user's own files in the exception or its causes: <c>own/model.cs(9)</c>.</summary>
    private string? OwnLine(Exception? problem)
    {
        for (; problem is not null; problem = problem.InnerException)
        {
            foreach (var frame in new StackTrace(problem, fNeedFileInfo: true).GetFrames())
            {
                if (frame.GetFileLineNumber() > 0 && sources.TryGetValue(frame.GetMethod()?.Module.Assembly.Location ?? "", out var source))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{Shown(source)}({frame.GetFileLineNumber()})");
                }
            }
        }

        return null;
    }

    /// <summary>A file in or below the working directory is shown relative to it.</summary>
    private static string Shown(string path) =>
        Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : path;
}
