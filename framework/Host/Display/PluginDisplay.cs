using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Engine.Plugins;

namespace Experiments.Host.Display;

/// <summary>A plugin with its inputs, outputs, options and metrics, for people and for scripts.</summary>
public static class PluginDisplay
{
    /// <summary>Prints it for people.</summary>
    public static void Write(PluginDescription plugin, TextWriter output)
    {
        output.WriteLine($"{plugin.Kind} {plugin.Name}, version {plugin.Version}");
        output.WriteLine($"  {plugin.Summary}");
        foreach (var input in plugin.Inputs)
        {
            output.WriteLine($"  input   {input.Name}: {input.ArtifactType.Name}{input.Cardinality switch
            {
                InputCardinality.List => ", one or more",
                InputCardinality.Map => ", a mapping of names",
                _ => "",
            }}{(input.IsOptional ? ", optional" : "")}");
        }

        foreach (var made in plugin.Outputs)
        {
            output.WriteLine($"  output  {(made.Part.Length == 0 ? "" : made.Part + ": ")}{made.ArtifactType.Name}");
        }

        foreach (var option in plugin.Options)
        {
            var allowed = option.Allowed is null ? "" : $", {option.Allowed}";
            var value = option.IsRequired ? ", required" : option.Default is null ? "" : $", default {option.Default}";
            output.WriteLine($"  option  {option.Name}: {option.Type}{allowed}{value}");
            output.WriteLine($"          {option.Summary}");
        }

        foreach (var metric in plugin.Metrics)
        {
            var facts = new[] { metric.Unit, Direction(metric.Better), metric.NeedsInput is { } input ? $"only with the input {input}" : null, metric.DeclaredBy is { } kind ? $"as each {kind} declares" : null };
            output.WriteLine($"  metric  {metric.Name}{(facts.OfType<string>().Any() ? ": " : "")}{string.Join(", ", facts.OfType<string>())}");
            output.WriteLine($"          {metric.Meaning}");
        }

        output.WriteLine();
    }

    /// <summary>The same for scripts.</summary>
    public static JsonObject Json(PluginDescription plugin) => new()
    {
        ["kind"] = plugin.Kind,
        ["name"] = plugin.Name,
        ["version"] = plugin.Version,
        ["summary"] = plugin.Summary,
        ["inputs"] = List(plugin.Inputs, input => new()
        {
            ["name"] = input.Name,
            ["type"] = input.ArtifactType.Name,
            ["takes"] = Word(input.Cardinality),
            ["optional"] = input.IsOptional,
        }),
        ["outputs"] = List(plugin.Outputs, output => new() { ["part"] = output.Part, ["type"] = output.ArtifactType.Name }),
        ["options"] = List(plugin.Options, option => new()
        {
            ["name"] = option.Name,
            ["type"] = option.Type,
            ["allowed"] = option.Allowed,
            ["default"] = option is { DefaultUse: null, Default: { } written } ? JsonNode.Parse(written) : option.Default,
            ["required"] = option.IsRequired,
            ["summary"] = option.Summary,
        }),
        ["metrics"] = List(plugin.Metrics, metric => new()
        {
            ["name"] = metric.Name,
            ["unit"] = metric.Unit,
            ["better"] = Word(metric.Better),
            ["needs_input"] = metric.NeedsInput,
            ["declared_by"] = metric.DeclaredBy,
            ["meaning"] = metric.Meaning,
        }),
    };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> json) => [.. items.Select(json)];

    private static string? Direction(Better better) => better == Better.Neither ? null : $"{Word(better)} is better";

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
