using System.Globalization;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// One process's wish to hold a lease. It takes a lease that is free, that was released, or whose holder is gone. A
/// holder in another place, such as another machine or container, is observed: if the lease's content does not change
/// for its expiry, as measured by this process's own clock, the lease has expired.
/// </summary>
/// <param name="folder">The folder that the lease is for.</param>
/// <param name="attempt">A unique name.</param>
/// <param name="time">The clock.</param>
/// <param name="file">The name of the lease's file.</param>
public sealed class LeaseClaim(string folder, string attempt, TimeProvider time, string file = Lease.FileName)
{
    private const int MostTries = 100;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly string _path = Path.Combine(folder, file);
    private readonly Observation _holder = new(time);
    private readonly Observation _rival = new(time);

    /// <summary>Who held the lease at the last look; null when nobody did.</summary>
    public string? Holder { get; private set; }

    /// <summary>Whether the holder certainly works: it renewed the lease while this process looked, or runs here.</summary>
    public bool IsHolderAlive { get; private set; }

    /// <summary>How long the holder may be silent. Unit: seconds.</summary>
    public string Patience => _holder.Expiry.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture) + " s";

    /// <summary>Looks once, and takes the lease if it may.</summary>
    /// <returns>The lease; null while another process holds it.</returns>
    public Lease? TryTake()
    {
        var lease = new LeaseFile(_path, time);
        for (var tries = 0; ; tries++)
        {
            try
            {
                Directory.CreateDirectory(folder);
                if (lease.Read() is not { } seen)
                {
                    if (lease.TryCreate(LeaseContent.First(attempt)) is { } created)
                    {
                        return new Lease(folder, _path, LeaseContent.First(attempt), created, time);
                    }

                    continue;
                }

                var content = LeaseContent.Parse(seen);
                Holder = content is { IsReleased: true } ? null : content?.Holder ?? "a process that is taking the lease at this moment";
                if (_holder.HasEnded(seen, content))
                {
                    var own = LeaseContent.First(attempt) with { Epoch = (content?.Epoch ?? 0) + 1 };
                    return lease.TryReplace(seen, own, other => _rival.HasEnded(other, LeaseContent.Parse(other))) is { } taken
                        ? new Lease(folder, _path, own, taken, time)
                        : null;
                }

                IsHolderAlive = _holder.HasChanged || (content is { Process.IsRunning: true } && IsFresh(content.Expiry));
                return null;
            }
            catch (Exception problem) when (problem is DirectoryNotFoundException or FileNotFoundException && tries < MostTries)
            {
                // Another process removed the folder with the finished work.
            }
        }
    }

    /// <summary>Takes the lease as soon as it may, or returns null as soon as the holder is known to work.</summary>
    /// <param name="say">Receives, once, who is waited for and how long at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Lease?> TakeUnlessAliveAsync(Action<string> say, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var lease = TryTake();
            if (lease is not null || IsHolderAlive)
            {
                return lease;
            }

            if (isFirst)
            {
                say($"waiting for {Patience} at most, to see whether {Holder ?? "another process"} still works in {folder}");
            }

            await PauseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the next look.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) =>
        Task.Delay(LongestPause < Lease.Renewal ? LongestPause : Lease.Renewal, time, cancellationToken);

    private bool IsFresh(TimeSpan expiry) =>
        FileSystemClock.AgeOf(_path, Path.GetDirectoryName(folder) ?? folder, time.GetUtcNow()) is var age && age >= TimeSpan.Zero && age <= expiry;

    /// <summary>What was seen of a file, and since when it has been so.</summary>
    private sealed class Observation(TimeProvider time)
    {
        private byte[]? _seen;
        private long _since;

        public bool HasChanged { get; private set; }

        public TimeSpan Expiry { get; private set; } = Lease.Expiry;

        public bool HasEnded(byte[] bytes, LeaseContent? content)
        {
            Expiry = content is not null && content.Expiry > Lease.Expiry ? content.Expiry : Lease.Expiry;
            if (content is { IsReleased: true } or { Process.IsGone: true })
            {
                return true;
            }

            if (_seen is null || !_seen.AsSpan().SequenceEqual(bytes))
            {
                HasChanged = _seen is not null;
                (_seen, _since) = (bytes, time.GetTimestamp());
                return false;
            }

            return time.GetElapsedTime(_since) > Expiry;
        }
    }
}
