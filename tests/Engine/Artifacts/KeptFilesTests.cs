using System.Diagnostics;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class KeptFilesTests : TemporaryFolder
{
    [Theory]
    [InlineData("plain.txt")]
    [InlineData("back\\slash.txt")]
    [InlineData("new\nline.txt")]
    [InlineData("\u001b[31mred.txt")]
    [InlineData("ünïcode \U0001F600.txt")]
    [InlineData("below/.hidden")]
    public void AFileOfAnyReadableNameIsWholeAfterItWasRecorded(string name)
    {
        Write(name);

        var file = StoredFile.Of(Folder, KeptFiles.In(Folder).ShouldHaveSingleItem());

        file.Path.ShouldBe(name);
        file.Damage(Folder, hash: true).ShouldBeNull();
    }

    [Fact]
    public void NamesThatLookLikeOthersInAListHaveOtherDigests()
    {
        var digests = ((string[])["a\nb", "a\\nb", "a/b"]).Select(path => Digest.OfFiles([new StoredFile(path, 1, "00")])).ToList();

        digests.ShouldBeUnique();
    }

    [Theory]
    [InlineData("mkfifo pipe", "'pipe' in FOLDER is a pipe, a socket or a device.")]
    [InlineData("mkdir below; mkfifo below/pipe", "'below/pipe' in FOLDER is a pipe, a socket or a device.")]
    [InlineData("ln -s /etc/passwd link", "'link' in FOLDER is a symbolic link.")]
    [InlineData("ln -s /etc link", "'link' in FOLDER is a symbolic link.")]
    [InlineData("ln -s nowhere link", "'link' in FOLDER is a symbolic link.")]
    [InlineData("ln -s . link", "'link' in FOLDER is a symbolic link.")]
    [InlineData("touch $'caf\\xe9'", "the name is not UTF-8.")]
    [InlineData("mkdir $'caf\\xe9'", "the name is not UTF-8.")]
    [InlineData("rmdir \"$PWD\"", "FOLDER is gone.")]
    [InlineData("rmdir \"$PWD\"; touch \"$PWD\"", "FOLDER was replaced by a file.")]
    [InlineData("rmdir \"$PWD\"; ln -s /tmp \"$PWD\"", "FOLDER was replaced by a symbolic link.")]
    [InlineData("rmdir \"$PWD\"; ln -s nowhere \"$PWD\"", "FOLDER was replaced by a symbolic link.")]
    public async Task WhatCannotBeKeptIsNamed(string script, string named)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "output")).FullName;
        using var shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script]) { WorkingDirectory = folder })!;
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        shell.ExitCode.ShouldBe(0);

        var problem = Record.Exception(() => KeptFiles.In(folder));

        using var removal = Process.Start("rm", ["-rf", folder]); // .NET cannot remove a name that is not UTF-8
        await removal.WaitForExitAsync(TestContext.Current.CancellationToken);
        problem.ShouldBeOfType<InvalidDataException>().Message.ShouldContain(named.Replace("FOLDER", folder, StringComparison.Ordinal));
    }

    private void Write(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
        File.WriteAllText(Path.Combine(Folder, name), "text");
    }
}
