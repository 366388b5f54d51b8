using Experiments.Testing;
using Parquet;
using Parquet.Serialization;

namespace Experiments.Plugins.Sources.Tests;

public sealed class ParquetFormatTests
{
    private readonly RecordedSkips _skips = new();

    [Fact]
    public async Task ColumnsBecomeDocumentsRowGroupByRowGroup()
    {
        var rows = Enumerable.Range(0, 25).Select(n => new Row { text = n == 7 ? null : $"text {n}", id = n == 3 ? null : $"id {n}", url = $"http://{n}", score = n / 4.0, tags = [$"t{n}"] });

        var documents = new ParquetFormat().Read(await WriteAsync(rows), _skips, "a.parquet");

        documents.Count.ShouldBe(24);
        documents[0].ShouldSatisfyAllConditions(
            document => document.Id.ShouldBe("id 0"),
            document => document.Text.ShouldBe("text 0"),
            document => document.Url.ShouldBe("http://0"),
            document => document.Metadata["score"].GetDouble().ShouldBe(0),
            document => document.Metadata["tags"].GetRawText().ShouldBe("[\"t0\"]"));
        documents[3].Id.ShouldBe("a.parquet:4");
        documents[^1].Text.ShouldBe("text 24");
        _skips.All.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            skip => skip.Reason.ShouldBe("no_text"),
            skip => skip.Detail.ShouldContain("row 8"));
    }

    [Fact]
    public async Task DamagedFilesNeverThrow()
    {
        var bytes = await WriteAsync([new Row { text = "text", id = "1" }]);
        for (var length = 0; length < bytes.Length; length += 7)
        {
            new ParquetFormat().Read(bytes[..length], _skips, "a.parquet");
        }

        _skips.Reasons.ShouldContain("malformed_parquet");
    }

    [Fact]
    public void ARealFileWithoutTextSaysWhichColumnsItHas()
    {
        var file = SharedData.Find("math/digit-completion/test.parquet");
        Assert.SkipWhen(file is null, "shared data absent");

        new ParquetFormat().Read(file!, _skips).ShouldBeEmpty();
        _skips.All.ShouldHaveSingleItem().Detail.ShouldEndWith("columns: prompt");
    }

    private static async Task<byte[]> WriteAsync(IEnumerable<Row> rows)
    {
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeAsync(rows, stream, new ParquetOptions { RowGroupSize = 10 }, cancellationToken: TestContext.Current.CancellationToken);
        return stream.ToArray();
    }

    private sealed class Row
    {
        public string? text { get; set; }

        public string? id { get; set; }

        public string? url { get; set; }

        public double score { get; set; }

        public List<string> tags { get; set; } = [];
    }
}
