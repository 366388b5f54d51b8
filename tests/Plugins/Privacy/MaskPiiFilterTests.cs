using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Privacy.Tests;

public sealed class MaskPiiFilterTests(ITestOutputHelper output)
{
    private static readonly MaskPiiFilter Filter = new(new() { EmailReplacements = ["EMAIL"], IpReplacements = ["IP"] });

    [Theory]
    [InlineData("write to jane.doe+news@mail.example.co.uk today", "write to EMAIL today")]
    [InlineData("<a_b@x-y.museum>", "<EMAIL>")]
    [InlineData("_______@here.org", "EMAIL")]
    [InlineData("root@[20.30.40.50]", "EMAIL")]
    [InlineData("root@20.30.40.50", "EMAIL")]
    [InlineData("Upper.Case@EXAMPLE.COM", "EMAIL")]
    [InlineData("a@b@c.org", "a@EMAIL")]
    [InlineData(".dot@c.org", ".EMAIL")]
    [InlineData("dot.@c.org", "dot.@c.org")]
    [InlineData("two..dots@c.org", "two..EMAIL")]
    [InlineData("user@nodot", "user@nodot")]
    [InlineData("user@-dash.org", "user@-dash.org")]
    [InlineData("user@a..org", "user@a..org")]
    [InlineData("あい@c.org", "あい@c.org")]
    [InlineData("\"quoted\"@c.org", "\"quoted\"@c.org")]
    [InlineData("see 163.36.107.25 and 8.8.8.8.", "see IP and IP.")]
    [InlineData("999.999.999.999", "999.999.999.999")]
    [InlineData("108.0.0.01", "108.0.0.01")]
    [InlineData(".3.3.3.0", ".IP")]
    [InlineData("0.1.2.3 10.1.2.3 100.64.0.1 127.0.0.1 169.254.9.9 172.31.254.254 192.168.1.2 198.18.0.1 203.0.113.9 240.0.0.1", null)]
    [InlineData("172.32.0.1 100.128.0.1 192.0.0.9 198.20.0.1", "IP IP IP IP")]
    public void AddressesAreMaskedAsFineWebMasksThem(string text, string? expected) => Mask(text).ShouldBe(expected ?? text);

    [Fact]
    public void ReplacementsTakeTurnsWithinEachDocument()
    {
        var filter = new MaskPiiFilter(new());
        for (var document = 0; document < 2; document++)
        {
            var masked = filter.Apply(new Document("1", "a@b.cd e@f.gh i@j.kl 9.9.9.9 8.8.8.8")).Document!;
            masked.Text.ShouldBe("email@example.com firstname.lastname@example.org email@example.com 22.214.171.124 126.96.36.199");
            masked.Metadata["emails_masked"].GetDouble().ShouldBe(3);
            masked.Metadata["ips_masked"].GetDouble().ShouldBe(2);
        }
    }

    [Fact]
    public void ADocumentWithoutAddressesIsTheSameObject()
    {
        var document = new Document("1", "nothing here, not even 10.0.0.1");
        Filter.Apply(document).Document.ShouldBeSameAs(document);
    }

    // On these texts a backtracking matcher takes quadratic or exponential time, and the test would not end.
    [Theory]
    [InlineData("a")]
    [InlineData("a.")]
    [InlineData("a@")]
    [InlineData("a@a-")]
    [InlineData("a@a.")]
    [InlineData("1.1.")]
    public void AnAdversarialMegabyteTakesLinearTime(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        Filter.Apply(new Document("1", text + "@")).Document.ShouldNotBeNull();
        Filter.Apply(new Document("1", "a@" + text)).Document.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("EMAIL_ADDRESS", 0.97)]
    [InlineData("IP_ADDRESS", 0.75)] // the rest are IPv6, which FineWeb does not mask
    public void TheAddressesOfThePresidioSetAreFound(string type, double least)
    {
        if (SharedData.Find("pii") is not { } folder)
        {
            Assert.Skip("shared data absent");
            return;
        }

        var texts = JsonLines.Read(Directory.GetFiles(folder, "*.jsonl.gz").Order(StringComparer.Ordinal), line => line).ToList();
        var (all, found) = (0, 0);
        var missed = new List<string>();
        foreach (var text in texts)
        {
            var masked = Mask(text.Text("full_text"));
            foreach (var span in text.GetProperty("spans").EnumerateArray().Where(span => span.Text("entity_type") == type))
            {
                all++;
                var value = span.Text("entity_value");
                if (masked.Contains(value, StringComparison.Ordinal))
                {
                    missed.Add(value);
                }
                else
                {
                    found++;
                }
            }
        }

        output.WriteLine($"{type}: {found} of {all} = {found / (double)all:F4}; missed: {string.Join(' ', missed.Take(20))}");
        all.ShouldBeGreaterThan(5);
        (found / (double)all).ShouldBeGreaterThan(least);
    }

    private static string Mask(string text) => Filter.Apply(new Document("1", text)).Document!.Text;
}
