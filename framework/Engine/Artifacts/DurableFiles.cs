using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Artifacts;

/// <summary>Writes that are on the disk when they return: fsync of the file, then of the folder that names it.</summary>
public static partial class DurableFiles
{
    private const int SyncsAtOnce = 16;
    private const int ReadOnlyFolder = 0x10000; // O_RDONLY | O_DIRECTORY

    /// <summary>Replaces a file: readers see the old bytes or the new ones, never a mixture.</summary>
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

    /// <summary>Puts the bytes of a written file on the disk.</summary>
    public static void SyncFile(string path)
    {
        FaultPoint.Reach();
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Puts the bytes that were written to an open file on the disk.</summary>
    public static void SyncFile(FileStream file)
    {
        FaultPoint.Reach();
        file.Flush(flushToDisk: true);
    }

    /// <summary>Puts all files and folders below a folder on the disk, and the folder itself: many at a time, for a file system commits them together.</summary>
    public static void SyncTree(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => (path, Sync: (Action<string>)SyncFile));
        var folders = Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder).Select(path => (path, Sync: (Action<string>)SyncFolder));
        try
        {
            Parallel.ForEach(files.Concat(folders).ToList(), new ParallelOptions { MaxDegreeOfParallelism = SyncsAtOnce }, each => each.Sync(each.path));
        }
        catch (AggregateException problems)
        {
            ExceptionDispatchInfo.Throw(problems.InnerExceptions[0]);
        }
    }

    /// <summary>Puts the names in a folder on the disk: what was created in it, renamed or removed.</summary>
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

    /// <summary>Renames a whole folder onto a name that does not exist.</summary>
    /// <returns>False when the name exists, or the source is gone: somebody else was first.</returns>
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

        SyncFolder(Path.GetDirectoryName(target)!);
        return true;
    }

    /// <summary>Removes a folder and all below it; it may be gone already.</summary>
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
