namespace Experiments.Engine.Workers.Local;

/// <summary>
/// Tells a child process that its parent died or wants it to stop: the parent keeps the other end of the child's
/// standard input open as long as the child should run. It works however the parent dies, even by SIGKILL.
/// </summary>
public static class Lifeline
{
    /// <summary>The argument that tells a child to watch its standard input.</summary>
    public const string Option = "--until-input-ends";

    /// <summary>How long a child without a parent may take to save its work. Then it is ended.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Cancels when the input ends, and ends the process when that did not help. Returns at once; a thread of its own
    /// waits, because a stage may occupy all others.
    /// </summary>
    /// <param name="input">The standard input.</param>
    /// <param name="interruption">Is cancelled when the input ends.</param>
    /// <param name="time">The clock.</param>
    /// <param name="end">Ends the process, <see cref="Grace"/> later.</param>
    public static void Watch(Stream input, CancellationTokenSource interruption, TimeProvider time, Action end) =>
        new Thread(() => WaitForEnd(input, interruption, time, end)) { IsBackground = true, Name = "lifeline" }.Start();

    private static void WaitForEnd(Stream input, CancellationTokenSource interruption, TimeProvider time, Action end)
    {
        var buffer = new byte[1];
        try
        {
            while (input.Read(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // The stage closed the descriptor. Nobody could tell this process any more that its parent died.
        }

        var grace = Task.Delay(Grace, time, CancellationToken.None);
        try
        {
            _ = interruption.CancelAsync(); // the stage's own callbacks run elsewhere, and may fail or hang there
        }
        catch (ObjectDisposedException)
        {
            // The work was done just before.
        }

        grace.GetAwaiter().GetResult();
        end();
    }
}
