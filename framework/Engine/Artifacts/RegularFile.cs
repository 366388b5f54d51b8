using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// Reads files of a run without ever waiting for a writer. A named pipe in a file's place, which would block a reader
/// for ever, is an error.
/// </summary>
public static partial class RegularFile
{
    private const int ReadOnlyAtOnce = 0x80800; // O_RDONLY | O_NONBLOCK | O_CLOEXEC
    private const int NoEntry = 2; // ENOENT
    private const int NoAccess = 13; // EACCES
    private const int LinkLoop = 40; // ELOOP

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="NotAFileException">Something else has its name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read it.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        using var stream = Open(path);
        var bytes = new byte[stream.Length];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length == bytes.Length ? bytes : bytes[..length];
    }

    /// <summary>Opens a file for reading, while others may write, rename and delete it.</summary>
    /// <inheritdoc cref="ReadAllBytes"/>
    public static FileStream Open(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        if (Directory.Exists(path))
        {
            throw new NotAFileException($"{path} is a folder, but should be a file.");
        }

        var descriptor = OpenAtOnce(path, ReadOnlyAtOnce);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            var text = new Win32Exception(error).Message;
            throw error switch
            {
                NoEntry => new FileNotFoundException($"{path}: there is no such file.", path),
                LinkLoop => new NotAFileException($"{path} is a symbolic link that leads nowhere."),
                NoAccess => new UnauthorizedAccessException($"{path}: {text}."),
                _ => new IOException($"{path}: {text}."),
            };
        }

        var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read);
        if (!stream.CanSeek)
        {
            stream.Dispose();
            throw new NotAFileException($"{path} is not a regular file.");
        }

        return stream;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAtOnce(string path, int flags);
}

/// <summary>Something that is not a file has the name of a file: a folder, a named pipe, a link that leads nowhere.</summary>
/// <param name="message">What it is.</param>
public sealed class NotAFileException(string message) : IOException(message);
