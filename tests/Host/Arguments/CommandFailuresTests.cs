using System.CommandLine;
using Experiments.Contracts;
using Experiments.Host.Arguments;

namespace Experiments.Host.Tests.Arguments;

public sealed class CommandFailuresTests
{
    [Fact]
    public async Task AMistakeOfTheUserIsItsMessageAndExitCode2()
    {
        var (exitCode, errors) = await FailAsync(new UsageException("There is no such thing."));

        exitCode.ShouldBe(2);
        errors.ShouldBe("There is no such thing.\n");
    }

    /// <summary>An exception that a wrong program throws is not taken for a mistake of the user.</summary>
    [Theory]
    [InlineData(typeof(ArgumentException))]
    [InlineData(typeof(ArgumentOutOfRangeException))]
    [InlineData(typeof(NullReferenceException))]
    [InlineData(typeof(InvalidCastException))]
    public async Task ABugSaysThatItIsOneAndWhereItsDetailsAre(Type bug)
    {
        var (exitCode, errors) = await FailAsync((Exception)Activator.CreateInstance(bug)!);

        exitCode.ShouldBe(1);
        var lines = errors.Trim().Split('\n');
        lines.Length.ShouldBe(2, errors);
        lines[0].ShouldStartWith("This is a bug in lab, not a mistake of yours: ");
        lines[1].ShouldStartWith("Please report it with the details in ");
        var path = lines[1]["Please report it with the details in ".Length..].TrimEnd('.');
        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldContain(bug.FullName!);
        File.Delete(path);
    }

    private static async Task<(int ExitCode, string Errors)> FailAsync(Exception failure)
    {
        var command = new Command("fail");
        command.Does(Task<int> (_) => throw failure);
        var before = Console.Error;
        using var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            return (await CommandFailures.InvokeAsync(new RootCommand { command }.Parse("fail")), errors.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
