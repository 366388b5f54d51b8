using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class DiskSpaceTests
{
    public static TheoryData<Exception> Full => new()
    {
        new IOException("No space left on device", 28),
        new IOException("Disk quota exceeded", 122),
        new IOException("Failed to create '/runs/r/git.diff' with allocation size '70000' because the disk was full."),
    };

    [Theory]
    [MemberData(nameof(Full))]
    public void AFullDiskIsSaidWithItsRemedy(Exception problem)
    {
        DiskSpace.IsExhausted(problem).ShouldBeTrue();
        DiskSpace.Explain(problem).ShouldStartWith("The disk is full: ");
    }

    [Fact]
    public void AnotherFailureKeepsItsWords() => DiskSpace.Explain(new IOException("gone", 5)).ShouldBe("gone");
}
