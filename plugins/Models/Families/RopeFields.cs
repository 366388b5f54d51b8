using System.Text.Json.Nodes;

namespace Experiments.Plugins.Models.Families;

/// <summary>
/// Rotary positions in <c>config.json</c>: <c>rope_theta</c> and <c>rope_scaling</c>, or since transformers 5 both
/// together in <c>rope_parameters</c>.
/// </summary>
internal static class RopeFields
{
    public static JsonObject Write(RopeScaling scaling) => scaling.Kind == RopeScalingKind.Linear
        ? new() { ["rope_type"] = "linear", ["factor"] = scaling.Factor }
        : new()
        {
            ["rope_type"] = "llama3",
            ["factor"] = scaling.Factor,
            ["low_freq_factor"] = scaling.LowFrequencyFactor,
            ["high_freq_factor"] = scaling.HighFrequencyFactor,
            ["original_max_position_embeddings"] = scaling.OriginalContext,
        };

    public static (double Base, RopeScaling? Scaling) Read(ConfigFields config)
    {
        var ropeBase = config.Number("rope_theta", 10_000);
        if (config.Nested("rope_parameters") is { } parameters)
        {
            ropeBase = parameters.Number("rope_theta", ropeBase);
            return (ropeBase, Scaling(parameters));
        }

        return (ropeBase, config.Nested("rope_scaling") is { } scaling ? Scaling(scaling) : null);
    }

    private static RopeScaling? Scaling(ConfigFields fields)
    {
        var kind = fields.Text("rope_type", null) ?? fields.Text("type", "default");
        fields.Skip("type");
        RopeScaling? scaling = kind switch
        {
            "default" => null,
            "linear" => new() { Kind = RopeScalingKind.Linear, Factor = fields.Number("factor") },
            "llama3" => new()
            {
                Kind = RopeScalingKind.Llama3,
                Factor = fields.Number("factor"),
                LowFrequencyFactor = fields.Number("low_freq_factor"),
                HighFrequencyFactor = fields.Number("high_freq_factor"),
                OriginalContext = fields.Whole("original_max_position_embeddings"),
            },
            _ => throw fields.Problem("rope_type", kind!, "default, linear or llama3"),
        };
        fields.Finish([]);
        return scaling;
    }
}
