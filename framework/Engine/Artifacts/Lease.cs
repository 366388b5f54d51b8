using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// The right to write in a folder, which one process at a time holds. A holder loses it when it ends, or when it does
/// not renew it for <see cref="Expiry"/> and another process takes it. Then <see cref="Lost"/> is cancelled and
/// <see cref="MustBeHeld"/> throws. No clock of another machine and no host name decides who holds it; see
/// <see cref="LeaseClaim"/>.
/// </summary>
public sealed class Lease : IDisposable
{
    /// <summary>The variable that sets <see cref="Expiry"/>, in seconds.</summary>
    public const string ExpiryVariable = "LAB_LEASE_SECONDS";

    /// <summary>The name of the file of a folder's lease.</summary>
    public const string FileName = "lease.json";

    /// <summary>
    /// How long a lease is valid without renewal. Default: 30 s. Slow shared file systems may need more.
    /// </summary>
    public static readonly TimeSpan Expiry = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable(ExpiryVariable), CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? seconds : 30);

    /// <summary>The time between two renewals.</summary>
    internal static readonly TimeSpan Renewal = Expiry / 6;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly string _folder;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private LeaseFile _file;
    private LeaseContent _content;
    private SafeFileHandle _handle;
    private long _renewed;
    private string? _loss;
    private bool _isReleased;
    private bool _isFailing;

    internal Lease(string folder, string path, LeaseContent content, SafeFileHandle handle, TimeProvider time)
    {
        (_folder, _path, _content, _handle, _time) = (folder, path, content, handle, time);
        (_file, _renewed, Lost) = (new LeaseFile(path, time), time.GetTimestamp(), _lost.Token);
        _timer = time.CreateTimer(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>Rises with each taking of the folder's lease.</summary>
    public long Epoch => _content.Epoch;

    /// <summary>Cancelled when another process has taken the lease.</summary>
    public CancellationToken Lost { get; }

    /// <summary>
    /// Whether this process may still write. It reads the file only if the lease was not renewed in time.
    /// </summary>
    public bool IsHeld
    {
        get
        {
            lock (_gate)
            {
                return _loss is null && (_time.GetElapsedTime(_renewed) <= Expiry || RenewNow() is null);
            }
        }
    }

    /// <summary>Receives a message when renewals begin to fail. Default: null, nobody hears of it.</summary>
    public Action<string>? Warn { get; set; }

    /// <summary>Takes a lease, or returns who holds it. Looks once; a <see cref="LeaseClaim"/> can look again.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="attempt">A unique name.</param>
    /// <param name="time">The clock, which also times the renewals.</param>
    /// <param name="file">The name of the lease's file, for a folder with several leases.</param>
    public static (Lease? Lease, string? Holder) TryTake(string folder, string attempt, TimeProvider time, string file = FileName)
    {
        var claim = new LeaseClaim(folder, attempt, time, file);
        return claim.TryTake() is { } lease ? (lease, null) : (null, claim.Holder ?? "another process");
    }

    /// <summary>
    /// Who holds the lease of a folder, as far as one look can tell; null when nobody does. A holder in another place
    /// counts until its file is older than <paramref name="silence"/> by the file system's own clock.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="now">The time, which is used when the clock of the file system cannot be read.</param>
    /// <param name="silence">How long a holder may be silent. Default: twice the lease's expiry.</param>
    public static string? Holder(string folder, DateTimeOffset now, TimeSpan? silence = null)
    {
        var path = Path.Combine(folder, FileName);
        byte[]? bytes;
        try
        {
            bytes = new LeaseFile(path, TimeProvider.System).Read();
        }
        catch (Exception problem) when (IsOfFiles(problem))
        {
            return "an unknown process";
        }

        if (bytes is null)
        {
            return null;
        }

        var content = LeaseContent.Parse(bytes);
        if (content is { IsReleased: true } or { Process.IsGone: true })
        {
            return null;
        }

        var longest = silence ?? 2 * (content is not null && content.Expiry > Expiry ? content.Expiry : Expiry);
        return FileSystemClock.AgeOf(path, Path.GetDirectoryName(folder) ?? folder, now) > longest ? null : content?.Holder ?? "an unknown process";
    }

    /// <summary>Throws if another process has the lease, or may have taken it. Reads the file.</summary>
    /// <exception cref="LeaseLostException">This process must not write any more.</exception>
    public void MustBeHeld()
    {
        if (WhyNotHeld() is { } loss)
        {
            throw new LeaseLostException(loss);
        }
    }

    /// <summary>Why this process must not write any more; null when it may. Reads the file.</summary>
    public string? WhyNotHeld()
    {
        lock (_gate)
        {
            var isLate = _time.GetElapsedTime(_renewed) > Expiry;
            var doubt = _loss is not null || isLate ? RenewNow() : Look();
            return _loss ?? (isLate && doubt is not null
                ? $"{_folder}: the lease could not be renewed for {Expiry.TotalSeconds} s, so another process may have taken it: {doubt}"
                : null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            if (_isReleased)
            {
                return;
            }

            _isReleased = true;
            try
            {
                if (_loss is null && IsMine(_file.Read()))
                {
                    _file.Write(_handle, _content with { IsReleased = true });
                }
            }
            catch (Exception problem) when (IsOfFiles(problem))
            {
                // A lease that cannot be released expires.
            }

            _handle.Dispose();
        }
    }

    private static bool IsOfFiles(Exception problem) => problem is IOException or UnauthorizedAccessException or ObjectDisposedException;

    /// <summary>The timer's renewal. Whatever goes wrong, the lease only counts as not renewed.</summary>
    private void Renew()
    {
        lock (_gate)
        {
            if (_isReleased || _loss is not null)
            {
                return;
            }

            var problem = RenewNow();
            var isNew = problem is not null && !_isFailing;
            _isFailing = problem is not null;
            if (isNew && _loss is null)
            {
                Say($"the lease of {_folder} was not renewed: {problem} If this lasts {Expiry.TotalSeconds} s, another process may take over.");
            }
        }
    }

    private void Say(string text)
    {
        try
        {
            Warn?.Invoke(text);
        }
        catch (Exception problem) when (IsOfFiles(problem))
        {
            // What keeps the lease from being renewed may keep the log from being written.
        }
    }

    /// <summary>Renews the lease.</summary>
    /// <returns>Why that failed; null when it did not.</returns>
    private string? RenewNow()
    {
        if (_loss is not null || _isReleased)
        {
            return _loss ?? "it was released";
        }

        try
        {
            var start = _time.GetTimestamp();
            _content = _content with { Beat = _content.Beat + 1 };
            _file.Write(_handle, _content); // reaches nobody when another file has the name
            if (Look() is { } problem)
            {
                return problem;
            }

            _renewed = start;
            return null;
        }
        catch (Exception problem) when (IsOfFiles(problem))
        {
            return problem.Message;
        }
    }

    /// <summary>Looks whether the file is still this holder's. A file that a person deleted is created again.</summary>
    /// <returns>Why that is not known, or not so; null when it is so.</returns>
    private string? Look()
    {
        try
        {
            var bytes = _file.Read();
            if (IsMine(bytes))
            {
                return null;
            }

            if (bytes is not null)
            {
                return LeaseContent.Parse(bytes) is { } other ? Lose($"{other.Holder} took over") : $"{_path} cannot be read";
            }

            if (!Directory.Exists(_folder))
            {
                return Lose("the folder was removed");
            }

            if (_file.TryCreate(_content) is { } handle)
            {
                _handle.Dispose();
                _handle = handle;
                return null;
            }

            return $"{_path} was deleted and created by another process";
        }
        catch (Exception problem) when (IsOfFiles(problem))
        {
            return problem.Message;
        }
    }

    private bool IsMine(byte[]? bytes) => bytes is not null && LeaseContent.Parse(bytes)?.Attempt == _content.Attempt;

    private string Lose(string what)
    {
        _loss = $"{_folder}: {what}, because this process did not renew its lease for {Expiry.TotalSeconds} s: it was stopped, or its file system hung. This process stops here. Nothing is lost.";
        _ = _lost.CancelAsync();
        return _loss;
    }
}
