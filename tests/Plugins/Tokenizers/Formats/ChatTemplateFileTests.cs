using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Formats;

public sealed class ChatTemplateFileTests : IDisposable
{
    private static readonly Message[] Hello = [new(Message.User, "hi")];
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("""{ "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ sep_token }}", "bos_token": "<s>" }""", "<s>hi")]
    [InlineData("""{ "chat_template": "{{ eos_token }}", "eos_token": { "__type": "AddedToken", "content": "</s>" } }""", "</s>")]
    [InlineData("""{ "chat_template": [{ "name": "tool_use", "template": "no" }, { "name": "default", "template": "yes" }] }""", "yes")]
    public void TheTemplateOfTheConfigurationIsFollowed(string config, string expected) => Render(Open(config)).ShouldBe(expected);

    [Fact]
    public void AFileOfItsOwnGoesBefore() => Render(Open("""{ "chat_template": "no", "bos_token": "<s>" }""", "{{ bos_token }}yes\n")).ShouldBe("<s>yes");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "chat_template": null }""")]
    [InlineData(null)]
    public void WithoutATemplateItIsChatMl(string? config) => Open(config).ShouldBeSameAs(ChatMl.Format);

    [Fact]
    public void TheTemplateThatIsWrittenIsChatMlItself()
    {
        HuggingFaceTokenizerFormat.Write(_bench.Folder("t"), TestVocabulary.Train("abab", 300));
        new HuggingFaceTokenizerFormat().Open(_bench.Folder("t")).Chat.ShouldBeSameAs(ChatMl.Format);
    }

    [Fact]
    public void TheTemplateThatIsWrittenRendersAsChatMlDoes()
    {
        var written = new ChatTemplateSource(ChatTemplateSource.Jinja, "written", ChatTemplateFile.ChatMlTemplate, new Dictionary<string, string>()).Read(FormatOpening.Plugins);
        var vocabulary = TestVocabulary.Train("abab", 300);
        var (own, expected) = (new ChatTemplate(new BytePairTokenizer(vocabulary, () => written)), new ChatTemplate(new BytePairTokenizer(vocabulary)));
        Message[] talk = [new(Message.User, "1+1?"), new(Message.Assistant, "2"), new(Message.User, "2?"), new(Message.Assistant, "two")];
        Message[] odd = [new(Message.System, " s\n"), new("narrator", "<|im_end|>"), new(Message.Assistant, "")];
        foreach (var messages in new[] { [], talk, talk[..3], odd })
        {
            Text(written.Render(messages, answers: true)).ShouldBe(Text(ChatMl.Format.Render(messages, answers: true)));
            own.RenderPrompt(messages).ShouldBe(expected.RenderPrompt(messages));
            own.Render(messages).Tokens.ShouldBe(expected.Render(messages).Tokens);
            own.Render(messages).Learned.ShouldBe(expected.Render(messages).Learned);
        }
    }

    [Fact]
    public void ATemplateOfItsOwnIsWrittenAlong()
    {
        File.WriteAllText(Path.Combine(_bench.Folder("t"), "tokenizer_config.json"), """{ "chat_template": "{{ bos_token }}yes", "bos_token": "<s>" }""");
        var format = new HuggingFaceTokenizerFormat();
        var opened = new BytePairTokenizer(TestVocabulary.Train("abab", 300), () => ChatTemplateFile.Open(_bench.Folder("t"), FormatOpening.Plugins));
        format.Write(opened, _bench.Folder("written"));
        Render(format.Open(_bench.Folder("written")).Chat).ShouldBe("<s>yes");
    }

    [Fact]
    public void ATemplateNeedsThePluginOfItsLanguage()
    {
        File.WriteAllText(Path.Combine(_bench.Folder("t"), "tokenizer_config.json"), """{ "chat_template": "yes" }""");
        Should.Throw<InvalidDataException>(() => ChatTemplateFile.Open(_bench.Folder("t"), new GivenPlugins()));
    }

    [Theory]
    [InlineData("""{ "chat_template": "a\n{% include 'x' %}" }""", "/tokenizer_config.json: chat_template(2,4): the tag 'include' is not supported.")]
    [InlineData("""{ "chat_template": 1 }""", "/tokenizer_config.json: chat_template: must be a text, or a list of {name, template}.")]
    [InlineData("""{ "chat_template": [{ "name": "rag", "template": "" }] }""", "/tokenizer_config.json: chat_template: none of the templates is named 'default'. There are: rag.")]
    [InlineData("""{ "chat_template": [{ "name": "default" }] }""", "/tokenizer_config.json: ")]
    [InlineData("{ \n", "/tokenizer_config.json: ")]
    [InlineData("[]", "/tokenizer_config.json: ")]
    public void AnErrorNamesTheFile(string config, string problem) =>
        Should.Throw<InvalidDataException>(() => Open(config)).Message.ShouldStartWith(_bench.Folder("t") + problem);

    [Fact]
    public void AnErrorInAFileOfItsOwnNamesThat() =>
        Should.Throw<InvalidDataException>(() => Open("{}", "\n\n{{ 1 2 }}")).Message.ShouldBe($"{_bench.Folder("t")}/chat_template.jinja(3,6): expected '}}}}', but found '2'.");

    [Fact]
    public void ATokenizerOpensWhateverItsTemplate()
    {
        HuggingFaceTokenizerFormat.Write(_bench.Folder("t"), TestVocabulary.Train("abab", 300));
        File.WriteAllText(Path.Combine(_bench.Folder("t"), "chat_template.jinja"), "{% include 'x' %}");
        var tokenizer = new HuggingFaceTokenizerFormat().Open(_bench.Folder("t"));
        tokenizer.Encode("ab").ShouldNotBeEmpty();
        Should.Throw<InvalidDataException>(() => tokenizer.Chat).Message.ShouldContain("chat_template.jinja(1,4)");
        Should.Throw<InvalidDataException>(() => new ChatTemplate(tokenizer)).Message.ShouldContain("the tag 'include'");
    }

    [Fact]
    public void APublishedConfigurationIsFollowed()
    {
        var folder = SharedData.Find("models/verl-tiny-llama");
        Assert.SkipWhen(folder is null, "the shared data is not here");
        var format = ChatTemplateFile.Open(folder!, FormatOpening.Plugins);
        Render(format).ShouldBe("hi");
        Should.Throw<InvalidDataException>(() => format.Render([new(Message.System, "s")], answers: true)).Message.ShouldEndWith("System role not supported");
    }

    private static string Render(IChatFormat format) => Text(format.Render(Hello, answers: false));

    private static string Text(IEnumerable<ChatText> parts) => string.Concat(parts.Select(part => part.Text));

    private IChatFormat Open(string? config, string? template = null)
    {
        foreach (var (file, text) in new[] { ("tokenizer_config.json", config), ("chat_template.jinja", template) })
        {
            if (text is not null)
            {
                File.WriteAllText(Path.Combine(_bench.Folder("t"), file), text);
            }
        }

        return ChatTemplateFile.Open(_bench.Folder("t"), FormatOpening.Plugins);
    }
}
