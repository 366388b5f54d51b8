using System.Text.RegularExpressions;

namespace Experiments.EndToEnd.Tests.Commands;

/// <summary>What holds for all commands, those that the help leaves out included.</summary>
public sealed partial class EveryCommandTests
{
    private static readonly string[] Hidden = ["probe", "calibrate", "check", "worker"];

    [Fact]
    public async Task HasATestClassOfItsName()
    {
        var commands = await AllAsync();
        commands.Count.ShouldBeGreaterThanOrEqualTo(22);
        var classes = typeof(EveryCommandTests).Assembly.GetTypes().Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true))).Select(type => type.Name).ToHashSet();

        commands.Where(command => !classes.Contains($"{char.ToUpperInvariant(command[0])}{command[1..]}Tests")).ShouldBeEmpty();
    }

    [Fact]
    public async Task NamesAnOptionThatItDoesNotHaveAndExitsWith2()
    {
        foreach (var command in await AllAsync())
        {
            var (exitCode, output, errors) = await new Lab(null).RunAsync(command is "diff" or "worker" ? [command, "@1", "@2", "--no-such-option"] : [command, "--no-such-option"]);

            exitCode.ShouldBe(2, command);
            errors.ShouldContain("--no-such-option", customMessage: command);
            output.ShouldNotContain("--no-such-option", customMessage: command);
        }
    }

    [Fact]
    public async Task ExplainsItselfAndItsOptions()
    {
        foreach (var command in (await AllAsync()).Except(Hidden)) // the help of a hidden one is empty
        {
            var (exitCode, output, errors) = await new Lab(null).RunAsync(command, "--help");

            exitCode.ShouldBe(0, command + errors);
            output.ShouldContain($"lab {command}");
            output.ShouldContain("--help");
        }
    }

    [Fact]
    public async Task AWordThatIsNoCommandIsNamed()
    {
        var (exitCode, _, errors) = await new Lab(null).RunAsync("rnu");

        exitCode.ShouldBe(2);
        errors.ShouldContain("'rnu'");
    }

    /// <summary>The commands that the help lists, and the hidden ones.</summary>
    private static async Task<IReadOnlyList<string>> AllAsync()
    {
        var help = (await new Lab(null).RunAsync("--help")).Output;
        List<string> all = [.. Listed().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value), .. Hidden];
        var created = await File.ReadAllTextAsync(Lab.Checkout("framework/Host/Program.cs"), TestContext.Current.CancellationToken);
        all.Count.ShouldBe(Created().Count(created), "a hidden command is missing from the list of this class");
        return all;
    }

    [GeneratedRegex("^  ([a-z]+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Listed();

    [GeneratedRegex(@"\w+Command\.Create\(\)", RegexOptions.NonBacktracking)]
    private static partial Regex Created();
}
