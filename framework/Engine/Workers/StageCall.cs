using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Plugins;

namespace Experiments.Engine.Workers;

/// <summary>Calls a stage: makes its inputs, runs it, and checks that it made all declared outputs.</summary>
public static class StageCall
{
    /// <summary>Runs a stage.</summary>
    /// <exception cref="InvalidOperationException">A declared part of the output is missing.</exception>
    public static async Task RunAsync(
        PluginCatalog catalog, PluginDescription plugin, IStage stage, IReadOnlyList<AttemptInput> inputs, StageContext context, CancellationToken cancellationToken)
    {
        var record = PluginReflection.CreateInputs(plugin, input => MakeInput(catalog, input, inputs.FirstOrDefault(given => given.Name == input.Name)));
        await PluginReflection.RunAsync(plugin, stage, record, context, cancellationToken).ConfigureAwait(false);
        if (plugin.Outputs.FirstOrDefault(output => !Directory.Exists(Path.Combine(context.OutputFolder, output.Part))) is { } missing)
        {
            throw new InvalidOperationException($"The stage did not make its output '{missing.Part}' in {context.OutputFolder}.");
        }
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
