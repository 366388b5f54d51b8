using System.Runtime.InteropServices;

namespace Experiments.Engine.Workers.Local;

/// <summary>
/// Takes the standard streams of a worker away from its stage. Whatever the stage, a native library or a child process
/// prints then goes to standard error and can neither look like an event nor hold the stream of events open. Whoever
/// reads standard input finds it empty.
/// </summary>
internal static partial class OwnStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Errors = 2;
    private const int ReadOnly = 0;

    /// <summary>Takes the streams.</summary>
    /// <returns>The stream to the host, and the stream from it. Child processes do not inherit them.</returns>
    public static (Stream Events, Stream Input) Take()
    {
        var streams = (Console.OpenStandardOutput(), Console.OpenStandardInput()); // both duplicate their descriptor
        Console.SetOut(Console.Error);
        if (!OperatingSystem.IsWindows())
        {
            _ = Duplicate(Errors, Output);
            var nothing = Open("/dev/null", ReadOnly);
            _ = Duplicate(nothing, Input);
            _ = Close(nothing);
        }

        return streams;
    }

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
