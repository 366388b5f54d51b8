using Experiments.Plugins.Sources.Warc;

namespace Experiments.Plugins.Sources.Tests.Warc;

public sealed class WarcReaderTests
{
    private readonly RecordedSkips _skips = new();

    private static byte[] A => Crawl.Response("a");

    private static byte[] B => Crawl.Response("b", new string('b', 300_000));

    private static byte[] C => Crawl.Response("c");

    public static TheoryData<string> Packings => ["plain", "member each", "one member", "spanning"];

    [Theory]
    [MemberData(nameof(Packings))]
    public void RecordsAreReadHoweverTheyArePacked(string packing)
    {
        Crawl.Ids(Pack(packing, A, B, C), _skips).ShouldBe(["a", "b", "c"]);
        _skips.All.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public void ALengthThatIsTooShortSkipsThatRecordOnly(string packing)
    {
        Crawl.Ids(Pack(packing, A, Crawl.Response("b", extraLength: -5), C), _skips).ShouldBe(["a", "c"]);
        _skips.Reasons.ShouldBe(["wrong_content_length"]);
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public void ALengthThatIsTooLongSkipsThatRecordOnly(string packing)
    {
        Crawl.Ids(Pack(packing, A, Crawl.Response("b", extraLength: 50), C), _skips).ShouldBe(["a", "c"]);
        _skips.Reasons.ShouldBe(["wrong_content_length"]);
    }

    [Theory]
    [InlineData("Content-Length", "Content-Langth")]
    [InlineData("WARC-Type: response", "WARC-Type response")]
    [InlineData("WARC/1.0", "WIRC/1.0")]
    [InlineData("Content-Length: ", "Content-Length: x")]
    public void AMalformedHeaderSkipsThatRecordOnly(string text, string malformed)
    {
        var broken = Crawl.Bytes(System.Text.Encoding.UTF8.GetString(Crawl.Response("b")).Replace(text, malformed, StringComparison.Ordinal));

        foreach (var packing in (string[])["plain", "member each"])
        {
            var skips = new RecordedSkips();
            Crawl.Ids(Pack(packing, A, broken, C), skips).ShouldBe(["a", "c"]);
            skips.Reasons.ShouldBe(["malformed_record"]);
        }
    }

    [Fact]
    public void AHeaderWithoutAnEndIsSkippedByName()
    {
        var endless = Crawl.Bytes("WARC/1.0\r\nWARC-Type: " + new string('x', 1 << 20));

        Crawl.Ids(Pack("member each", A, endless, C), _skips).ShouldBe(["a", "c"]);

        _skips.All.ShouldHaveSingleItem().Detail.ShouldContain("the header does not end");
    }

    [Fact]
    public void ACorruptMemberIsNamedByItsOffsetAndSkipped()
    {
        var first = Crawl.Gzip(A);
        var damaged = Crawl.Gzip(B);
        damaged[damaged.Length / 2] ^= 0xFF;

        Crawl.Ids(Crawl.Join(first, damaged, Crawl.Gzip(C)), _skips).ShouldBe(["a", "c"]);

        _skips.All.ShouldHaveSingleItem().Reason.ShouldBe("corrupt_gzip");
        _skips.All[0].Detail.ShouldStartWith($"crawl at byte {first.Length}: ");
    }

    [Fact]
    public void AWrongChecksumIsSeenBeforeTheRecordIsHandedOut()
    {
        var damaged = Crawl.Gzip(A);
        damaged[^8] ^= 1;

        Crawl.Ids(Crawl.Join(damaged, Crawl.Gzip(C)), _skips).ShouldBe(["c"]);
        _skips.Reasons.ShouldBe(["corrupt_gzip"]);
    }

    [Fact]
    public void GarbageBetweenMembersIsOneSkip()
    {
        Crawl.Ids(Crawl.Join(Crawl.Gzip(A), Crawl.Bytes("garbage, and more of it"), Crawl.Gzip(C)), _skips).ShouldBe(["a", "c"]);
        _skips.Reasons.ShouldBe(["corrupt_gzip"]);
    }

    [Fact]
    public void ACutFileEndsWithASkipWhereverItIsCut()
    {
        var whole = Crawl.Join(Crawl.Gzip(A), Crawl.Gzip(C));
        for (var length = Crawl.Gzip(A).Length + 1; length < whole.Length; length++)
        {
            var skips = new RecordedSkips();
            Crawl.Ids(whole[..length], skips).ShouldBe(["a"]);
            skips.All.Count.ShouldBe(1, $"cut to {length} bytes");
        }
    }

    [Fact]
    public void ACutPlainFileEndsWithASkip()
    {
        var whole = Crawl.Join(A, C);
        for (var length = A.Length + 1; length < whole.Length - 4; length++)
        {
            var skips = new RecordedSkips();
            Crawl.Ids(whole[..length], skips).ShouldBe(["a"]);
            skips.All.Count.ShouldBe(1, $"cut to {length} bytes");
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("member each")]
    [InlineData("one member")]
    public void ARecordOverTheLimitIsPassedOver(string packing)
    {
        var large = Crawl.Record("response", "b", new byte[WarcReader.LargestBlock + 1]);

        Crawl.Ids(Pack(packing, A, large, C), _skips).ShouldBe(["a", "c"]);
        _skips.Reasons.ShouldBe(["oversized_record"]);
    }

    [Theory]
    [InlineData("plain", "wrong_content_length")]
    [InlineData("member each", "oversized_record")]
    public void AnAbsurdLengthSkipsThatRecordOnly(string packing, string reason)
    {
        Crawl.Ids(Pack(packing, A, Crawl.Response("b", extraLength: 2_000_000_000), C), _skips).ShouldBe(["a", "c"]);
        _skips.Reasons.ShouldBe([reason]);
    }

    private static byte[] Pack(string packing, params byte[][] records) => packing switch
    {
        "plain" => Crawl.Join(records),
        "member each" => Crawl.Join([.. records.Select(record => Crawl.Gzip(record))]),
        "one member" => Crawl.Gzip(records),
        _ => Crawl.Join([.. Crawl.Join(records).Chunk(333).Select(part => Crawl.Gzip(part))]),
    };
}
