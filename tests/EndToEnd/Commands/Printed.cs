using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Experiments.EndToEnd.Tests.Commands;

/// <summary>What a command printed, taken apart.</summary>
internal static partial class Printed
{
    /// <summary>The lines of a table, each as its cells.</summary>
    public static string[][] Rows(string output) => [.. Lines(output).Select(line => Gap().Split(line.Trim()))];

    /// <summary>The JSON objects of <c>--json</c>, one a line.</summary>
    public static IReadOnlyList<JsonObject> Json(string output) => [.. Lines(output).Select(line => JsonNode.Parse(line)!.AsObject())];

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(" {2,}", RegexOptions.NonBacktracking)]
    private static partial Regex Gap();
}
