using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources;
using Experiments.Plugins.Tokenizers.Training;
using Experiments.Testing;

namespace Experiments.Benchmarks;

/// <summary>
/// Measures the time of <c>train-bpe</c> for a vocabulary of 32,000 on 100 MB of text, and that of sentencepiece if it
/// is installed.
/// </summary>
internal static class TrainingBenchmark
{
    private const int VocabularySize = 32_000;
    private const long TextBytes = 100_000_000;
    private const int CharactersADocument = 5_000;

    /// <summary>Measures the whole stage, from compressed documents to tokenizer.json.</summary>
    /// <param name="files">Text files, read as lines. Without files, the text is generated.</param>
    public static void Run(IReadOnlyList<string> files)
    {
        using var bench = new StageBench();
        var documents = bench.Folder("documents");
        var lines = Path.Combine(bench.Folder("lines"), "lines.txt");
        var bytes = Write(
            files.Count > 0 ? files.SelectMany(File.ReadLines) : MadeUpText.Lines(TextBytes),
            Path.Combine(documents, "documents-00000.jsonl.zst"), lines);
        var threads = Environment.ProcessorCount;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB of text, vocabulary {VocabularySize}, {threads} threads"));

        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5"); // resets the peak of memory
        var (start, processorStart) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var stage = new TrainBytePairStage(new() { VocabularySize = VocabularySize });
        stage.RunAsync(new([new Documents(documents)]), bench.Context<TrainBytePairStage>(threads: threads, plugins: new JsonLinesFormat()), CancellationToken.None).GetAwaiter().GetResult();
        var ours = TimeProvider.System.GetElapsedTime(start);
        var processor = Environment.CpuUsage.TotalTime - processorStart;
        var peak = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(':')[1].Trim();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"train-bpe: {ours.TotalSeconds:F1} s (goal: 20 s), {processor.TotalSeconds:F1} s of processor time, peak memory {peak} (goal: 1500000 kB)"));
        foreach (var point in bench.Metrics.Points.Where(point => point.Step is null or VocabularySize - 256 - 3))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {point.Name} {point.Value:G6}"));
        }

        if (TimeSentencePiece(lines, threads) is { } theirs)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"spm_train: {theirs.TotalSeconds:F1} s, {theirs / ours:F1} times as long (goal: 3)"));
        }
    }

    private static long Write(IEnumerable<string> lines, string documents, string linesFile)
    {
        using var writer = ((IWritableDocumentFormat)new JsonLinesFormat()).Create(documents);
        using var plain = new StreamWriter(linesFile) { NewLine = "\n" };
        List<string> text = [];
        var (characters, number) = (0, 0);
        foreach (var line in lines)
        {
            plain.WriteLine(line);
            text.Add(line);
            characters += line.Length + 1;
            if (characters >= CharactersADocument)
            {
                End();
            }
        }

        End();
        plain.Flush();
        return plain.BaseStream.Length;

        void End()
        {
            writer.Write(new($"{number++}", string.Join('\n', text)));
            text.Clear();
            characters = 0;
        }
    }

    private static TimeSpan? TimeSentencePiece(string lines, int threads)
    {
        string[] arguments =
        [
            "--model_type=bpe", $"--input={lines}", $"--model_prefix={lines}", $"--vocab_size={VocabularySize}", $"--num_threads={threads}",
            "--max_sentence_length=1000000000", "--normalization_rule_name=identity", "--minloglevel=2",
        ];
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            using var process = Process.Start("spm_train", arguments);
            process.WaitForExit();
            return process.ExitCode == 0
                ? TimeProvider.System.GetElapsedTime(start)
                : throw new InvalidOperationException($"spm_train: exit code {process.ExitCode}");
        }
        catch (Win32Exception)
        {
            Console.WriteLine("spm_train is not installed (apt-get install sentencepiece): nothing to compare with.");
            return null;
        }
    }
}
