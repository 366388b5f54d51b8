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
    public void ADeadProcessHoldsNothing()
    {
        File.WriteAllText(
            Path.Combine(Folder, "lease.json"),
            $$"""{"attempt":"dead","host":"{{Environment.MachineName}}","process":"999999999","renewed":"{{_time.GetUtcNow():O}}"}""");

        using var yours = Lease.TryTake(Folder, "yours", _time).Lease;

        yours.ShouldNotBeNull();
    }
}
