namespace Experiments.Engine.Workers.Local;

/// <summary>
/// Tells a child process that its parent died or wants it to stop: the parent keeps the other end of the child's
/// standard input open as long as the child should run. It works however the parent dies, even by SIGKILL.
/// </summary>
public static class Lifeline
{
    /// <summary>The argument that tells a child to watch its standard input.</summary>
    public const string Option = "--until-input-ends";

    /// <summary>Cancels when standard input ends. Returns at once.</summary>
    public static void Watch(CancellationTokenSource interruption) => _ = CancelAtEndOfInputAsync(interruption);

    private static async Task CancelAtEndOfInputAsync(CancellationTokenSource interruption)
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[1];
        while (await input.ReadAsync(buffer, interruption.Token).ConfigureAwait(false) > 0)
        {
        }

        await interruption.CancelAsync().ConfigureAwait(false);
    }
}
