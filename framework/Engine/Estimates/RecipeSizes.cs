using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Sizing;
using Experiments.Engine.Planning;
using Experiments.Engine.Plugins;
using Experiments.Engine.Plugins.Foreign;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Estimates;

/// <summary>A planned stage and what is known about its size.</summary>
/// <param name="Planned">The stage.</param>
/// <param name="Size">What is known about its size.</param>
public sealed record SizedStage(PlannedStage Planned, StageSize Size);

/// <summary>
/// Asks the stages of a plan for their sizes. Each stage is told what is known about its inputs: from the files if they
/// exist, otherwise from the stages that make them. The size of a stage that uses a plugin file is unknown, unless the
/// catalog is trusted, because only the file's code tells it.
/// </summary>
/// <param name="catalog">Creates the stages.</param>
/// <param name="ofFiles">Reads the size of an artifact from its files.</param>
public sealed class RecipeSizes(PluginCatalog catalog, Func<Artifact, StageSize> ofFiles)
{
    private static readonly StageSize Unknown = new();
    private readonly Dictionary<string, SizedStage> _sized = [];

    /// <summary>The sizes of a plan's stages, in its order.</summary>
    public IReadOnlyList<SizedStage> Of(IReadOnlyList<PlannedStage> plan)
    {
        foreach (var planned in plan)
        {
            _sized[planned.Stage.Name] = new(planned, Size(planned.Stage));
        }

        return [.. plan.Select(planned => _sized[planned.Stage.Name])];
    }

    /// <summary>Whether the size of a stage cannot be asked for, because that would run code of a plugin file.</summary>
    public bool IsUnsized(BoundStage stage) => !stage.Plugins.All(catalog.Makes);

    private StageSize Size(BoundStage stage) =>
        !IsUnsized(stage) && catalog.Create<IStage>(JsonSerializer.SerializeToElement(stage.Full)) is ISizedStage sized ? sized.Size(Inputs(stage)) : Unknown;

    private Dictionary<string, StageSize> Inputs(BoundStage stage) => stage.Inputs
        .Select(input => KeyValuePair.Create(input.Name, Together([.. input.Sources.Select(Of)])))
        .Where(pair => pair.Value != Unknown)
        .ToDictionary();

    private StageSize Of(InputSource source) => source switch
    {
        StageOutput output when _sized[output.Stage] is { Planned.Artifact: { } made } sized => Over(Found(source.ArtifactType, made.Locate(output.Part)), sized.Size),
        StageOutput output => _sized[output.Stage].Size with { Training = null },
        ExternalFiles external => Found(source.ArtifactType, new ArtifactLocation(Folder(external), external.Files)),
        _ => Unknown,
    };

    private StageSize Found(Type type, ArtifactLocation location)
    {
        try
        {
            return catalog.IsForeign(type) ? Unknown : ofFiles(PluginReflection.CreateArtifact(type, location));
        }
        catch (ForeignPluginException)
        {
            return Unknown; // a checkpoint of a plugin file's model
        }
    }

    /// <summary>
    /// The folder of external files. If the files come from several folders, the folder of the first file is used.
    /// </summary>
    private static string Folder(ExternalFiles external) => Path.GetDirectoryName(external.Files[0])!;

    private static StageSize Over(StageSize found, StageSize told) => new()
    {
        VocabularySize = found.VocabularySize ?? told.VocabularySize,
        Tokens = found.Tokens ?? told.Tokens,
        Rows = found.Rows ?? told.Rows,
        Architecture = found.Architecture ?? told.Architecture,
        Model = found.Model ?? told.Model,
    };

    /// <summary>
    /// The size of an input with several sources: numbers are added if all are known; everything else is taken from the
    /// first.
    /// </summary>
    private static StageSize Together(IReadOnlyList<StageSize> sizes) => sizes.Count switch
    {
        0 => Unknown,
        1 => sizes[0],
        _ => sizes[0] with { Tokens = Sum(sizes.Select(size => size.Tokens)), Rows = Sum(sizes.Select(size => size.Rows)) },
    };

    private static long? Sum(IEnumerable<long?> numbers) => numbers.Aggregate((long?)0, (sum, number) => sum + number);
}
