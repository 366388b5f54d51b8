using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>One value for each parameter of a sweep.</summary>
/// <param name="Values">The values by parameter name, in the order of the parameters.</param>
public sealed record SweepPoint(IReadOnlyList<KeyValuePair<string, JsonNode?>> Values)
{
    /// <summary>The value of a parameter.</summary>
    public JsonNode? this[string parameter] => Values.First(value => value.Key == parameter).Value;

    /// <summary>As JSON, in order.</summary>
    public JsonObject ToJson() => new(Values.Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone())));

    /// <summary>The point of a JSON object.</summary>
    public static SweepPoint Read(JsonObject json) => new([.. json.Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone()))]);

    /// <summary>The <c>--set</c> values that run the recipe at this point.</summary>
    public IEnumerable<string> Sets(IReadOnlyList<SweepParameter> parameters) => parameters.Select(parameter => Set(parameter, this[parameter.Name]));

    /// <summary>The <c>--set</c> value that gives a parameter a value.</summary>
    internal static string Set(SweepParameter parameter, JsonNode? value) => $"{parameter.Path}={YamlText.Of(ReferenceSyntax.Escape(value))}";

    /// <summary>A value for people to read: numbers with six significant digits.</summary>
    public static string Show(JsonNode? value) =>
        value is JsonValue number && number.GetValueKind() == System.Text.Json.JsonValueKind.Number
            ? double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture)
                .ToString("G6", CultureInfo.InvariantCulture)
                .Replace("E-0", "e-", StringComparison.Ordinal)
                .Replace("E", "e", StringComparison.Ordinal)
            : YamlText.Of(value);

    /// <summary>Whether another point has the same values.</summary>
    public bool Equals(SweepPoint? other) => other is not null && CanonicalJson.Text(ToJson()) == CanonicalJson.Text(other.ToJson());

    /// <inheritdoc/>
    public override int GetHashCode() => CanonicalJson.Text(ToJson()).GetHashCode(StringComparison.Ordinal);

    /// <summary><c>lr 0.0003, layers 4</c>.</summary>
    public override string ToString() => string.Join(", ", Values.Select(value => $"{value.Key} {Show(value.Value)}"));
}
