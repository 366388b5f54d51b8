using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Engine.Plugins;

namespace Experiments.Host.Estimates;

/// <summary>What the files of artifacts tell of their sizes, without libtorch.</summary>
/// <param name="catalog">Opens tokenizers and knows architectures.</param>
public sealed class ArtifactSizes(PluginCatalog catalog)
{
    /// <summary>What is known; nothing of an artifact that tells nothing.</summary>
    public StageSize Of(Artifact artifact) => artifact switch
    {
        Tokenizer => new() { VocabularySize = catalog.OpenTokenizer(artifact.Folder).VocabularySize },
        TokenShards tokens => new() { Tokens = Count(tokens) },
        Conversations conversations => new() { Rows = conversations.Read().LongCount() },
        Problems problems => new() { Rows = problems.Read().LongCount() },
        Checkpoint => OfCheckpoint(artifact.Folder),
        _ => new(),
    };

    private static long Count(TokenShards tokens)
    {
        var count = 0L;
        foreach (var shard in tokens.Open(TokenShards.Train))
        {
            using (shard)
            {
                count += shard.Count;
            }
        }

        return count;
    }

    private StageSize OfCheckpoint(string folder)
    {
        if (!ModelRecord.IsIn(folder))
        {
            return new();
        }

        var (architecture, vocabulary) = ModelRecord.Read(folder);
        return new() { VocabularySize = vocabulary, Architecture = architecture, Model = catalog.Create<IModelArchitecture>(architecture).Size(vocabulary) };
    }
}
