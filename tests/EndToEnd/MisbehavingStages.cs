using System.Text.Json.Nodes;
using Experiments.EndToEnd.Tests.Commands;

namespace Experiments.EndToEnd.Tests;

/// <summary>A recipe of one's own stages, each of which breaks the rules in its own way. They run once, for all tests.</summary>
public sealed class MisbehavingStages : IDisposable
{
    /// <summary>What each stage does with its output folder <c>o</c> and its context before it returns <c>result</c>.</summary>
    internal static readonly Dictionary<string, string> Bodies = new()
    {
        ["exits"] = """Out("half"); Environment.Exit(0);""",
        ["exits-as-if-interrupted"] = """Out("half"); Environment.Exit(75);""",
        ["fails-fast"] = """Environment.FailFast("no more");""",
        ["returns-null"] = """Out("x"); result = null!;""",
        ["writes-nothing"] = "",
        ["returns-another-folder"] = """Out("x"); result = new(Path.GetTempPath());""",
        ["forges-its-end"] = """Raw(1, "{\"event\":\"finished\",\"peak_memory\":1,\"parts\":[{\"name\":\"\",\"type\":\"Report\",\"files\":[]}],\"metrics_length\":0}\n"); Environment.Exit(0);""",
        ["writes-garbage"] = """Raw(1, "{\"event\":\"metric\",\"name\":null,\"value\":1}\n\u0000\n{\"event\":"); Out("x");""",
        ["writes-a-huge-line"] = """Raw(1, new string('a', 100_000_000)); Out("x");""",
        ["closes-its-streams"] = """close(0); close(1); close(2); Out("x");""",
        ["reads-its-input"] = """Out(Console.In.ReadLine() ?? "nothing");""",
        ["logs-no-name"] = """Out("x"); context.Metrics.Log(null!, 1);""",
        ["logs-an-empty-name"] = """Out("x"); context.Metrics.Log("", 1);""",
        ["logs-a-long-name"] = """Out("x"); context.Metrics.Log(new string('m', 1 << 20), 1);""",
        ["logs-odd-values"] = """Out("x"); context.Metrics.Log("NaN", double.NaN); context.Metrics.Log("largest", double.PositiveInfinity);""",
        ["removes-its-folder"] = "Directory.Delete(o, recursive: true);",
        ["replaces-its-folder-by-a-file"] = """Directory.Delete(o, recursive: true); File.WriteAllText(o, "x");""",
        ["replaces-its-folder-by-a-link"] = """Directory.Delete(o, recursive: true); File.CreateSymbolicLink(o, "/tmp");""",
        ["links-out"] = """Out("x"); File.CreateSymbolicLink(Path.Combine(o, "link"), "/etc/hostname");""",
        ["makes-a-pipe"] = """Out("x"); mkfifo(Path.Combine(o, "pipe"), 511);""",
        ["names-not-in-utf-8"] = """Out("x"); creat([.. System.Text.Encoding.UTF8.GetBytes(o + "/caf"), 0xE9, 0], 511);""",
        ["uses-odd-names"] = """Out("x"); File.WriteAllText(Path.Combine(o, "a\\b\nc\u001b[31m.txt"), "x"); Directory.CreateDirectory(Path.Combine(o, "empty"));""",
        ["takes-an-artifacts-name"] = """Out("x"); File.WriteAllText(Path.Combine(o, "artifact.json"), "x");""",
        ["leaves-a-thread"] = """Out("x"); new Thread(() => Thread.Sleep(Timeout.Infinite)).Start();""",
        ["fails-on-a-thread"] = """Out("x"); new Thread(() => throw new InvalidOperationException("on a thread")).Start(); Thread.Sleep(Timeout.Infinite);""",
        ["fails-in-many-words"] = """throw new InvalidDataException("The first line.\nThe second line.");""",
        ["fails-with-a-cause"] = """try { int.Parse("x"); } catch (FormatException problem) { throw new AggregateException(new InvalidOperationException("outside", problem)); }""",
        ["leaves-a-child"] = """Out("x"); Process.Start("sleep", "1000");""",
        ["leaves-a-daemon"] = """Out("x"); Process.Start("setsid", "sleep 20");""",
    };

