using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Artifacts;

/// <summary>What a path leads to, links followed. It is found without opening the file, because opening a pipe waits for its writer.</summary>
/// <param name="Kind">The kind of file.</param>
/// <param name="Device">The device that holds it.</param>
/// <param name="Number">Its number on the device. Two paths lead to the same file if device and number are equal.</param>
public readonly partial record struct FileIdentity(FileKind Kind, ulong Device, ulong Number)
{
    private const int CurrentFolder = -100;
    private const uint TypeAndNumber = 0x101;
    private const int Size = 256;

    /// <summary>The file at a path; null when there is none, or no access.</summary>
    public static FileIdentity? Of(string path)
    {
        if (path.Contains('\0'))
        {
            return null;
        }

        if (!OperatingSystem.IsLinux())
        {
            return Directory.Exists(path) ? new(FileKind.Folder, 0, 0) : File.Exists(path) ? new(FileKind.Regular, 0, 0) : null;
        }

        Span<byte> facts = stackalloc byte[Size];
        if (Describe(CurrentFolder, path, 0, TypeAndNumber, ref MemoryMarshal.GetReference(facts)) != 0)
        {
            return null;
        }

        // The layout of the kernel's struct statx is the same on every processor.
        var kind = (BinaryPrimitives.ReadUInt16LittleEndian(facts[28..]) >> 12) switch { 8 => FileKind.Regular, 4 => FileKind.Folder, _ => FileKind.Special };
        var number = BinaryPrimitives.ReadUInt64LittleEndian(facts[32..]);
        return new(kind, BinaryPrimitives.ReadUInt64LittleEndian(facts[136..]), number);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Describe(int folder, string path, int flags, uint mask, ref byte facts);
}

/// <summary>Kinds of files.</summary>
public enum FileKind
{
    /// <summary>A file with bytes.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, a socket or a device.</summary>
    Special,
}
