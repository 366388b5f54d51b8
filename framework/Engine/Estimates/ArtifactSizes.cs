using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using Experiments.Engine.Plugins;

namespace Experiments.Engine.Estimates;

/// <summary>Reads the sizes of artifacts from their files, without libtorch.</summary>
/// <param name="catalog">Opens tokenizers and creates architectures.</param>
public sealed class ArtifactSizes(PluginCatalog catalog)
{
    /// <summary>The size of an artifact. What its files do not tell is null.</summary>
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
        return new() { VocabularySize = vocabulary, Architecture = architecture, Model = catalog.Create<ISizedArchitecture>(architecture).Size(vocabulary) };
    }
}
