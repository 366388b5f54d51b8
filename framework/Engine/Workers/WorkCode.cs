using System.Text.Json;
using System.Text.Json.Serialization;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>
/// The code that made unfinished work: the checkpoints of an attempt, or the pieces of a stage. The file
/// <c>code.json</c> in the folder of that work names it, so that other code does not go on from it without a word.
/// </summary>
public static class WorkCode
{
    private const string FileName = "code.json";

    /// <summary>The code that took part in the work of a folder; empty when it is unknown.</summary>
    public static IReadOnlyList<PluginCode> Read(string folder)
    {
        try
        {
            var code = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FileName)), WorkCodeJson.Default.IReadOnlyListPluginCode);
            return code is not null && code.All(each => each is { Kind: not null, Plugin: not null, Digest: not null, Modules: not null }) ? code : [];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return []; // work of an older version, or damaged
        }
    }

    /// <summary>Records the code that takes part in the work of a folder.</summary>
    public static void Write(string folder, IReadOnlyList<PluginCode> code) =>
        DurableFiles.Replace(Path.Combine(folder, FileName), JsonSerializer.Serialize(code, WorkCodeJson.Default.IReadOnlyListPluginCode));

    /// <summary>The code among the earlier that differs from the present code of the same plugins.</summary>
    public static IReadOnlyList<PluginCode> Others(IEnumerable<PluginCode> earlier, IReadOnlyList<PluginCode> present) =>
        [.. earlier.Where(each => !present.Any(now => now.Kind == each.Kind && now.Plugin == each.Plugin && now.Digest == each.Digest))];

    /// <summary>What the user must know about work of other code.</summary>
    /// <param name="work">The work: <c>the checkpoint at step 120</c>.</param>
    /// <param name="others">The other code.</param>
    public static string Warning(string work, IReadOnlyList<PluginCode> others) =>
        $"goes on from {work}, which different code of {string.Join(" and ", others.Select(each => each.Plugin).Distinct())} made; --fresh starts again without it";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<PluginCode>))]
internal sealed partial class WorkCodeJson : JsonSerializerContext;
