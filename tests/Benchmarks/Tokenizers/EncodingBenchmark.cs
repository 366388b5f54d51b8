using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.Formats;
using Experiments.Testing;
using Microsoft.ML.Tokenizers;
using SharpToken;

namespace Experiments.Benchmarks;

/// <summary>
/// Measures encoding with cl100k_base: this product and other libraries on one thread, and this product on all threads.
/// </summary>
[MemoryDiagnoser]
public class EncodingBenchmark
{
    private readonly ITokenizer _ours = new PublishedTokenizerFormat().Open("cl100k_base", new GivenPlugins());
    private readonly TiktokenTokenizer _microsoft = TiktokenTokenizer.CreateForEncoding("cl100k_base");
    private readonly GptEncoding _sharpToken = GptEncoding.GetEncoding("cl100k_base");
    private readonly HashSet<string> _none = [];
    private string _text = "";
    private string[] _documents = [];

    /// <summary>The name of the text.</summary>
    [Params(BenchmarkText.English, BenchmarkText.Mixed)]
    public string Text { get; set; } = "";

    /// <summary>Runs all benchmarks, and prints megabytes per second and ratios after the table.</summary>
    internal static void Run()
    {
        var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10);
        var config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddValidator(BenchmarkDotNet.Validators.JitOptimizationsValidator.DontFailOnError)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "lab-benchmarks"));
        var summary = BenchmarkRunner.Run<EncodingBenchmark>(config);
        foreach (var text in new[] { BenchmarkText.English, BenchmarkText.Mixed })
        {
            var (ours, all, microsoft, sharpToken) = (
                Rate(summary, nameof(Lab), text), Rate(summary, nameof(LabOnAllThreads), text),
                Rate(summary, nameof(MicrosoftMl), text), Rate(summary, nameof(SharpToken), text));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{text}: {ours:F0} MB/s (goal: {(text == BenchmarkText.English ? 50 : 25)}), {ours / microsoft:F1} times Microsoft.ML.Tokenizers at {microsoft:F1} (goal: 2), "
                + $"{ours / sharpToken:F1} times SharpToken at {sharpToken:F1} (goal: 4); {Environment.ProcessorCount} threads {all:F0} MB/s, {all / ours:F2} times one"));
        }

        OneLetter();
    }

    /// <summary>Loads the text.</summary>
    [GlobalSetup]
    public void Read()
    {
        _text = BenchmarkText.Read(Text);
        _documents = [.. _text.Chunk(5_000).Select(part => new string(part))];
    }

    /// <summary>This product.</summary>
    [Benchmark(Baseline = true)]
    public int Lab() => _ours.Encode(_text).Length;

    /// <summary>This product on all threads, with the text split into documents of 5,000 characters.</summary>
    [Benchmark]
    public int LabOnAllThreads() =>
        _ours.EncodeBatch(_documents, Environment.ProcessorCount, CancellationToken.None).Length;

    /// <summary>Microsoft.ML.Tokenizers.</summary>
    [Benchmark]
    public int MicrosoftMl() => _microsoft.EncodeToIds(_text).Count;

    /// <summary>SharpToken.</summary>
    [Benchmark]
    public int SharpToken() => _sharpToken.Encode(_text, _none, _none).Count;

    private static double Rate(Summary summary, string method, string text)
    {
        var report = summary.Reports.Single(each => each.BenchmarkCase.Descriptor.WorkloadMethod.Name == method && (string)each.BenchmarkCase.Parameters[nameof(Text)] == text);
        return System.Text.Encoding.UTF8.GetByteCount(BenchmarkText.Read(text)) / report.ResultStatistics!.Median * 1e9 / 1e6;
    }

    private static void OneLetter()
    {
        var tokenizer = new PublishedTokenizerFormat().Open("cl100k_base", new GivenPlugins());
        var text = new string('a', 1_000_000);
        tokenizer.Encode(text);
        var start = TimeProvider.System.GetTimestamp();
        var ids = tokenizer.Encode(text);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"1 MB of one letter: {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:F1} ms, {ids.Length} tokens (goal: 100 ms)"));
    }
}
