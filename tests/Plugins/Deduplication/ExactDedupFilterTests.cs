using Experiments.Contracts.Text;

namespace Experiments.Plugins.Deduplication.Tests;

public sealed class ExactDedupFilterTests
{
    [Fact]
    public void TheFirstOfEqualTextsStays()
    {
        var filter = new ExactDedupFilter(new());
        filter.Apply(new Document("1", "Once upon a time.")).Document.ShouldNotBeNull();
        filter.Apply(new Document("2", "Twice upon a time.")).Document.ShouldNotBeNull();
        filter.Apply(new Document("3", "ONCE  upon\na time")).Reason.ShouldBe("exact_duplicate");
    }

    [Fact]
    public void AnAddressIsComparedWithoutItsFragment()
    {
        var filter = new ExactDedupFilter(new() { By = ExactDedupKey.Url });
        Apply("http://Example.org/Page").ShouldBeNull();
        Apply("HTTP://example.org/Page#top").ShouldBe("exact_duplicate");
        Apply("http://example.org/page").ShouldBeNull();
        Apply(null).ShouldBeNull();
        Apply(null).ShouldBeNull();

        string? Apply(string? url) => filter.Apply(new Document("x", "same text") { Url = url }).Reason;
    }

    [Fact]
    public void ASavedFilterRemembersWhatItSaw()
    {
        var first = new ExactDedupFilter(new());
        first.Apply(new Document("1", "one"));
        first.Apply(new Document("2", "two"));
        var state = new MemoryStream();
        first.Save(state);
        state.Length.ShouldBe(4 + (2 * 16));
        state.Position = 0;
        var second = new ExactDedupFilter(new());
        second.Load(state);
        second.Apply(new Document("3", "two")).Reason.ShouldBe("exact_duplicate");
        second.Apply(new Document("4", "three")).Document.ShouldNotBeNull();
    }
}
