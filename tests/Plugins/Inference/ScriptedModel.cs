using System.Text;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using Experiments.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Tests;

/// <summary>
/// A checkpoint whose model answers every chat prompt with the same bytes through the real decoder. No byte may occur
/// twice in the answer.
/// </summary>
internal static class ScriptedModel
{
    /// <summary>The plugins that open the checkpoint.</summary>
    public static object[] Plugins => [new ByteTokenizerFormat(), new ScriptedArchitecture(new([], 0))];

    /// <summary>Writes the checkpoint.</summary>
    /// <param name="folder">Folder of the checkpoint.</param>
    /// <param name="answer">
    /// The answer. After it the model ends its turn or, if <paramref name="stops"/> is false, begins again.
    /// </param>
    /// <param name="stops">Whether the model ends its turn.</param>
    /// <param name="contextLength">Context length of the model.</param>
    public static void Write(string folder, string answer, bool stops = true, int contextLength = 512)
    {
        // The answer follows the newline of the assistant's header.
        var bytes = Encoding.UTF8.GetBytes(answer).Select(value => (int)value).ToArray();
        int[] script = ['\n', .. bytes, stops ? ByteTokenizer.MessageEnd : bytes[0]];
        var options = new ScriptedOptions(script, contextLength);
        var source = new GivenPlugins(Plugins);
        using var model = TrainedModel.Create(GivenPlugins.Nested<IModelArchitecture>(new ScriptedArchitecture(options), options), folder, source, seed: 1);
        model.Save(folder);
    }
}

/// <summary>A tokenizer with one token per byte and the three control tokens.</summary>
internal sealed class ByteTokenizer : ITokenizer
{
    public const int MessageEnd = 258;
    private static readonly byte[][] Single = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];

    public int VocabularySize => 259;

    public IReadOnlyDictionary<string, int> SpecialTokens { get; } = new Dictionary<string, int>
    {
        [Tokenizers.EndOfText] = 256,
        [Tokenizers.MessageStart] = 257,
        [Tokenizers.MessageEnd] = MessageEnd,
    };

    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public int[] Encode(ReadOnlySpan<byte> utf8) => [.. utf8.ToArray().Select(value => (int)value)];

    public ReadOnlySpan<byte> Bytes(int id) => id < 256 ? Single[id] : [];

    public string Decode(ReadOnlySpan<int> ids) => Encoding.UTF8.GetString([.. ids.ToArray().Where(id => id < 256).Select(id => (byte)id)]);
}

/// <summary>Opens any folder as <see cref="ByteTokenizer"/>.</summary>
internal sealed class ByteTokenizerFormat : ITokenizerFormat
{
    public bool CanOpen(string folder) => true;

    public string Opens => "bytes";

    public ITokenizer Open(string folder, IPluginSource plugins) => new ByteTokenizer();
}

/// <summary>Settings of <see cref="ScriptedArchitecture"/>.</summary>
public sealed record ScriptedOptions(int[] Script, int ContextLength);

/// <summary>A table of bigrams: after each token of the script, the next one is almost certain.</summary>
[Plugin("scripted")]
public sealed class ScriptedArchitecture(ScriptedOptions options) : IModelArchitecture
{
    public LanguageModel Build(int vocabularySize, ulong seed) => new BigramModel(options, vocabularySize);
}

internal sealed class BigramModel : LanguageModel
{
    private readonly Parameter _table;

    public BigramModel(ScriptedOptions options, int vocabularySize)
        : base("bigrams", vocabularySize, options.ContextLength)
    {
        var table = zeros(vocabularySize, vocabularySize);
        foreach (var (token, next) in options.Script.Zip(options.Script.Skip(1)))
        {
            table[token, next] = 50;
        }

        _table = new Parameter(table);
        register_parameter("table", _table);
    }

    public override Tensor States(Tensor ids, Tensor? documents = null) => _table[ids];

    public override Tensor Logits(Tensor states) => states.contiguous();

    public override JsonObject HuggingFaceConfig() => [];
}
