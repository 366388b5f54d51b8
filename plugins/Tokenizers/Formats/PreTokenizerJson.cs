using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts.Artifacts;
using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>The <c>pre_tokenizer</c> of a tokenizer.json: the forms that amount to one of the known patterns.</summary>
internal static class PreTokenizerJson
{
    private static readonly SplitPattern[] BySplit = [SplitPattern.Digits, SplitPattern.Gpt4, SplitPattern.O200k];

    /// <summary>Recognises a pattern.</summary>
    /// <exception cref="InvalidDataException">It is none of the known ones.</exception>
    public static PieceSplitter Read(JsonElement preTokenizer)
    {
        JsonElement[] steps = preTokenizer.OptionalText("type") == "Sequence" ? [.. preTokenizer.GetProperty("pretokenizers").EnumerateArray()] : [preTokenizer];
        if (steps is [.., var last] && last.OptionalText("type") == "ByteLevel" && !Flag(last, "add_prefix_space", absent: true))
        {
            var cutsAgain = Flag(last, "use_regex", absent: true);
            switch (steps)
            {
                case [_] when cutsAgain:
                    return new PublishedSplitter(SplitPattern.Gpt2);
                case [var digits, _] when cutsAgain && digits.OptionalText("type") == "Digits" && Flag(digits, "individual_digits", absent: false):
                    return new PublishedSplitter(SplitPattern.Gpt2Digits);
                case [var split, _] when !cutsAgain && split.OptionalText("type") == "Split" && split.OptionalText("behavior") == "Isolated" && !Flag(split, "invert", absent: false):
                    var expression = split.GetProperty("pattern").OptionalText("Regex");
                    var found = Array.FindIndex(BySplit, pattern => pattern.Expression() == expression);
                    return found >= 0 ? new PublishedSplitter(BySplit[found]) : throw Unknown($"the expression {expression}");
            }
        }

        throw Unknown(preTokenizer.GetRawText());
    }

    /// <summary>The form that Hugging Face's own tokenizers use for a pattern.</summary>
    public static JsonObject Write(PieceSplitter splitter) => ((PublishedSplitter)splitter).Pattern switch
    {
        SplitPattern.Gpt2 => ByteLevel(useExpression: true),
        SplitPattern.Gpt2Digits => Sequence(new() { ["type"] = "Digits", ["individual_digits"] = true }, ByteLevel(useExpression: true)),
        var pattern => Sequence(
            new()
            {
                ["type"] = "Split",
                ["pattern"] = new JsonObject { ["Regex"] = pattern.Expression() },
                ["behavior"] = "Isolated",
                ["invert"] = false,
            },
            ByteLevel(useExpression: false)),
    };

    /// <summary>The step that turns bytes into letters, and the decoder that undoes it.</summary>
    public static JsonObject ByteLevel(bool useExpression) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = useExpression };

    private static JsonObject Sequence(JsonObject first, JsonObject second) => new() { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(first, second) };

    private static bool Flag(JsonElement step, string name, bool absent) => step.TryGetProperty(name, out var value) ? value.GetBoolean() : absent;

    private static InvalidDataException Unknown(string what) => new(
        $"pre_tokenizer: {what} is none of the known patterns. Known: ByteLevel (GPT-2), Digits + ByteLevel (SmolLM2), and Split + ByteLevel with the "
        + $"expression of Qwen2, GPT-4 (cl100k) or GPT-4o (o200k); none with add_prefix_space.");
}
