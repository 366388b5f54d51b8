using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// Durable writes: when a method returns, the data is on the disk. It fsyncs the file, then its folder.
/// </summary>
public static partial class DurableFiles
{
    private const int SyncsAtOnce = 16;
    private const int ReadOnlyFolder = 0x10000; // O_RDONLY | O_DIRECTORY
    private const int OtherFileSystem = 18; // EXDEV

    /// <summary>Replaces a file atomically: readers see the old bytes or the new ones, never a mixture.</summary>
    public static void Replace(string path, string text)
    {
        var temporary = $"{path}.tmp-{Environment.ProcessId}";
        FaultPoint.Reach();
        File.WriteAllText(temporary, text);
        SyncFile(temporary);
        FaultPoint.Reach();
        File.Move(temporary, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>
    /// Opens a file for appending under a new inode: writes its bytes to a new file, which replaces the old one. A
    /// process that still has the old one open, because it was stopped and does not know that its time is over, writes
    /// into a file without a name.
    /// </summary>
    /// <param name="path">The file. It need not exist.</param>
    /// <param name="write">Writes what the file has now.</param>
    /// <returns>The file, at its end.</returns>
    public static FileStream Reopen(string path, Action<Stream> write)
    {
        var (folder, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        foreach (var left in Directory.EnumerateFiles(folder, name + ".new-*"))
        {
            File.Delete(left); // a process that was killed left it
        }

        FaultPoint.Reach();
        var fresh = $"{path}.new-{Guid.NewGuid():N}";
        var stream = new FileStream(fresh, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            write(stream);
            SyncFile(stream);
            FaultPoint.Reach();
            if (Directory.Exists(path))
            {
                SetAside(path); // a rename replaces anything but a folder
            }

            File.Move(fresh, path, overwrite: true);
            SyncFolder(folder);
            return stream;
        }
        catch
        {
            stream.Dispose();
            File.Delete(fresh);
            throw;
        }
    }

    /// <summary>
    /// Keeps a damaged file under another name, <c>NAME.damaged-1</c>, so that a person can look at it. A regular file
    /// is copied, so it is never missing; anything else is renamed.
    /// </summary>
    /// <param name="path">The file, or what has its name.</param>
    /// <returns>The new path.</returns>
    public static string SetAside(string path)
    {
        var number = 1;
        while (Path.Exists($"{path}.damaged-{number}"))
        {
            number++;
        }

        var aside = $"{path}.damaged-{number}";
        FaultPoint.Reach();
        try
        {
            using var source = RegularFile.Open(path);
            using var target = new FileStream(aside, FileMode.CreateNew, FileAccess.Write);
            source.CopyTo(target);
            SyncFile(target);
        }
        catch (NotAFileException)
        {
            if (Directory.Exists(path))
            {
                Directory.Move(path, aside);
            }
            else
            {
                File.Move(path, aside);
            }
        }

        SyncFolder(Path.GetDirectoryName(path)!);
        return aside;
    }

    /// <summary>Flushes a written file to the disk.</summary>
    public static void SyncFile(string path)
    {
        FaultPoint.Reach();
        var access = OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read; // a stage may write-protect its files
        using var handle = File.OpenHandle(path, FileMode.Open, access);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Flushes the bytes that were written to an open file to the disk.</summary>
    public static void SyncFile(FileStream file)
    {
        FaultPoint.Reach();
        file.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Flushes a folder and all files and folders below it to the disk. It flushes many at a time, because a file
    /// system commits them together.
    /// </summary>
    public static void SyncTree(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => (path, Sync: (Action<string>)SyncFile));
        var folders = Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories)
            .Append(folder)
            .Select(path => (path, Sync: (Action<string>)SyncFolder));
        try
        {
            Parallel.ForEach(files.Concat(folders).ToList(), new ParallelOptions { MaxDegreeOfParallelism = SyncsAtOnce }, each => each.Sync(each.path));
        }
        catch (AggregateException problems)
        {
            ExceptionDispatchInfo.Throw(problems.InnerExceptions[0]);
        }
    }

    /// <summary>Flushes the entries of a folder to the disk: files created in it, renamed or removed.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals renames; a folder cannot be flushed.
        }

        FaultPoint.Reach();
        var descriptor = Open(folder, ReadOnlyFolder);
        if (descriptor < 0)
        {
            throw new IOException($"{folder}: cannot be opened to be flushed.", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        var failed = Sync(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed)
        {
            throw new IOException($"{folder}: cannot be flushed.", new Win32Exception(error));
        }
    }

    /// <summary>
    /// Renames a folder to a name that must not exist yet. Where the system cannot rename it, because it lies on another
    /// file system or in a lower layer of an overlay, its copy gets the name, and then it is removed.
    /// </summary>
    /// <returns>False when the name exists or the source is gone, because another process was first.</returns>
    public static bool TryRename(string source, string target)
    {
        FaultPoint.Reach();
        try
        {
            Directory.Move(source, target);
        }
        catch (IOException) when (Directory.Exists(target) || !Directory.Exists(source))
        {
            return false;
        }
        catch (IOException problem) when ((problem.HResult & 0xFFFF) == OtherFileSystem)
        {
            return TryCopy(source, target);
        }

        SyncFolder(Path.GetDirectoryName(target)!);
        return true;
    }

    /// <summary>Copies a folder to a temporary name next to the target, which one rename then replaces.</summary>
    private static bool TryCopy(string source, string target)
    {
        var temporary = $"{target}.copy-{Guid.NewGuid():N}";
        try
        {
            foreach (var folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories).Prepend(source))
            {
                Directory.CreateDirectory(Path.Combine(temporary, Path.GetRelativePath(source, folder)));
            }

            foreach (var file in KeptFiles.In(source))
            {
                File.Copy(file, Path.Combine(temporary, Path.GetRelativePath(source, file)));
            }

            SyncTree(temporary);
            if (!TryRename(temporary, target))
            {
                return false;
            }
        }
        finally
        {
            Remove(temporary);
        }

        Remove(source);
        return true;
    }

    /// <summary>Removes a folder and everything below it. It may already be gone.</summary>
    public static void Remove(string folder)
    {
        FaultPoint.Reach();
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process removed it first.
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
