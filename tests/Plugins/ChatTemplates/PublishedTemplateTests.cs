using static Experiments.Plugins.ChatTemplates.Tests.Rendering;

namespace Experiments.Plugins.ChatTemplates.Tests;

public sealed class PublishedTemplateTests
{
    private static readonly (string, string)[] Talk = [("user", "hi"), ("assistant", " yo "), ("user", "more")];
    private static readonly (string, string)[] Instructed = [("system", "be brief"), .. Talk[..2]];

    [Theory]
    [InlineData(PublishedTemplates.ChatMl, "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n yo <|im_end|>\n<|im_start|>user\nmore<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(PublishedTemplates.SmolLm2, "<|im_start|>system\nYou are SmolLM<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n yo <|im_end|>\n<|im_start|>user\nmore<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(PublishedTemplates.Qwen25, "<|im_start|>system\nYou are Qwen.<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n yo <|im_end|>\n<|im_start|>user\nmore<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(PublishedTemplates.Qwen3, "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n yo <|im_end|>\n<|im_start|>user\nmore<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(PublishedTemplates.Llama2, "<s>[INST] hi [/INST] yo </s><s>[INST] more [/INST]")]
    [InlineData(PublishedTemplates.Llama3, "<s><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nyo<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nmore<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData(PublishedTemplates.Llama32, "<s><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nyo<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nmore<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData(PublishedTemplates.Mistral, "<s>[INST] hi [/INST] yo </s>[INST] more [/INST]")]
    [InlineData(PublishedTemplates.MistralV3, "<s>[INST] hi[/INST] yo</s>[INST] more[/INST]")]
    [InlineData(PublishedTemplates.Gemma2, "<s><start_of_turn>user\nhi<end_of_turn>\n<start_of_turn>model\nyo<end_of_turn>\n<start_of_turn>user\nmore<end_of_turn>\n<start_of_turn>model\n")]
    [InlineData(PublishedTemplates.Gemma3, "<s><start_of_turn>user\nhi<end_of_turn>\n<start_of_turn>model\nyo<end_of_turn>\n<start_of_turn>user\nmore<end_of_turn>\n<start_of_turn>model\n")]
    [InlineData(PublishedTemplates.Phi3, "<|user|>\nhi<|end|>\n<|assistant|>\n yo <|end|>\n<|user|>\nmore<|end|>\n<|assistant|>\n")]
    [InlineData(PublishedTemplates.Phi4Mini, "<|user|>hi<|end|><|assistant|> yo <|end|><|user|>more<|end|><|assistant|>")]
    [InlineData(PublishedTemplates.Phi4, "<|im_start|>user<|im_sep|>hi<|im_end|><|im_start|>assistant<|im_sep|> yo <|im_end|><|im_start|>user<|im_sep|>more<|im_end|><|im_start|>assistant<|im_sep|>")]
    [InlineData(PublishedTemplates.Zephyr, "<|user|>\nhi</s>\n<|assistant|>\n yo </s>\n<|user|>\nmore</s>\n<|assistant|>\n")]
    [InlineData(PublishedTemplates.Tulu, "<s><|user|>\nhi\n<|assistant|>\n yo </s>\n<|user|>\nmore\n<|assistant|>\n")]
    [InlineData(PublishedTemplates.DeepSeekR1, "<s><｜User｜>hi<｜Assistant｜> yo <｜end▁of▁sentence｜><｜User｜>more<｜Assistant｜><think>\n")]
    public void ATemplateAsksForAnAnswer(string template, string expected) => Text(template, answers: true, Talk).ShouldBe(expected);

    [Theory]
    [InlineData(PublishedTemplates.ChatMl, "<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n yo <|im_end|>\n")]
    [InlineData(PublishedTemplates.Qwen25, "<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n yo <|im_end|>\n")]
    [InlineData(PublishedTemplates.Qwen3, "<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n yo <|im_end|>\n")]
    [InlineData(PublishedTemplates.Llama2, "<s>[INST] <<SYS>>\nbe brief\n<</SYS>>\n\nhi [/INST] yo </s>")]
    [InlineData(PublishedTemplates.Llama32, "<s><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\nbe brief<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nyo<|eot_id|>")]
    [InlineData(PublishedTemplates.MistralV3, "<s>[INST] hi[/INST] yo</s>")]
    [InlineData(PublishedTemplates.Gemma3, "<s><start_of_turn>user\nbe brief\n\nhi<end_of_turn>\n<start_of_turn>model\nyo<end_of_turn>\n")]
    [InlineData(PublishedTemplates.Phi3, "<|system|>\nbe brief<|end|>\n<|user|>\nhi<|end|>\n<|assistant|>\n yo <|end|>\n</s>")]
    [InlineData(PublishedTemplates.Zephyr, "<|system|>\nbe brief</s>\n<|user|>\nhi</s>\n<|assistant|>\n yo </s>\n")]
    [InlineData(PublishedTemplates.Tulu, "<s><|system|>\nbe brief\n<|user|>\nhi\n<|assistant|>\n yo </s>")]
    [InlineData(PublishedTemplates.DeepSeekR1, "<s>be brief<｜User｜>hi<｜Assistant｜> yo <｜end▁of▁sentence｜>")]
    public void AWholeConversationIsRendered(string template, string expected) => Text(template, answers: false, Instructed).ShouldBe(expected);

    [Theory]
    [InlineData(PublishedTemplates.Llama2, "Conversation roles must alternate user/assistant/user/assistant/...")]
    [InlineData(PublishedTemplates.Mistral, "Conversation roles must alternate user/assistant/user/assistant/...")]
    [InlineData(PublishedTemplates.Gemma3, "Conversation roles must alternate user/assistant/user/assistant/...")]
    public void ATemplateRefusesInItsOwnWords(string template, string problem) => Problem(template, ("user", "a"), ("user", "b")).ShouldEndWith(problem);

    [Fact]
    public void ThoughtsOfEarlierTurnsAreForgotten() =>
        Text(PublishedTemplates.Qwen3, answers: false, ("user", "1+1?"), ("assistant", "<think>\neasy\n</think>\n\n2"), ("user", "2+2?"), ("assistant", "<think>\nhm\n</think>\n\n4"))
            .ShouldBe("<|im_start|>user\n1+1?<|im_end|>\n<|im_start|>assistant\n2<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n<think>\nhm\n</think>\n\n4<|im_end|>\n");

    [Fact]
    public void AToolsAnswerIsRendered() =>
        Text(PublishedTemplates.Qwen25, answers: false, ("user", "weather?"), ("tool", "sunny"), ("tool", "warm"))
            .ShouldEndWith("<|im_start|>user\n<tool_response>\nsunny\n</tool_response>\n<tool_response>\nwarm\n</tool_response><|im_end|>\n");
}
