using System.Runtime.CompilerServices;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters.Tests;

/// <summary>The README's filter is the file beside this one: it compiles, and it does what the README says.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void TheReadmeShowsTheFilterThatIsCompiledHere()
    {
        var folder = Path.GetDirectoryName(ThisFile())!;

        File.ReadAllText(Path.Combine(folder, "../../../README.md")).ShouldContain(File.ReadAllText(Path.Combine(folder, "ShoutFilter.cs")));
    }

    [Theory]
    [InlineData("BUY NOW", "shouting")]
    [InlineData("A quiet sentence.", null)]
    [InlineData("", null)]
    public void ItDropsCapitals(string text, string? reason) => new ShoutFilter(new()).Apply(new Document("1", text)).Reason.ShouldBe(reason);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
