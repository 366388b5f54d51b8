using Experiments.Learning.Decoding;
using Experiments.Learning.Weights;
using Experiments.Plugins.Models.Families;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Import;

/// <summary>A checkpoint folder of Hugging Face's transformers.</summary>
internal sealed class HuggingFaceSource : ICheckpointSource
{
    public const string ConfigFile = "config.json";
    private const string HeadName = "lm_head.weight";
    private readonly string _folder;
    private readonly IModelFamily _family;
    private readonly CheckpointWeights _files;

    public HuggingFaceSource(string folder, IReadOnlyList<string> ignoredFields)
    {
        _folder = folder;
        var path = Path.Combine(folder, ConfigFile);
        var config = ConfigFields.Read(path);
        var architecture = config.Texts("architectures").FirstOrDefault() ?? "none";
        _family = ModelFamilies.Find(architecture) ?? throw config.Problem("architectures", architecture, string.Join(", ", ModelFamilies.Architectures));
        Options = _family.Options(config);
        VocabularySize = config.Whole("vocab_size");
        config.Finish(ignoredFields);
        _files = CheckpointWeights.Open(folder);
    }

    public string Description => _family.Architecture;

    public GptOptions Options { get; }

    public int VocabularySize { get; }

    public bool MayBePadded => true;

    public void ReadInto(TransformerWeights weights)
    {
        HashSet<string> wanted = [];
        foreach (var (name, value) in _family.NamedWeights(weights))
        {
            var stored = Stored(name);
            _files.ReadInto(stored, value);
            wanted.Add(stored);
        }

        foreach (var other in _files.Names.Where(name => !wanted.Contains(name) && !_family.IsBuffer(name)))
        {
            if (other != HeadName || !Options.TiedEmbeddings)
            {
                throw new InvalidDataException($"{_folder}: tensor '{other}' is not a weight of a {_family.Architecture} with this {ConfigFile}.");
            }

            CheckTied(weights.Embedding);
        }
    }

    public void Dispose() => _files.Dispose();

    /// <summary>
    /// A weight's name in the files. Models that were saved without their head do not have the prefix.
    /// </summary>
    private string Stored(string name) =>
        !_files.Names.Contains(name) && name.StartsWith(_family.Prefix, StringComparison.Ordinal) && _files.Names.Contains(name[_family.Prefix.Length..]) ? name[_family.Prefix.Length..] : name;

    private void CheckTied(Tensor embedding)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var head = empty_like(embedding);
        _files.ReadInto(HeadName, head);
        if (head.ne(embedding).any().item<bool>())
        {
            throw new InvalidDataException($"{_folder}: {ConfigFile} says that the head shares the embedding's weights, but '{HeadName}' has others. Set tie_word_embeddings to false, or remove the tensor.");
        }
    }
}
