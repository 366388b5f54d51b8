using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Experiments.Contracts;
using Experiments.Testing;

namespace Experiments.Benchmarks;

/// <summary>
/// The texts for measuring encoding, 4 million characters each. They are real if the data sets are available (see
/// <see cref="SharedData"/>), otherwise generated.
/// </summary>
internal static class BenchmarkText
{
    /// <summary>English prose: books.</summary>
    public const string English = "english";

    /// <summary>
    /// One half is the declaration of human rights in 388 languages, the other the C# code of this checkout.
    /// </summary>
    public const string Mixed = "mixed";

    private const int Characters = 4_000_000;
    private static readonly int[] Scripts = [0x61, 0x3B1, 0x430, 0x5D0, 0x628, 0x915, 0xE01, 0x4E00, 0x3042, 0xAC00];

    /// <summary>A text by its name.</summary>
    public static string Read(string name) =>
        name == English
            ? First(Books(), Characters)
            : First(Languages(), Characters / 2) + First(Code(), Characters / 2);

    private static IEnumerable<string> Books() =>
        Lines("pretrain/classic-books/books-00.jsonl.gz") ?? MadeUpText.Lines(Characters);

    private static IEnumerable<string> Languages() => Lines("langid/udhr.jsonl.gz") ?? MadeUpScripts();

    private static IEnumerable<string> Code()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Experiments.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException(
                "No parent folder contains Experiments.sln.");
        }

        var files = ((string[])["framework", "plugins", "tests"]).SelectMany(
            folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories));
        return files.Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(File.ReadAllText);
    }

    private static IEnumerable<string>? Lines(string path) =>
        SharedData.Find(path) is { } found ? TextsOf(found) : null;

    private static IEnumerable<string> TextsOf(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.GetProperty("text").GetString()!;
        }
    }

    /// <summary>Words of random letters; each word uses one script.</summary>
    private static IEnumerable<string> MadeUpScripts()
    {
        var random = new RandomStream(1, "made-up scripts");
        while (true)
        {
            var first = random.Pick(Scripts);
            yield return string.Concat(Enumerable.Range(0, random.Next(2, 12)).Select(_ => (char)(first + random.Next(20)))) + " ";
        }
    }

    private static string First(IEnumerable<string> parts, int characters)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part).Append('\n');
            if (text.Length >= characters)
            {
                break;
            }
        }

        return text.ToString(0, Math.Min(text.Length, characters));
    }
}
