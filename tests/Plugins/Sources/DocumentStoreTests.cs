using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Sources.Tests;

public sealed class DocumentStoreTests : IDisposable
{
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void AFileOfNoKnownFormatIsASkipThatNamesTheKnownOnes()
    {
        var store = new DocumentStore(new GivenPlugins(new WarcFormat(), new TextFormat()), _bench.Log);

        store.ReadFile("crawl.arc").ShouldBeEmpty();

        store.Skipped["unknown_format"].ShouldBe(1);
        _bench.Log.Lines.ShouldHaveSingleItem().ShouldContain("crawl.arc: no format reads this file extension. Known: .txt .txt.gz .warc .warc.gz");
    }

    [Fact]
    public void TheLongestEndingDecides()
    {
        var path = Path.Combine(_bench.Folder("in"), "page.warc.wet");
        File.WriteAllText(path, "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n");

        new DocumentStore(new GivenPlugins(new WarcFormat(), new WetFormat()), _bench.Log).ReadFile(path).ShouldHaveSingleItem().Text.ShouldBe("hello");
    }
}
