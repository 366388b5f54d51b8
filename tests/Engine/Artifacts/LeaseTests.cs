using Experiments.Engine.Artifacts;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class LeaseTests : TemporaryFolder
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void ALeaseIsHeldByOne()
    {
        using var mine = Lease.TryTake(Folder, "mine", _time).Lease;

        var (lease, holder) = Lease.TryTake(Folder, "yours", _time);

        lease.ShouldBeNull();
        holder.ShouldNotBeNull().ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public void AReleasedLeaseIsFree()
    {
        Lease.TryTake(Folder, "mine", _time).Lease!.Dispose();

        using var yours = Lease.TryTake(Folder, "yours", _time).Lease;

        yours.ShouldNotBeNull();
    }

    [Fact]
    public void ARenewedLeaseOutlivesItsExpiry()
    {
        using var mine = Lease.TryTake(Folder, "mine", _time).Lease;
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Lease.TryTake(Folder, "yours", _time).Lease.ShouldBeNull();
    }

    [Fact]
    public void ALeaseThatIsNotRenewedIsLost()
    {
        var stopped = new FakeTimeProvider(); // the holder's clock does not move, as in a stopped process
        using var mine = Lease.TryTake(Folder, "mine", stopped).Lease;
        _time.Advance(Lease.Expiry + TimeSpan.FromSeconds(1));

        using var yours = Lease.TryTake(Folder, "yours", _time).Lease;

        yours.ShouldNotBeNull();
    }

    [Fact]
    public void ALeaseCountsUntilItsExpiryWithoutBeingRenewed()
    {
        using var mine = Lease.TryTake(Folder, "mine", new FakeTimeProvider()).Lease;
        _time.Advance(Lease.Expiry - TimeSpan.FromSeconds(1));

        Lease.TryTake(Folder, "yours", _time).Lease.ShouldBeNull();
    }

    [Fact]
    public void ALeaseIsRenewedLongBeforeItsExpiry()
    {
        var holders = new FakeTimeProvider();
        using var mine = Lease.TryTake(Folder, "mine", holders).Lease;
        holders.Advance(Lease.Expiry / 2);
        _time.Advance(Lease.Expiry + TimeSpan.FromSeconds(1));

        Lease.TryTake(Folder, "yours", _time).Lease.ShouldBeNull();
    }

    [Fact]
    public void AHolderThatLostItsLeaseNeitherRenewsNorReleasesTheNextOnes()
    {
        var stopped = new FakeTimeProvider();
        var mine = Lease.TryTake(Folder, "mine", stopped).Lease!;
        _time.Advance(Lease.Expiry + TimeSpan.FromSeconds(1));
        using var yours = Lease.TryTake(Folder, "yours", _time).Lease;

        stopped.Advance(Lease.Expiry * 2);
        LeaseText.ShouldContain("yours");
        mine.Dispose();

        LeaseText.ShouldContain("yours");
    }

    [Fact]
    public void ALeaseThatIsBeingWrittenIsHeldUntilItsExpiry()
    {
        File.WriteAllText(LeaseFile, "");
        File.SetLastWriteTimeUtc(LeaseFile, _time.GetUtcNow().UtcDateTime);

        Lease.TryTake(Folder, "yours", _time).Holder.ShouldBe("a process that is taking the lease at this moment");
        _time.Advance(Lease.Expiry + TimeSpan.FromSeconds(1));

        using var yours = Lease.TryTake(Folder, "yours", _time).Lease;
        yours.ShouldNotBeNull();
    }

    [Fact]
    public void AHolderOnAnotherMachineIsNotLookedForOnThisOne()
    {
        WriteLease("elsewhere", "999999999");

        Lease.TryTake(Folder, "yours", _time).Holder.ShouldBe("process 999999999 on elsewhere");
    }

    [Fact]
    public void AProcessThatInheritedTheNumberOfTheHolderHoldsNothing()
    {
        WriteLease(Environment.MachineName, $"{Environment.ProcessId}");

        using var yours = Lease.TryTake(Folder, "yours", _time).Lease;

        yours.ShouldNotBeNull();
    }

    [Fact]
    public void ABrokenLeaseLeavesNothing()
    {
        WriteLease(Environment.MachineName, "999999999");

        using var yours = Lease.TryTake(Folder, "yours", _time).Lease;

        Directory.GetFiles(Folder).ShouldBe([LeaseFile]);
    }

    [Fact]
    public void AHolderWhoseFolderIsGoneReleasesItsLeaseInSilence()
    {
        var folder = Path.Combine(Folder, "work");
        var mine = Lease.TryTake(folder, "mine", _time).Lease!;
        Directory.Delete(folder, recursive: true);

        _time.Advance(Lease.Expiry);
        mine.Dispose();

        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public void ADeadProcessHoldsNothing()
    {
        WriteLease(Environment.MachineName, "999999999");

        using var yours = Lease.TryTake(Folder, "yours", _time).Lease;

        yours.ShouldNotBeNull();
    }

    [Fact]
    public void ALeaseThatCannotBeReadJustRunsOut()
    {
        var mine = Lease.TryTake(Folder, "mine", _time).Lease!;
        File.Delete(LeaseFile);
        File.CreateSymbolicLink(LeaseFile, LeaseFile); // opening it fails with "too many symbolic links"

        _time.Advance(Lease.Expiry);
        mine.Dispose();

        File.ResolveLinkTarget(LeaseFile, returnFinalTarget: false).ShouldNotBeNull();
    }

    private string LeaseFile => Path.Combine(Folder, "lease.json");

    private string LeaseText => File.ReadAllText(LeaseFile);

    /// <summary>A lease of another process, renewed just now.</summary>
    private void WriteLease(string host, string process) => File.WriteAllText(
        LeaseFile, $$"""{"attempt":"other","host":"{{host}}","process":"{{process}}","started":"0","renewed":"{{_time.GetUtcNow():O}}"}""");
}
