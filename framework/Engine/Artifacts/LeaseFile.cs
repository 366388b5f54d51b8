using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// Reads and replaces the file of a lease. A new lease appears with its whole content, under a name that only one
/// process can win. A holder renews it through its open handle: once another file has the name, the old holder's
/// renewals reach nobody.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">The clock.</param>
internal sealed partial class LeaseFile(string path, TimeProvider time)
{
    private const int Exists = 17; // EEXIST

    /// <summary>Who wants to replace the lease next. Only one process can create it.</summary>
    private LeaseFile Next => new(path + ".next", time);

    /// <summary>The bytes; empty when something else has its name; null when there is nothing.</summary>
    public byte[]? Read()
    {
        try
        {
            return RegularFile.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return new FileInfo(path).LinkTarget is null ? null : [];
        }
        catch (NotAFileException)
        {
            return [];
        }
    }

    /// <summary>Creates the file if there is none.</summary>
    /// <returns>Its handle; null when it exists.</returns>
    public SafeFileHandle? TryCreate(LeaseContent content)
    {
        var temporary = $"{path}.{content.Attempt}";
        var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            Write(handle, content);
            FaultPoint.Reach();
            if (OperatingSystem.IsWindows() ? TryMove(temporary, path) : TryLink(temporary, path))
            {
                return handle;
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }
        finally
        {
            File.Delete(temporary);
        }

        handle.Dispose();
        return null;
    }

    /// <summary>
    /// Replaces the file if it still has the bytes that were observed. Of several processes that try, one succeeds.
    /// </summary>
    /// <param name="seen">The observed bytes.</param>
    /// <param name="content">The new content.</param>
    /// <param name="hasStopped">Tells of another process that wants to replace the file whether it stopped doing so.</param>
    /// <returns>Its handle; null when another process was first.</returns>
    public SafeFileHandle? TryReplace(byte[] seen, LeaseContent content, Func<byte[], bool> hasStopped)
    {
        if (Next.TryCreate(content) is not { } handle)
        {
            if (Next.Read() is { } other && hasStopped(other))
            {
                Next.Remove();
            }

            return null;
        }

        FaultPoint.Reach();
        if (Read() is { } now && now.AsSpan().SequenceEqual(seen))
        {
            if (Directory.Exists(path))
            {
                Directory.Move(path, $"{path}.{content.Attempt}.damaged");
            }

            if (TryMove(path + ".next", path, overwrite: true) && IsOf(content.Attempt))
            {
                return handle;
            }
        }
        else
        {
            File.Delete(path + ".next");
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Overwrites the content of an open lease. Other machines see it when this returns.</summary>
    public void Write(SafeFileHandle handle, LeaseContent content)
    {
        RandomAccess.Write(handle, content.ToBytes(time.GetUtcNow()), 0);
        RandomAccess.FlushToDisk(handle);
    }

    private bool IsOf(string attempt) => Read() is { } bytes && LeaseContent.Parse(bytes)?.Attempt == attempt;

    private void Remove()
    {
        if (Directory.Exists(path))
        {
            Directory.Move(path, $"{path}.{Guid.NewGuid():N}.damaged");
        }
        else
        {
            File.Delete(path);
        }
    }

    private static bool TryMove(string source, string target, bool overwrite = false)
    {
        try
        {
            File.Move(source, target, overwrite);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false; // another process took the name for a new try
        }
        catch (IOException) when (!overwrite && Path.Exists(target))
        {
            return false;
        }
    }

    private static bool TryLink(string source, string target)
    {
        if (Link(source, target) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error == Exists)
        {
            return false;
        }

        // File systems without hard links: the rename after the look is not atomic, but all that such systems offer.
        return File.Exists(source) ? TryMove(source, target) : throw new IOException($"{target}: {new Win32Exception(error).Message}.");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string source, string target);
}
