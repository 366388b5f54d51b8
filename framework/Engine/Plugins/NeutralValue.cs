using System.Collections;
using System.Globalization;
using System.Text.Json;
using Experiments.Contracts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>
/// The value of an <see cref="AddedLaterAttribute"/> as a piece of a recipe, so that it is bound like any other value.
/// </summary>
internal static class NeutralValue
{
    /// <summary>The value as nodes; for a mapping, an empty array means an empty mapping.</summary>
    public static RecipeNode Read(object value, ValueShape shape)
    {
        var place = SourceLocation.Of("[AddedLater]");
        return value switch
        {
            string text => new ScalarNode(place, text, IsPlain: false),
            bool truth => new ScalarNode(place, truth ? "true" : "false"),
            Enum choice => new ScalarNode(place, JsonNamingPolicy.KebabCaseLower.ConvertName(choice.ToString())),
            IEnumerable when shape is MapShape => new MappingNode(place, []),
            IEnumerable items => new SequenceNode(place, [.. items.Cast<object>().Select(item => Read(item, shape))]),
            _ => new ScalarNode(place, Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
        };
    }
}
