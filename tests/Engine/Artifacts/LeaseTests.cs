using Experiments.Engine.Artifacts;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class LeaseTests : TemporaryFolder
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void ALeaseIsHeldByOne()
    {
        using var mine = Take("mine");

        var (lease, holder) = Lease.TryTake(Folder, "yours", _time);

        lease.ShouldBeNull();
        holder.ShouldNotBeNull().ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public void AReleasedLeaseIsFreeAndItsEpochGoesOn()
    {
        using (var mine = Take("mine"))
        {
            mine!.Epoch.ShouldBe(1);
        }

        using var yours = Take("yours");

        yours.ShouldNotBeNull().Epoch.ShouldBe(2);
    }

    [Fact]
    public void ARenewedLeaseOutlivesItsExpiry()
    {
        using var mine = Take("mine");
        var claim = Claim("yours");
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            claim.TryTake().ShouldBeNull();
        }

        claim.IsHolderAlive.ShouldBeTrue();
        mine!.IsHeld.ShouldBeTrue();
    }

    [Fact]
    public void ALeaseThatIsNotRenewedWhileItIsObservedIsLost()
    {
        using var mine = Take("mine", new FakeTimeProvider()); // the holder's clock does not move, as in a stopped process
        var claim = Claim("yours");
        claim.TryTake().ShouldBeNull();
        _time.Advance(Lease.Expiry);
        claim.TryTake().ShouldBeNull();
        _time.Advance(Second);

        using var yours = claim.TryTake();

        yours.ShouldNotBeNull().Epoch.ShouldBe(2);
    }

    [Fact]
    public void WhatHappenedBeforeTheFirstLookDoesNotCount()
    {
        using var mine = Take("mine", new FakeTimeProvider());
        _time.Advance(Lease.Expiry * 100);

        Take("yours").ShouldBeNull();
    }

    [Theory]
    [InlineData("2090-01-01T00:00:00Z")]
    [InlineData("1990-01-01T00:00:00Z")]
    [InlineData("no time")]
    public void TheDateInALeaseDoesNotCount(string renewed)
    {
        WriteLease($$"""{"attempt":"other","place":"elsewhere","host":"elsewhere","process":"1","started":"5","renewed":"{{renewed}}"}""");
        var claim = Claim("yours");

        claim.TryTake().ShouldBeNull();
        claim.Holder.ShouldBe("process 1 on elsewhere");
        _time.Advance(Lease.Expiry + Second);
        using var yours = claim.TryTake();
        yours.ShouldNotBeNull();
    }

    [Fact]
    public void AProcessOfAnotherNamespaceIsNotLookedForInThisOneWhateverItsHostIsCalled()
    {
        WriteLease($$"""{"attempt":"other","place":"another container","host":"{{Environment.MachineName}}","process":"999999999","started":"0"}""");

        Take("yours").ShouldBeNull();
    }

    [Fact]
    public void AnOldLeaseWithoutAPlaceExpiresAfterObservation()
    {
        WriteLease($$"""{"attempt":"other","host":"{{Environment.MachineName}}","process":"999999999","started":"0","renewed":"2026-01-01T00:00:00Z"}""");
        var claim = Claim("yours");

        claim.TryTake().ShouldBeNull();
        _time.Advance(Lease.Expiry + Second);

        using var yours = claim.TryTake();
        yours.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(999_999_999, "0")]
    [InlineData(null, "0")] // a later process with the number of the holder
    public void AHolderOfThisPlaceThatIsGoneHoldsNothing(int? process, string started)
    {
        WriteOwn(process ?? Environment.ProcessId, started);

        using var yours = Take("yours");

        yours.ShouldNotBeNull().Epoch.ShouldBe(8);
        Directory.GetFileSystemEntries(Folder).ShouldBe([LeaseFile]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"attempt":null,"epoch":null,"process":{}}""")]
    [InlineData("""{"attempt":"x","epoch":"NaN","process":"-1e99","seconds":"1e99"}""")]
    public void ADamagedLeaseExpiresAfterObservation(string text)
    {
        WriteLease(text);
        var claim = Claim("yours");

        claim.TryTake().ShouldBeNull();
        _time.Advance(TimeSpan.FromHours(1) + Second);
        using var yours = claim.TryTake();

        yours.ShouldNotBeNull().MustBeHeld();
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("link to itself")]
    [InlineData("link to nothing")]
    [InlineData("pipe")]
    public void WhatIsNotAFileExpiresAfterObservation(string what)
    {
        Replace(LeaseFile, what);
        var claim = Claim("yours");

        claim.TryTake().ShouldBeNull();
        _time.Advance(Lease.Expiry + Second);
        using var yours = claim.TryTake();

        yours.ShouldNotBeNull().MustBeHeld();
    }

    [Fact]
    public void AHolderThatLostItsLeaseSaysSoAndNeitherRenewsNorReleasesTheNextOnes()
    {
        var stopped = new FakeTimeProvider();
        var mine = Take("mine", stopped)!;
        using var yours = TakeOver();

        stopped.Advance(Lease.Expiry * 2);
        mine.IsHeld.ShouldBeFalse();
        Should.Throw<LeaseLostException>(mine.MustBeHeld).Message.ShouldContain($"process {Environment.ProcessId}");
        mine.Lost.WaitHandle.WaitOne();
        mine.Dispose();

        LeaseText.ShouldContain("yours");
        LeaseText.ShouldNotContain("released");
        yours.MustBeHeld();
    }

    [Fact]
    public void AHolderFindsThatItsLeaseWasTakenBeforeItsNextRenewal()
    {
        using var mine = Take("mine", new FakeTimeProvider());
        using var yours = TakeOver();

        Should.Throw<LeaseLostException>(mine!.MustBeHeld);
    }

    [Fact]
    public void AHolderThatWasStoppedGoesOnWhenNobodyTookItsLease()
    {
        using var mine = Take("mine");
        _time.Advance(Lease.Expiry * 3);

        mine!.IsHeld.ShouldBeTrue();
        mine.MustBeHeld();
    }

    [Fact]
    public void OfManyThatTakeOverAnExpiredLeaseOneHasIt()
    {
        for (var round = 0; round < 20; round++)
        {
            WriteLease($$"""{"attempt":"round {{round}}","place":"elsewhere"}""");
            var claims = Enumerable.Range(0, 8).Select(number => Claim($"{round}-{number}")).ToList();
            claims.ForEach(claim => claim.TryTake().ShouldBeNull());
            _time.Advance(Lease.Expiry + Second);

            var leases = claims.AsParallel().WithDegreeOfParallelism(8).Select(claim => claim.TryTake()).OfType<Lease>().ToList();

            leases.Count.ShouldBeLessThanOrEqualTo(1);
            leases.ForEach(lease => lease.MustBeHeld());
            leases.ForEach(lease => lease.Dispose());
        }
    }

    [Fact]
    public void AProcessThatDiedWhileItTookOverBlocksNobody()
    {
        WriteOwn(999_999_999, "0");
        File.Copy(LeaseFile, LeaseFile + ".next");
        var claim = Claim("yours");

        claim.TryTake().ShouldBeNull();
        using var yours = claim.TryTake();

        yours.ShouldNotBeNull();
    }

    [Fact]
    public void ALeaseThatWasRenewedAfterTheLookIsNotTaken()
    {
        WriteLease("""{"attempt":"other","place":"elsewhere","beat":"1"}""");
        var claim = Claim("yours");
        claim.TryTake().ShouldBeNull();
        _time.Advance(Lease.Expiry + Second);
        FaultPoint.Visit(() => WriteLease("""{"attempt":"other","place":"elsewhere","beat":"2"}"""));

        claim.TryTake().ShouldBeNull();

        FaultPoint.Visit(null);
        Directory.GetFileSystemEntries(Folder).ShouldBe([LeaseFile]);
        LeaseText.ShouldContain("other");
    }

    [Fact]
    public void ALeaseThatAPersonDeletedIsWrittenAgain()
    {
        using var mine = Take("mine");
        File.Delete(LeaseFile);

        mine!.MustBeHeld();

        Take("yours").ShouldBeNull();
    }

    [Fact]
    public void AHolderWhoseFolderIsGoneLostItsLease()
    {
        var folder = Path.Combine(Folder, "work");
        var mine = Lease.TryTake(folder, "mine", _time).Lease!;
        Directory.Delete(folder, recursive: true);

        _time.Advance(Lease.Expiry);
        mine.IsHeld.ShouldBeFalse();
        mine.Dispose();

        Directory.Exists(folder).ShouldBeFalse();
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("link to itself")]
    [InlineData("pipe")]
    [InlineData("garbage")]
    public void NoExceptionLeavesTheTimer(string what)
    {
        var mine = Take("mine")!;
        File.Delete(LeaseFile);
        Replace(LeaseFile, what);
        List<string> warnings = [];
        mine.Warn = text =>
        {
            warnings.Add(text);
            throw new IOException("the log's disk is full");
        };

        _time.Advance(Lease.Expiry * 2);

        warnings.ShouldHaveSingleItem().ShouldContain(Folder);
        mine.IsHeld.ShouldBeFalse();
        mine.Lost.IsCancellationRequested.ShouldBeFalse("nobody else has it");
        mine.Dispose();
    }

    [Fact]
    public void OneLookAtAHolderElsewhereGoesByTheClockOfTheFileSystem()
    {
        WriteLease("""{"attempt":"other","place":"elsewhere","host":"node","process":"7"}""");

        Lease.Holder(Folder, default).ShouldBe("process 7 on node");
        File.SetLastWriteTimeUtc(LeaseFile, File.GetLastWriteTimeUtc(LeaseFile) - 3 * Lease.Expiry);
        Lease.Holder(Folder, default).ShouldBeNull();
        Lease.Holder(Folder, default, TimeSpan.FromDays(1)).ShouldBe("process 7 on node");
        Directory.GetFileSystemEntries(Path.GetDirectoryName(Folder)!, ".clock-*").ShouldBeEmpty();
    }

    [Fact]
    public void OneLookAtAHolderFromTheFutureFindsIt()
    {
        WriteLease("""{"attempt":"other","place":"elsewhere","host":"node","process":"7"}""");
        File.SetLastWriteTimeUtc(LeaseFile, new DateTime(2090, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Lease.Holder(Folder, default).ShouldBe("process 7 on node");
    }

    [Fact]
    public async Task AHolderThatWorksHereIsKnownAtOnce()
    {
        using var mine = Take("mine", TimeProvider.System);
        List<string> said = [];

        (await Claim("yours").TakeUnlessAliveAsync(said.Add, TestContext.Current.CancellationToken)).ShouldBeNull();

        said.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheWaitForAnUnknownHolderIsSaidOnce()
    {
        WriteLease("""{"attempt":"other","place":"elsewhere","host":"node","process":"7"}""");
        List<string> said = [];
        var taking = Claim("yours").TakeUnlessAliveAsync(said.Add, TestContext.Current.CancellationToken);
        while (!taking.IsCompleted)
        {
            _time.Advance(Second);
            await Task.Yield();
        }

        (await taking).ShouldNotBeNull().Dispose();
        said.ShouldHaveSingleItem().ShouldContain("process 7 on node");
    }

    private string LeaseFile => Path.Combine(Folder, "lease.json");

    private string LeaseText => File.ReadAllText(LeaseFile);

    private Lease? Take(string attempt, TimeProvider? time = null) => Lease.TryTake(Folder, attempt, time ?? _time).Lease;

    private LeaseClaim Claim(string attempt) => new(Folder, attempt, _time);

    private Lease TakeOver()
    {
        var claim = Claim("yours");
        claim.TryTake().ShouldBeNull();
        _time.Advance(Lease.Expiry + Second);
        return claim.TryTake().ShouldNotBeNull();
    }

    private void WriteOwn(int process, string started) =>
        WriteLease($$"""{"attempt":"other","epoch":"7","place":"{{ProcessIdentity.Own.Place}}","host":"x","process":"{{process}}","started":"{{started}}"}""");

    private void WriteLease(string text) => File.WriteAllText(LeaseFile, text);

    /// <summary>Puts something that is not a file in a file's place.</summary>
    private static void Replace(string path, string what)
    {
        switch (what)
        {
            case "folder":
                Directory.CreateDirectory(Path.Combine(path, "in it"));
                break;
            case "link to itself":
                File.CreateSymbolicLink(path, path);
                break;
            case "link to nothing":
                File.CreateSymbolicLink(path, path + "-not-here");
                break;
            case "pipe":
                System.Diagnostics.Process.Start("mkfifo", [path])!.WaitForExit();
                break;
            default:
                File.WriteAllText(path, what);
                break;
        }
    }
}
