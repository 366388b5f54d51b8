namespace Experiments.EndToEnd.Tests.Commands;

/// <summary>Each wrong call ends with exit code 2 and one line: what is wrong, the likely intended name, and where help is.</summary>
public sealed class WrongCallTests
{
    private const string Quickstart = "recipes/quickstart.yaml";

    /// <summary>A command line, and how its only line begins.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { "rnu x", "There is no command 'rnu'. Did you mean 'run'? `lab --help` lists all commands." },
        { $"run {Quickstart} --jobs abc", "--jobs takes a whole number from 1, not 'abc'." },
        { $"run {Quickstart} --jobs 0", "--jobs takes a whole number from 1, not '0'." },
        { $"run {Quickstart} --jobs", "--jobs needs a value: " },
        { "sweep recipes/learning-rate-sweep.yaml --parallel x", "--parallel takes a whole number from 1, not 'x'." },
        { "gc --keep 1e9", "--keep takes a whole number from 1, not '1e9'." },
        { "chat --temperature hot", "--temperature takes a number, not 'hot'." },
        { "chat --seed -1", "--seed takes a whole number from 0, not '-1'." },
        { "run", "`lab run` needs <recipe>: " },
        { "run --frm x", "There is no option --frm. Did you mean '--from'? `lab run --help` lists all options." },
        { $"validate {Quickstart} extra", "'extra' is one argument too many: `lab validate --help` shows what `lab validate` takes." },
        { "ls --jsn", "There is no option --jsn. Did you mean '--json'? `lab ls --help` lists all options. To use it as an argument, write it after --: lab ls -- --jsn" },
        { "plugins pretrian", "There is no plugin or kind of plugin named 'pretrian'. Did you mean 'pretrain'? Kinds: " },
        { "tokenize -t gtp2 hello", "'gtp2' is neither a tokenizer that a plugin can open nor a stage that made one" },
        { $"run {Quickstart} --until bas", $"{Quickstart}: no stage 'bas'. Did you mean 'base'? Stages: world, clean, " },
        { $"run {Quickstart} --only rll", $"{Quickstart}: no stage 'rll'. Did you mean 'rl'? Stages: world, clean, " },
        { $"run {Quickstart} --from rl --until base", $"{Quickstart}: no stage is selected: 'base' does not depend on 'rl', so --from rl and --until base have no stage in common. Stages in order: " },
        { $"run {Quickstart} --only world --from rl", $"{Quickstart}: no stage is selected: --only world has no stage in common with --from rl. Stages in order: " },
        { $"why bas {Quickstart}", $"{Quickstart}: no stage 'bas'. Did you mean 'base'? Stages: " },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task SaysWhatIsWrongInOneLine(string call, string line)
    {
        var (exitCode, output, errors) = await new Lab(null).RunAsync(call.Split(' '));

        exitCode.ShouldBe(2, errors);
        output.ShouldBeEmpty();
        errors.ShouldStartWith(line);
        errors.Trim().Split('\n').Length.ShouldBe(1, errors);
    }
}