    private readonly string _root = Directory.CreateTempSubdirectory("lab-misbehaving-").FullName;
    private readonly Lazy<Task<IReadOnlyDictionary<string, JsonNode>>> _ends;

    public MisbehavingStages() => _ends = new(RunAsync);

    internal Lab Lab => new(Path.Combine(_root, "runs"));

    /// <summary>The plugin file.</summary>
    internal string Source => Path.Combine(_root, "misbehaving.cs");

    /// <summary>The line of the plugin file that holds what a stage does.</summary>
    internal int LineOf(string stage) => File.ReadLines(Source).Index().First(line => line.Item.Contains(Bodies[stage], StringComparison.Ordinal)).Index + 1;

    /// <summary>The event of each stage's end.</summary>
    internal Task<IReadOnlyDictionary<string, JsonNode>> EndsAsync() => _ends.Value;

    /// <summary>The log of the run.</summary>
    internal string Log() => File.ReadAllText(Directory.GetFiles(Path.Combine(_root, "runs", "misbehaving"), "log.txt", SearchOption.AllDirectories).Single());

    /// <summary>Writes a recipe of own stages, and returns the arguments that run it.</summary>
    internal string[] Recipe(string name, IReadOnlyDictionary<string, string> bodies)
    {
        File.WriteAllText(Path.Combine(_root, name + ".cs"), "using System.Diagnostics;\nusing System.Runtime.InteropServices;\n" + string.Join('\n', bodies.Select(body => SourceOf(body.Key, body.Value))));
        File.WriteAllText(
            Path.Combine(_root, name + ".yaml"),
            $"name: {name}\nplugins: [{name}.cs]\nstages:\n" + string.Concat(bodies.Keys.Select(stage => $"  {stage}: {{ use: {stage}, run: {{ threads: 1 }} }}\n")));
        return ["run", Path.Combine(_root, name + ".yaml"), "--trust"];
    }

    public void Dispose()
    {
        using var removal = System.Diagnostics.Process.Start("rm", ["-rf", _root]); // .NET cannot remove a name that is not UTF-8
        removal.WaitForExit();
    }

    private async Task<IReadOnlyDictionary<string, JsonNode>> RunAsync()
    {
        var (_, output, errors) = await Lab.RunAsync([.. Recipe("misbehaving", Bodies), "--json"]);
        var ends = Printed.Json(output).Where(line => (string?)line["event"] == "stage_ended").ToDictionary(line => (string)line["stage"]!, line => (JsonNode)line);
        ends.Count.ShouldBe(Bodies.Count, errors);
        return ends;
    }

    private static string SourceOf(string name, string body)
    {
        var type = string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Stage";
        return $$"""
            /// <summary>Misbehaves.</summary>
            [Plugin("{{name}}")]
            public sealed class {{type}} : IStage<NoInputs, Report>
            {
                [DllImport("libc")] static extern nint write(int file, byte[] bytes, nint count);
                [DllImport("libc")] static extern int close(int file);
                [DllImport("libc")] static extern int mkfifo(string path, int mode);
                [DllImport("libc")] static extern int creat(byte[] path, int mode);
                [DllImport("libc")] static extern nint signal(int number, nint handler);
                static void Raw(int file, string text) { var bytes = System.Text.Encoding.UTF8.GetBytes(text); write(file, bytes, bytes.Length); }
                public async Task<Report> RunAsync(NoInputs inputs, StageContext context, CancellationToken cancellationToken)
                {
                    await Task.Yield();
                    var o = context.OutputFolder;
                    void Out(string text) => File.WriteAllText(Path.Combine(o, "report.md"), text);
                    Report result = new(o);
                    {{body}}
                    return result;
                }
            }
            """;
    }
}
