using Experiments.Contracts.Text;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// The files of a folder that is to be kept: an artifact, a checkpoint, a piece of work. All of them must be regular
/// files with readable names, because they are hashed now and compared later.
/// </summary>
public static class KeptFiles
{
    private const char Unreadable = '\uFFFD'; // stands for each byte of a name that is not UTF-8

    /// <summary>The full paths of all files of a folder and of the folders in it, in ordinal order.</summary>
    /// <exception cref="InvalidDataException">The folder or an entry cannot be kept. The message names it, and what to
    /// do instead.</exception>
    public static IReadOnlyList<string> In(string folder)
    {
        var root = new DirectoryInfo(folder);
        if (root.LinkTarget is not null)
        {
            throw new InvalidDataException($"{folder} was replaced by a symbolic link. Write into the folder itself.");
        }

        if (!root.Exists)
        {
            throw new InvalidDataException($"{folder} {(File.Exists(folder) ? "was replaced by a file" : "is gone")}. Write into the folder, and leave the folder itself where it is.");
        }

        List<string> files = [];
        Collect(root, folder, files);
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static void Collect(DirectoryInfo folder, string root, List<string> files)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var name = VisibleText.Escape(Path.GetRelativePath(root, entry.FullName));
            if (entry.Name.Contains(Unreadable, StringComparison.Ordinal) && !Path.Exists(entry.FullName))
            {
                throw new InvalidDataException($"'{name}' in {root}: the name is not UTF-8. Give it a name that is.");
            }

            if (entry.LinkTarget is not null)
            {
                throw new InvalidDataException($"'{name}' in {root} is a symbolic link. An artifact holds its own bytes: copy the file instead of linking to it.");
            }

            if (entry is DirectoryInfo below)
            {
                Collect(below, root, files);
            }
            else if (FileIdentity.Of(entry.FullName)?.Kind != FileKind.Special)
            {
                files.Add(entry.FullName);
            }
            else
            {
                throw new InvalidDataException($"'{name}' in {root} is a pipe, a socket or a device. An artifact holds files only: make it in a temporary folder.");
            }
        }
    }
}
