using System.IO.Compression;
using System.Text;
using Experiments.Plugins.Sources.Pages;
using Experiments.Testing;

namespace Experiments.Plugins.Sources.Tests.Pages;

public sealed class RealCharsetTests(ITestOutputHelper output)
{
    /// <summary>
    /// A charset counts as correct if it gives the same text as the true one, because then their difference does not
    /// matter for these bytes.
    /// </summary>
    [Fact]
    public void DetectionFindsTheCharsetOfMostRealTexts()
    {
        var folder = SharedData.Find("charset");
        Assert.SkipWhen(folder is null, "shared data absent");
        var (right, all) = (0, 0);
        foreach (var encoding in Directory.GetDirectories(folder!).Order(StringComparer.Ordinal))
        {
            var truth = Truth(Path.GetFileName(encoding));
            var found = new List<string>();
            var hits = 0;
            foreach (var file in Directory.GetFiles(encoding, "*.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
                using var bytes = new MemoryStream();
                gzip.CopyTo(bytes);
                var detected = PageText.Detect(bytes.ToArray());
                hits += truth?.GetString(bytes.ToArray()) == detected.GetString(bytes.ToArray()) ? 1 : 0;
                found.Add(detected.WebName);
            }

            right += hits;
            all += found.Count;
            output.WriteLine($"{Path.GetFileName(encoding),-24} {hits}/{found.Count} {string.Join(' ', found.CountBy(name => name))}");
        }

        output.WriteLine($"{right} of {all}");
        all.ShouldBe(215);
        right.ShouldBeGreaterThanOrEqualTo(205);
    }

    private static Encoding? Truth(string folder) => folder switch
    {
        "utf-8-sig" => Encoding.UTF8,
        "UTF-16" => Encoding.Unicode,
        "CP949" => Charsets.Find("cp949"),
        "MacCyrillic" => Charsets.Find("x-mac-cyrillic"),
        "IBM855" => Charsets.Find("ibm855"),
        "UTF-32" or "UTF-32LE" => Encoding.UTF32,
        _ => Charsets.Find(folder)
            ?? Charsets.Find(folder[..Math.Max(0, folder.LastIndexOf('-'))]),
    };
}
