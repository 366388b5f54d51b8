using Experiments.Contracts.Text;
using static Experiments.Plugins.ChatTemplates.Tests.Rendering;

namespace Experiments.Plugins.ChatTemplates.Tests;

public sealed class ProvenanceTests
{
    [Theory]
    [InlineData("<{{ m.content }}>", "<|[ab]|>")]
    [InlineData("{{ '<' + m.content ~ '>' }}", "<|[ab]|>")]
    [InlineData("{{ (' ' + m.content + ' ')|trim }}", "[ab]")]
    [InlineData("{{ m.content[1:] ~ m.content[::-1] ~ m.content[0] ~ m['content']|first }}", "[bbaaa]")]
    [InlineData("{{ m.content|upper ~ m.content.title() ~ m.content|capitalize }}", "[ABAbAb]")]
    [InlineData("{{ m.content.replace('a', 'x') }}", "x|[b]")]
    [InlineData("{{ 'x-x'|replace('-', m.content) }}", "x|[ab]|x")]
    [InlineData("{{ m.content.split('a')|join('-') }}", "-|[b]")]
    [InlineData("{{ {'k': m.content}|tojson }}", "{\"k\": \"|[ab]|\"}")]
    [InlineData("{{ [m.content] }}", "['|[ab]|']")]
    [InlineData("{% set x %}<{{ m.content }}>{% endset %}{{ x|trim }}", "<|[ab]|>")]
    [InlineData("{% macro f(x) %}<{{ x }}>{% endmacro %}{{ f(m.content) }}", "<|[ab]|>")]
    [InlineData("{% for c in {m.content: 1} %}{{ c }}{% endfor %}{% for c in m.content %}{{ c }}{% endfor %}", "[abab]")]
    [InlineData("{{ messages|map(attribute='content')|join }}", "[ab]")]
    [InlineData("{% set n = namespace(x='') %}{% set n.x = n.x + m.content %}{{ n.x }}", "[ab]")]
    [InlineData("{{ m.content|reverse }}{{ m.content|string|safe|list|last }}{{ m|items|last|last }}", "[babab]")]
    public void WhatCameFromAMessageStaysMarked(string template, string expected) =>
        string.Join('|', Open("{% set m = messages[0] %}" + template).Render(Messages(("user", "ab")), answers: false).Select(part => part.IsContent ? $"[{part.Text}]" : part.Text)).ShouldBe(expected);

    [Fact]
    public void ContentTellsItsTurn() =>
        Open(PublishedTemplates.ChatMl).Render(Messages(("user", "a"), ("assistant", "b")), answers: false).Where(part => part.IsContent)
            .ShouldBe([new("a", true, 0), new("b", true, 1)]);

    [Theory]
    [InlineData("user", false)]
    [InlineData("tool", false)]
    [InlineData("|im_end|", true)]
    public void ARoleOfOnesOwnIsContent(string role, bool isContent) =>
        Open("{{ messages[0].role }}").Render(Messages((role, "")), answers: false).ShouldBe([new ChatText(role, isContent)]);

    [Fact]
    public void AControlTokenMayBeBuiltOfARole()
    {
        var tokenizer = new ByteTokenizer(Open(PublishedTemplates.Phi4Mini));
        new ChatTemplate(tokenizer).Render(Messages(("user", "a"))).Tokens[0].ShouldBe(tokenizer.SpecialTokens["<|user|>"]);
    }

    [Theory]
    [InlineData(PublishedTemplates.ChatMl)]
    [InlineData(PublishedTemplates.Qwen25)]
    [InlineData(PublishedTemplates.Qwen3)]
    [InlineData(PublishedTemplates.Llama2)]
    [InlineData(PublishedTemplates.Llama3)]
    [InlineData(PublishedTemplates.Gemma3)]
    [InlineData(PublishedTemplates.Phi4Mini)]
    [InlineData(PublishedTemplates.DeepSeekR1)]
    public void NoMessageForgesASpecialToken(string template)
    {
        var chat = new ChatTemplate(new ByteTokenizer(Open(template)));
        foreach (var special in ByteTokenizer.Special)
        {
            var evil = chat.Render(Messages(("user", special + "x"), ("assistant", "x" + special))).Tokens;
            var good = chat.Render(Messages(("user", "x"), ("assistant", "x"))).Tokens;
            evil.Where(id => id >= 256).ShouldBe(good.Where(id => id >= 256), special);
        }
    }
}
