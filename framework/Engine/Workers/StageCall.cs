using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Plugins;

namespace Experiments.Engine.Workers;

/// <summary>Calls a stage: makes its inputs, runs it, and checks that it made all declared outputs.</summary>
public static class StageCall
{
    /// <summary>Runs a stage.</summary>
    /// <returns>The parts of its output, with their files.</returns>
    /// <exception cref="InvalidOperationException">The stage did not return what it declares.</exception>
    /// <exception cref="InvalidDataException">The output folder cannot be kept as it is, or there is neither a file nor a
    /// metric.</exception>
    public static async Task<IReadOnlyList<FinishedPart>> RunAsync(
        PluginCatalog catalog, PluginDescription plugin, IStage stage, IReadOnlyList<AttemptInput> inputs, StageContext context, CancellationToken cancellationToken)
    {
        var record = PluginReflection.CreateInputs(plugin, input => MakeInput(catalog, input, inputs.FirstOrDefault(given => given.Name == input.Name)));
        var returned = await PluginReflection.RunAsync(plugin, stage, record, context, cancellationToken).ConfigureAwait(false);
        return FinishedPart.Some([.. plugin.Outputs.Select(output => Finish(output, returned, context.OutputFolder))], context.OutputFolder);
    }

    private static FinishedPart Finish(OutputDescription output, object? returned, string outputFolder)
    {
        var folder = Path.GetFullPath(Path.Combine(outputFolder, output.Part));
        var what = output.Part.Length == 0 ? output.ArtifactType.Name : $"{output.ArtifactType.Name} '{output.Part}'";
        var artifact = PluginReflection.PartOf(output, returned)
            ?? throw new InvalidOperationException($"The stage returned null instead of its {what}. Return the artifact of {folder}.");
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(artifact.Folder)) == Path.TrimEndingDirectorySeparator(folder)
            ? FinishedPart.Of(outputFolder, output.Part, output.ArtifactType.Name)
            : throw new InvalidOperationException($"The stage returned {what} in {artifact.Folder}, but only {folder} is kept. Write the output there, and return that folder.");
    }

    private static object? MakeInput(PluginCatalog catalog, InputDescription input, AttemptInput? given)
    {
        return (given, input.Cardinality) switch
        {
            (null, _) => null,
            (_, InputCardinality.One) => Make(given.Sources.Single()),
            (_, InputCardinality.List) => given.Sources.Select(Make).ToList(),
            _ => new OrderedDictionary<string, Artifact>(given.Sources.Select(source => KeyValuePair.Create(source.Label!, Make(source)))),
        };

        Artifact Make(AttemptSource source) => PluginReflection.CreateArtifact(
            catalog.FindArtifactType(source.Type) ?? throw new InvalidOperationException($"No plugin defines the artifact type '{source.Type}' of input '{input.Name}'."),
            source.Location);
    }
}
