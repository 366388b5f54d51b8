namespace Experiments.EndToEnd.Tests.Commands;

/// <summary><c>lab tokenize</c> as scripts call it: tokenizers by name, JSON lines in and out.</summary>
public sealed class TokenizeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-tokenize-").FullName;
    private readonly Lab _lab;

    public TokenizeTests() => _lab = new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cl100k_base", "{\"ids\":[91,860,287,11579,3962]}")]
    [InlineData("gpt2", "{\"ids\":[91,7680,278,14206,2947]}")]
    public async Task LinesOfTextBecomeLinesOfIdsAndBack(string name, string ids)
    {
        var (exitCode, output, errors) = await _lab.TellAsync("{\"text\": \"|Viewing Single Post\"}\n{\"text\": \"\"}\n", "tokenize", "--jsonl", "--tokenizer", name);
        exitCode.ShouldBe(0, errors);
        output.ShouldBe($"{ids}\n{{\"ids\":[]}}\n");

        (await _lab.TellAsync(output, "tokenize", "--jsonl", "--decode", "--tokenizer", name)).Output.ShouldBe("{\"text\":\"|Viewing Single Post\"}\n{\"text\":\"\"}\n");
    }

    [Fact]
    public async Task SpecialTokensAreTextUnlessTheyAreAllowed()
    {
        const string Line = "{\"text\": \"<|endoftext|>hello\\ud800\"}\n";
        (await _lab.TellAsync(Line, "tokenize", "--jsonl", "--tokenizer", "cl100k_base")).Output.ShouldStartWith("{\"ids\":[27,91,8862,728,428,91,29,15339,");
        (await _lab.TellAsync(Line, "tokenize", "--jsonl", "--tokenizer", "cl100k_base", "--allow-special")).Output.ShouldStartWith("{\"ids\":[100257,15339,");
        var (exitCode, _, errors) = await _lab.TellAsync(Line, "tokenize", "--jsonl", "--tokenizer", "cl100k_base", "--forbid-special");
        (exitCode, errors).ShouldSatisfyAllConditions(() => exitCode.ShouldBe(2), () => errors.ShouldContain("<|endoftext|> at character 0"));
    }

    [Fact]
    public async Task AMalformedLineIsNamedAndWhatCameBeforeIsWritten()
    {
        var (exitCode, output, errors) = await _lab.TellAsync("{\"text\": \"hello\"}\n{\"text\": 5}\n", "tokenize", "--jsonl", "--tokenizer", "cl100k_base");
        exitCode.ShouldBe(2);
        output.ShouldBe("{\"ids\":[15339]}\n");
        errors.ShouldContain("stdin(2)");
    }

    [Fact]
    public async Task PlainIdsBecomeTheirBytes() =>
        (await _lab.TellAsync("15339\n1917\n", "tokenize", "--decode", "--tokenizer", "cl100k_base")).Output.ShouldBe("hello world");

    [Fact]
    public async Task AMistypedOptionIsNotText()
    {
        var (exitCode, _, errors) = await _lab.RunAsync("tokenize", "--mergs", "hi", "--tokenizer", "gpt2");
        (exitCode, errors).ShouldSatisfyAllConditions(() => exitCode.ShouldBe(2), () => errors.ShouldContain("There is no option --mergs"));
    }

    [Fact]
    public async Task ATokenizerThatIsSavedInAnotherFormGivesTheSameIds()
    {
        var (exitCode, _, errors) = await _lab.RunAsync("tokenize", "--tokenizer", "gpt2", "--save", In("gpt2-folder"));
        exitCode.ShouldBe(0, errors);
        (await _lab.RunAsync("tokenize", "--tokenizer", In("gpt2-folder"), "--save", In("own.tiktoken"))).ExitCode.ShouldBe(0);
        foreach (var source in new[] { "gpt2", In("gpt2-folder"), In("own.tiktoken") })
        {
            (await _lab.RunAsync("tokenize", "hello world", "--tokenizer", source)).Output.ShouldBe("31373\thello\n995\t world\n");
        }
    }

    private string In(string name) => Path.Combine(_folder, name);
}
