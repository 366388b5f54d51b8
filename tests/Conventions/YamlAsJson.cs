using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using YamlDotNet.RepresentationModel;

namespace Experiments.Conventions.Tests;

/// <summary>YAML as an editor sees it: JSON by the core schema of YAML 1.2.</summary>
internal static partial class YamlAsJson
{
    public static JToken Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Convert(stream.Documents[0].RootNode);
    }

    private static JToken Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JObject(map.Children.Select(entry => new JProperty(((YamlScalarNode)entry.Key).Value!, Convert(entry.Value)))),
        YamlSequenceNode list => new JArray(list.Children.Select(Convert)),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain => Plain(plain.Value!),
        _ => new JValue(((YamlScalarNode)node).Value),
    };

    private static JValue Plain(string text) =>
        text is "" or "~" or "null" ? JValue.CreateNull()
        : text is "true" or "false" ? new JValue(text == "true")
        : Whole().IsMatch(text) ? new JValue(long.Parse(text, CultureInfo.InvariantCulture))
        : !Number().IsMatch(text) ? new JValue(text)
        : double.Parse(text, CultureInfo.InvariantCulture) is var number && number == Math.Floor(number) ? new JValue((long)number)
        : new JValue(number);

    [GeneratedRegex("^[-+]?[0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
