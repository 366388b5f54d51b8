using System.Text;
using Experiments.Plugins.Sources.Compression;

namespace Experiments.Plugins.Sources.Tests.Compression;

public sealed class GzipMembersTests
{
    [Fact]
    public void EachMemberIsReadForItselfAndItsOffsetIsKnown()
    {
        var first = Crawl.Gzip(Crawl.Bytes("one"));
        var second = Crawl.Gzip(Crawl.Bytes("two"));

        Members(Crawl.Join(first, second)).ShouldBe([(0, "one"), (first.Length, "two")]);
    }

    [Fact]
    public void MembersOfEveryLengthEndWhereTheyEnd()
    {
        var random = new Experiments.Contracts.RandomStream(1, "gzip");
        var texts = Enumerable.Range(1, 300).Select(n => string.Concat(Enumerable.Range(0, n * 40).Select(_ => (char)random.Next(32, 126)))).ToList();

        var members = Members(Crawl.Join([.. texts.Select(text => Crawl.Gzip(Crawl.Bytes(text)))]));

        members.Select(member => member.Text).ShouldBe(texts);
    }

    [Fact]
    public void OptionalHeaderFieldsAndPaddingWithZerosArePassedOver()
    {
        var plain = Crawl.Gzip(Crawl.Bytes("text"));
        byte[] named = [.. plain[..3], 4 | 8 | 16 | 2, .. plain[4..10], 2, 0, 7, 7, .. "name\0comment\0"u8, 9, 9, .. plain[10..]];

        Members(Crawl.Join(named, new byte[100], plain)).Select(member => member.Text).ShouldBe(["text", "text"]);
    }

    [Fact]
    public void AnEmptyMemberIsAMember() => Members(Crawl.Join(Empty, Crawl.Gzip(Crawl.Bytes("a")))).Select(member => member.Text).ShouldBe(["", "a"]);

    private static byte[] Empty => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void AMemberCutAnywhereIsDamaged()
    {
        var member = Crawl.Gzip(Crawl.Bytes("some text, long enough to be cut"));
        for (var length = 2; length < member.Length; length++)
        {
            Should.Throw<DamagedInputException>(() => Members(member[..length]), $"cut to {length} bytes");
        }
    }

    [Fact]
    public void AWrongChecksumIsDamage()
    {
        var member = Crawl.Gzip(Crawl.Bytes("text"));
        member[^7] ^= 1;

        Should.Throw<DamagedInputException>(() => Members(member)).Reason.ShouldBe("corrupt_gzip");
    }

    [Fact]
    public void ItGoesOnAtTheNextMemberThatBeginsWithTheMark()
    {
        var damaged = Crawl.Gzip(Crawl.Bytes("WARC/ first"));
        damaged[12] ^= 0xFF;
        var other = Crawl.Gzip(Crawl.Bytes("something else"));
        using var members = MemberSource.Open(new MemoryStream(Crawl.Join(damaged, other, Crawl.Gzip(Crawl.Bytes("WARC/ third")))));
        members.Next();
        Should.Throw<DamagedInputException>(() => Text(members));

        members.Resynchronise("WARC/"u8).ShouldBeTrue();

        members.Next().ShouldBeTrue();
        Text(members).ShouldBe("WARC/ third");
        members.Offset.ShouldBe(damaged.Length + other.Length);
        members.Resynchronise("WARC/"u8).ShouldBeFalse();
    }

    private static List<(long Offset, string Text)> Members(byte[] file)
    {
        using var members = MemberSource.Open(new MemoryStream(file));
        var read = new List<(long, string)>();
        while (members.Next())
        {
            read.Add((members.Offset, Text(members)));
        }

        return read;
    }

    private static string Text(MemberSource members)
    {
        var text = new StringBuilder();
        var buffer = new byte[1000];
        while (members.Read(buffer) is > 0 and var length)
        {
            text.Append(Encoding.UTF8.GetString(buffer.AsSpan(0, length)));
        }

        return text.ToString();
    }
}
