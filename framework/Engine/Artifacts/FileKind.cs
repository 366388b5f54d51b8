using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Artifacts;

/// <summary>Tells regular files from pipes, sockets and devices, which .NET does not. Opening a pipe may wait for ever.</summary>
internal static partial class FileKind
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeWanted = 1; // STATX_TYPE
    private const int ResultSize = 256; // struct statx has the same layout on every processor
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Whether a path is a regular file. On systems other than Linux every file counts as one.</summary>
    public static bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        var result = new byte[ResultSize];
        return Statx(CurrentFolder, path, NoFollow, TypeWanted, result) != 0
            || (BinaryPrimitives.ReadUInt16LittleEndian(result.AsSpan(ModeOffset)) & TypeMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint wanted, [Out] byte[] result);
}
