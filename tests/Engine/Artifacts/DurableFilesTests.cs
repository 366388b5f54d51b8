using System.Collections.Concurrent;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tests.Artifacts;

/// <summary>What is on the disk before each write, fsync and rename: a crash there leaves just that.</summary>
public sealed class DurableFilesTests : TemporaryFolder
{
    private string Target => Path.Combine(Folder, "file");

    [Fact]
    public void AFileIsReplacedOnlyOnceItsBytesAreOnTheDisk()
    {
        File.WriteAllText(Target, "old");

        var places = Places(
            () => $"{File.ReadAllText(Target)}, {Directory.GetFiles(Folder).Length}",
            () => DurableFiles.Replace(Target, "new"));

        // Before the write, the file's fsync, the rename, and the folder's fsync.
        places.ShouldBe(["old, 1", "old, 2", "old, 2", "new, 1"]);
    }

    [Fact]
    public void ARenameIsFollowedByAnFsyncOfTheFolderThatHoldsTheName()
    {
        var source = Directory.CreateDirectory(Path.Combine(Folder, "source")).FullName;

        var places = Places(
            () => Directory.Exists(Target) ? "renamed" : "not yet",
            () => DurableFiles.TryRename(source, Target).ShouldBeTrue());

        // Before the rename, and before the fsync.
        places.ShouldBe(["not yet", "renamed"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFolderOfAnotherFileSystemIsCopiedAndAppearsAsAWhole(bool targetExists)
    {
        var other = Path.Combine("/dev/shm", Path.GetFileName(Folder));
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no second file system at /dev/shm.");
        try
        {
            var source = Directory.CreateDirectory(Path.Combine(other, "source")).FullName;
            Directory.CreateDirectory(Path.Combine(source, "below", "empty"));
            File.WriteAllText(Path.Combine(source, "below", "file"), "bytes");
            if (targetExists)
            {
                Directory.CreateDirectory(Path.Combine(Target, "mine"));
            }

            DurableFiles.TryRename(source, Target).ShouldBe(!targetExists);

            Directory.Exists(source).ShouldBe(targetExists);
            Directory.GetFileSystemEntries(Folder).ShouldBe([Target]);
            Directory.GetFileSystemEntries(Target, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Target, path)).Order(StringComparer.Ordinal)
                .ShouldBe(targetExists ? ["mine"] : ["below", "below/empty", "below/file"]);
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public void AFolderThatIsGoneOrATargetThatExistsIsNotRenamed()
    {
        DurableFiles.TryRename(Path.Combine(Folder, "nowhere"), Target).ShouldBeFalse();
        Directory.CreateDirectory(Target);
        var source = Directory.CreateDirectory(Path.Combine(Folder, "source")).FullName;

        DurableFiles.TryRename(source, Target).ShouldBeFalse();

        Directory.Exists(source).ShouldBeTrue();
    }

    [Fact]
    public void EveryFileAndFolderBelowAFolderIsPutOnTheDisk()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "one", "two"));
        File.WriteAllText(Target, "");
        File.WriteAllText(Path.Combine(Folder, "one", "file"), "");
        File.WriteAllText(Path.Combine(Folder, "one", "two", "file"), "");

        Places(() => "", () => DurableFiles.SyncTree(Folder)).Count.ShouldBe(6);
    }

    [Fact]
    public void AFileThatCannotBePutOnTheDiskIsAFailure()
    {
        File.CreateSymbolicLink(Path.Combine(Folder, "link"), Path.Combine(Folder, "nowhere"));

        Should.Throw<FileNotFoundException>(() => DurableFiles.SyncTree(Folder));
    }

    /// <summary>What is seen before each place at which a crash hurts.</summary>
    internal static IReadOnlyCollection<string> Places(Func<string> see, Action act)
    {
        ConcurrentQueue<string> seen = [];
        FaultPoint.Visit(() => seen.Enqueue(see()));
        act();
        FaultPoint.Visit(null);
        return seen;
    }
}
