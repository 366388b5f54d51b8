using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters.Tests;

public sealed class HoldOutFilterTests
{
    [Fact]
    public void AShareOfTheTextsIsHeldOutAndALargerOneHoldsThemToo()
    {
        var (tenth, fifth) = (HeldOut(0.1), HeldOut(0.2));
        tenth.Count.ShouldBeInRange(60, 140);
        fifth.Count.ShouldBeInRange(150, 250);
        tenth.Except(fifth).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1000)]
    public void TheEndsOfTheRangeHoldNoneAndAllOut(double share, int count) => HeldOut(share).Count.ShouldBe(count);

    [Fact]
    public void TheReasonIsSaidAndOnlyTheTextCounts()
    {
        var filter = new HoldOutFilter(new() { Share = 1 });
        filter.Apply(new("1", "text")).Reason.ShouldBe("held_out");
        var half = new HoldOutFilter(new() { Share = 0.5 });
        Enumerable.Range(0, 50).Select(id => half.Apply(new($"{id}", "one text") { Url = $"http://{id}.example" }).Reason).Distinct().Count().ShouldBe(1);
    }

    private static List<int> HeldOut(double share)
    {
        var filter = new HoldOutFilter(new() { Share = share });
        return [.. Enumerable.Range(0, 1000).Where(i => filter.Apply(new Document($"{i}", $"text {i}")).Reason is not null)];
    }
}
