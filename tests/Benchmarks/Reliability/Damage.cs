using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Benchmarks;

/// <summary>Damages a file or a folder of a store at random.</summary>
/// <param name="runs">The folder of runs.</param>
/// <param name="random">Chooses the place and the kind.</param>
internal sealed class Damage(string runs, Chance random)
{
    private static readonly string[] Garbage = ["{", "{}", "null", "[]", "[null]", "\"text\"", "7", "{\"stages\":[1,{\"a\":null}]}", "\0\0\0\0", "\u00ff\u00fe"];

    private static readonly (string Name, Action<Damage, string> Do)[] OfFiles =
    [
        ("flip a bit of", (damage, path) => damage.Rewrite(path, bytes => bytes[damage.Place(bytes)] ^= (byte)(1 << damage.Next(8)))),
        ("flip a bit of", (damage, path) => damage.Rewrite(path, bytes => bytes[damage.Place(bytes)] ^= (byte)(1 << damage.Next(8)))),
        ("fill with zeros from the middle of", (damage, path) => damage.Rewrite(path, bytes => Array.Clear(bytes, damage.Place(bytes), 1))),
        ("cut", (damage, path) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..damage.Next((int)new FileInfo(path).Length + 1)])),
        ("cut at a line of", (damage, path) => File.WriteAllLines(path, File.ReadAllLines(path) is var lines ? lines[..damage.Next(lines.Length + 1)] : [])),
        ("lose a line of", (damage, path) => damage.Lines(path, (lines, place) => lines.RemoveAt(place))),
        ("repeat a line of", (damage, path) => damage.Lines(path, (lines, place) => lines.Insert(place, lines[place]))),
        ("empty", (_, path) => File.WriteAllText(path, "")),
        ("delete", (_, path) => File.Delete(path)),
        ("garbage in", (damage, path) => File.WriteAllBytes(path, Encoding.Latin1.GetBytes(damage.Pick(Garbage)))),
        ("garbage at the end of", (damage, path) => File.AppendAllText(path, damage.Pick(Garbage) + (damage.Next(2) == 0 ? "\n" : ""))),
        ("null values in", (_, path) => Nullify(path)),
        ("swap with another", (damage, path) => damage.Swap(path)),
        ("a folder instead of", (_, path) => Replace(path, () => Directory.CreateDirectory(Path.Combine(path, "in it")))),
        ("a pipe instead of", (_, path) => Replace(path, () => Run("mkfifo", path))),
        ("a link to itself instead of", (_, path) => Replace(path, () => File.CreateSymbolicLink(path, path))),
        ("a link to nothing instead of", (_, path) => Replace(path, () => File.CreateSymbolicLink(path, "not-here"))),
        ("no permissions for", (_, path) => Run("chmod", "000", path)),
    ];

    /// <summary>The file or folder that was damaged last, relative to the folder of runs.</summary>
    public IReadOnlyList<string> Damaged { get; private set; } = [];

    /// <summary>Does one damage.</summary>
    /// <returns>What was done.</returns>
    public string Do()
    {
        var files = Directory.EnumerateFiles(runs, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var own = files.Where(file => Path.GetRelativePath(runs, file).Split('/') is [not ("artifacts" or "mlruns"), ..]).ToList();
        var stored = files.Where(file => Path.GetRelativePath(runs, file).StartsWith("artifacts/", StringComparison.Ordinal)).ToList();
        var path = random.Pick(random.Next(20) switch { < 11 => own, < 19 => stored, _ => files });
        var (name, act) = random.Pick(OfFiles);
        Damaged = [Path.GetRelativePath(runs, path)];
        act(this, path);
        return $"{name} {string.Join(" and ", Damaged)}";
    }

    private int Next(int limit) => random.Next(limit);

    private string Pick(string[] items) => random.Pick(items);

    private int Place(byte[] bytes) => random.Next(bytes.Length);

    private void Rewrite(string path, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length > 0)
        {
            change(bytes);
            File.WriteAllBytes(path, bytes);
        }
    }

    private void Lines(string path, Action<List<string>, int> change)
    {
        var lines = File.ReadAllText(path).Split('\n').ToList();
        change(lines, random.Next(lines.Count));
        File.WriteAllText(path, string.Join('\n', lines));
    }

    private void Swap(string path)
    {
        var others = Directory.EnumerateFiles(runs, random.Next(2) == 0 ? Path.GetFileName(path) : "*.json*", SearchOption.AllDirectories).Where(file => file != path && !file.Contains("/mlruns/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (others.Count > 0)
        {
            var other = random.Pick(others);
            var bytes = File.ReadAllBytes(other);
            File.Copy(path, other, overwrite: true);
            File.WriteAllBytes(path, bytes);
            Damaged = [.. Damaged, Path.GetRelativePath(runs, other)];
        }
    }

    private static void Replace(string path, Action create)
    {
        File.Delete(path);
        create();
    }

    private static void Nullify(string path)
    {
        try
        {
            var nulled = File.ReadAllLines(path) is [['{', ..], ..] lines && lines.Length > 1 && lines[1].StartsWith('{')
                ? string.Concat(lines.Select(line => Nulled(line) + "\n"))
                : Nulled(File.ReadAllText(path));
            File.WriteAllText(path, nulled);
        }
        catch (JsonException)
        {
            File.WriteAllText(path, "null"); // it is not JSON
        }
    }

    private static string Nulled(string json) =>
        JsonNode.Parse(json) is JsonObject map ? new JsonObject(map.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, null))).ToJsonString() : "null";

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
    }
}
