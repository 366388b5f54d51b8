using Experiments.Contracts.Running;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Training;

public sealed class CountingProgressTests : IDisposable
{
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(null, null, 1000.0)]
    [InlineData(700L, 700.0, 700.0)]
    [InlineData(5000L, 5000.0, 1000.0)]
    public void TheTotalIsJudgedByTheFilesRead(long? maximum, double? within, double behind)
    {
        var folder = _bench.Folder("files");
        string[] files = [Path.Combine(folder, "small"), Path.Combine(folder, "large")];
        File.WriteAllBytes(files[0], new byte[10]);
        File.WriteAllBytes(files[1], new byte[90]);
        var seen = new LastTotal();
        var progress = new CountingProgress(seen, files, maximum);
        progress.Report(new() { Cursor = new(0, 5), Characters = 50 });
        seen.Total.ShouldBe(within);
        progress.Report(new() { Cursor = new(1, 0), Characters = 100 });
        seen.Total.ShouldBe(behind);
        progress.Report(new() { Cursor = new(1, 9), Characters = 200 });
        seen.Total.ShouldBe(behind);
    }

    private sealed class LastTotal : IStageProgress
    {
        public double? Total { get; private set; }

        public void Report(double done, double? total, string unit, string? note = null) => Total = total;
    }
}
