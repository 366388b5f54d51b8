using Experiments.Contracts.Text;
using static Experiments.Plugins.ChatTemplates.Tests.Rendering;

namespace Experiments.Plugins.ChatTemplates.Tests;

public sealed class MaskTests
{
    private static readonly Message[] Talk = Messages(("user", "1+1?"), ("assistant", "2"), ("user", "2?"), ("assistant", "two"));

    [Theory]
    [InlineData(PublishedTemplates.ChatMl, "2<|im_end|>", "two<|im_end|>", "<|im_end|>")]
    [InlineData(PublishedTemplates.Qwen25, "2<|im_end|>", "two<|im_end|>", "<|im_end|>")]
    [InlineData(PublishedTemplates.Qwen3, "2<|im_end|>", "<think>\n\n</think>\n\ntwo<|im_end|>", "<|im_end|>")]
    [InlineData(PublishedTemplates.Llama2, " 2 </s>", " two </s>", "</s>")]
    [InlineData(PublishedTemplates.Llama3, "2<|eot_id|>", "two<|eot_id|>", "<|eot_id|>")]
    [InlineData(PublishedTemplates.Llama32, "2<|eot_id|>", "two<|eot_id|>", "<|eot_id|>")]
    [InlineData(PublishedTemplates.Mistral, "2</s>", "two</s>", "</s>")]
    [InlineData(PublishedTemplates.MistralV3, " 2</s>", " two</s>", "</s>")]
    [InlineData(PublishedTemplates.Gemma2, "2<end_of_turn>", "two<end_of_turn>", "<end_of_turn>")]
    [InlineData(PublishedTemplates.Gemma3, "2<end_of_turn>", "two<end_of_turn>", "<end_of_turn>")]
    [InlineData(PublishedTemplates.Phi3, "2<|end|>", "two<|end|>", "<|end|>")]
    [InlineData(PublishedTemplates.Phi4Mini, "2<|end|>", "two<|end|>", "<|end|>")]
    [InlineData(PublishedTemplates.Phi4, "2<|im_end|>", "two<|im_end|>", "<|im_end|>")]
    [InlineData(PublishedTemplates.Zephyr, "2</s>", "two</s>", "</s>")]
    [InlineData(PublishedTemplates.Tulu, "2</s>", "two</s>", "</s>")]
    [InlineData(PublishedTemplates.DeepSeekR1, "2<｜end▁of▁sentence｜>", "two<｜end▁of▁sentence｜>", "<｜end▁of▁sentence｜>")]
    public void LearnedIsWhatTheAssistantWrites(string template, string first, string second, string end)
    {
        var tokenizer = new ByteTokenizer(Open(template));
        var chat = new ChatTemplate(tokenizer);
        var (tokens, learned) = chat.Render(Talk);
        tokenizer.Decode([.. tokens.Where((_, index) => learned[index])]).ShouldBe(first + second);
        learned.Zip(learned.Skip(1)).Count(pair => !pair.First && pair.Second).ShouldBe(2);
        chat.EndOfTurn.ShouldBe(tokenizer.SpecialTokens[end]);
    }

    [Theory]
    [InlineData(PublishedTemplates.ChatMl)]
    [InlineData(PublishedTemplates.Qwen3)]
    [InlineData(PublishedTemplates.Llama2)]
    [InlineData(PublishedTemplates.Llama32)]
    [InlineData(PublishedTemplates.Gemma3)]
    [InlineData(PublishedTemplates.Phi3)]
    public void WhatIsLearnedBeginsWhereThePromptEnds(string template)
    {
        var chat = new ChatTemplate(new ByteTokenizer(Open(template)));
        var (tokens, learned) = chat.Render(Talk);
        var prompt = chat.RenderPrompt(Talk[..3]);
        tokens[..prompt.Length].ShouldBe(prompt);
        learned[prompt.Length..].TakeWhile(isLearned => isLearned).ShouldNotBeEmpty();
        learned[prompt.Length - 1].ShouldBeFalse();
    }

    [Theory]
    [InlineData(PublishedTemplates.Qwen25)]
    [InlineData(PublishedTemplates.Llama32)]
    public void ATemplateThatLooksAtTheFirstMessageMayBeginWithTheAssistant(string template)
    {
        var tokenizer = new ByteTokenizer(Open(template));
        var (tokens, learned) = new ChatTemplate(tokenizer).Render(Messages(("assistant", "hello")));
        tokenizer.Decode([.. tokens.Where((_, index) => learned[index])]).ShouldStartWith("hello<|");
    }

    [Fact]
    public void AnAnswerThatSaysNothingStillEnds()
    {
        var tokenizer = new ByteTokenizer(Open(PublishedTemplates.ChatMl));
        var (tokens, learned) = new ChatTemplate(tokenizer).Render(Messages(("user", "a"), ("assistant", ""), ("user", "b")));
        tokenizer.Decode([.. tokens.Where((_, index) => learned[index])]).ShouldBe("<|im_end|>");
    }
}
