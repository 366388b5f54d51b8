using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Experiments.Contracts.Artifacts;
using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>
/// The <c>pre_tokenizer</c> of a tokenizer.json: the steps Split, Digits, Punctuation and ByteLevel, alone or in a
/// Sequence. ByteLevel is required and must be last: it turns bytes into letters.
/// </summary>
internal static class PreTokenizerJson
{
    private const string Known = "Supported: ByteLevel, with Split, Digits and Punctuation before it in a Sequence";
    private const string Punctuation = @"[!-/:-@\[-`{-~\p{P}]";

    /// <summary>Reads the steps.</summary>
    /// <exception cref="InvalidDataException">A step is not supported; the message names its place.</exception>
    public static PieceSplitter Read(JsonElement preTokenizer)
    {
        var isSequence = preTokenizer.ValueKind == JsonValueKind.Object && preTokenizer.OptionalText("type") == "Sequence";
        JsonElement[] list = isSequence ? [.. preTokenizer.GetProperty("pretokenizers").EnumerateArray()] : [preTokenizer];
        List<SplitStep> steps = [];
        var hasByteLevel = false;
        foreach (var (index, step) in list.Index())
        {
            var place = isSequence ? $"pre_tokenizer.pretokenizers[{index}]" : "pre_tokenizer";
            if (hasByteLevel)
            {
                throw new InvalidDataException($"{place}: nothing may follow ByteLevel. {Known}.");
            }

            hasByteLevel = step.ValueKind == JsonValueKind.Object && step.OptionalText("type") == "ByteLevel";
            steps.AddRange(Steps(step, place));
        }

        return hasByteLevel ? PieceSplitters.Of(steps) : throw new InvalidDataException($"pre_tokenizer: ByteLevel is missing, so this is not a byte-level BPE. {Known}.");
    }

    /// <summary>The form that Hugging Face's own tokenizers use.</summary>
    public static JsonObject Write(PieceSplitter splitter) => splitter switch
    {
        PublishedSplitter { Pattern: SplitPattern.Gpt2 } => ByteLevel(useExpression: true),
        PublishedSplitter { Pattern: SplitPattern.Gpt2Digits } => Sequence([new() { ["type"] = "Digits", ["individual_digits"] = true }], useExpression: true),
        PublishedSplitter published => Sequence([Split(new(published.Pattern.Expression()))], useExpression: false),
        SequenceSplitter sequence => Sequence(sequence.Steps.Select(Split), useExpression: false),
        _ => throw new InvalidDataException($"tokenizer.json cannot express how {splitter.GetType().Name} splits text."),
    };

    /// <summary>The step that turns bytes into letters, which is also the decoder that turns them back.</summary>
    public static JsonObject ByteLevel(bool useExpression) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = useExpression };

    private static IEnumerable<SplitStep> Steps(JsonElement step, string place)
    {
        var type = step.ValueKind == JsonValueKind.Object ? step.OptionalText("type") : null;
        switch (type)
        {
            case "ByteLevel" when Flag(step, "add_prefix_space", absent: true):
                throw new InvalidDataException($"{place}: add_prefix_space must be false; a space before the text would not be the text.");
            case "ByteLevel":
                return Flag(step, "use_regex", absent: true) ? [new(SplitPattern.Gpt2.Expression())] : [];
            case "Digits":
                return [new(SplitPatterns.Digit) { Behavior = Flag(step, "individual_digits", absent: false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous }];
            case "Punctuation":
                return [new(Punctuation) { Behavior = Behavior(step, place, absent: "Isolated") }];
            case "Split":
                var pattern = step.GetProperty("pattern");
                var expression = pattern.OptionalText("Regex") ?? Literal(pattern.Text("String"));
                return [Checked(new(expression) { Behavior = Behavior(step, place, absent: null), IsInverted = Flag(step, "invert", absent: false) }, place)];
            default:
                throw new InvalidDataException($"{place}: the step {type ?? step.GetRawText()} is not supported. {Known}.");
        }
    }

    private static SplitStep Checked(SplitStep step, string place)
    {
        try
        {
            _ = PieceSplitters.Of([step]) is SequenceSplitter ? step.Compiled : null;
            return step;
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException($"{place}.pattern: {problem.Message}", problem);
        }
    }

    private static SplitBehavior Behavior(JsonElement step, string place, string? absent)
    {
        var name = step.OptionalText("behavior") ?? absent;
        return name is not null && Enum.TryParse<SplitBehavior>(name, out var behavior) && Enum.IsDefined(behavior)
            ? behavior
            : throw new InvalidDataException($"{place}.behavior: '{name}' is not supported, or loses text. Supported: {string.Join(", ", Enum.GetNames<SplitBehavior>())}.");
    }

    private static string Literal(string text) => Regex.Replace(text, @"[\\*+?|{}\[\]()^$.#]", @"\$0", RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);

    private static JsonObject Split(SplitStep step) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = step.Expression },
        ["behavior"] = step.Behavior.ToString(),
        ["invert"] = step.IsInverted,
    };

    private static JsonObject Sequence(IEnumerable<JsonObject> steps, bool useExpression) =>
        new() { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray([.. steps, ByteLevel(useExpression)]) };

    private static bool Flag(JsonElement step, string name, bool absent) => step.TryGetProperty(name, out var value) ? value.GetBoolean() : absent;
}
