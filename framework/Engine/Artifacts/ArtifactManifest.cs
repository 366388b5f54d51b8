using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// <c>artifact.json</c>: what an artifact folder holds and everything that determined it. It is written last, so a
/// folder that has it is complete.
/// </summary>
public sealed record ArtifactManifest
{
    private const string ChecksumKey = "\"checksum\"";

    /// <summary>The stage plugin and its version, <c>train-bpe@1</c>.</summary>
    public required string Plugin { get; init; }

    /// <summary>The key: SHA-256 of <see cref="Identity"/>.</summary>
    public required string Key { get; init; }

    /// <summary>Everything that determined the output: plugin, options, seed, digests of the inputs.</summary>
    public required JsonObject Identity { get; init; }

    /// <summary>Every option with its value, including options that cannot change the output.</summary>
    public required JsonNode Options { get; init; }

    /// <summary>The keys of the artifacts that it was made from.</summary>
    public required IReadOnlyList<string> Parents { get; init; }

    /// <summary>The external files that it was made from; null in older manifests, which did not record them.</summary>
    public IReadOnlyList<ExternalSource>? Sources { get; init; }

    /// <summary>The parts; a single one with an empty name when the stage makes one artifact.</summary>
    public required IReadOnlyList<StoredPart> Parts { get; init; }

    /// <summary>The last value of each metric.</summary>
    public required IReadOnlyDictionary<string, double> Results { get; init; }

    /// <summary>The machine and the software that made it.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>
    /// The metrics that were recorded while it was made. The file is part of the artifact but not of its digest.
    /// </summary>
    public StoredFile? Metrics { get; init; }

    /// <summary>
    /// The code of the stage's plugin and of the plugins nested in its options; null in older manifests.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PluginCode>? Code { get; init; }

    /// <summary>
    /// Other code of these plugins, which made a checkpoint or pieces that the present code went on from; null when
    /// there was none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PluginCode>? EarlierCode { get; init; }

    /// <summary>When it was finished.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>
    /// Time that the finishing run spent on it. Time spent by earlier, interrupted runs is not included. Unit: seconds.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>SHA-256 of the manifest's text before this line.</summary>
    [JsonPropertyOrder(int.MaxValue)]
    public string? Checksum { get; init; }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidDataException">The file is incomplete, was changed, or is not a manifest.</exception>
    public static ArtifactManifest Read(string path)
    {
        try
        {
            var text = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path));
            var json = JsonNode.Parse(text) as JsonObject ?? throw new InvalidDataException("not a JSON object");
            var end = text.LastIndexOf(ChecksumKey, StringComparison.Ordinal);
            return end >= 0 && (string?)json["checksum"] == Digest.OfText(text[..end]) ? ManifestReader.Read(json) : throw new InvalidDataException("altered since it was written");
        }
        catch (Exception problem) when (problem is JsonException or NotAFileException or ArgumentException or InvalidDataException or InvalidOperationException or InvalidCastException or FormatException)
        {
            throw new InvalidDataException($"{path}: not a valid artifact manifest: {problem.Message}", problem);
        }
    }

    /// <summary>The manifest as indented JSON, with its checksum.</summary>
    public string ToJson()
    {
        var text = JsonSerializer.Serialize(this with { Checksum = "" }, ManifestJson.Default.ArtifactManifest);
        var end = text.LastIndexOf(ChecksumKey, StringComparison.Ordinal);
        return $"{text[..end]}{ChecksumKey}: \"{Digest.OfText(text[..end])}\"\n}}";
    }
}

/// <summary>One part of a stage's output.</summary>
/// <param name="Name">The subfolder, or empty when the part is the whole folder.</param>
/// <param name="Type">The artifact type.</param>
/// <param name="Digest">SHA-256 over its files. Two parts with the same digest hold the same bytes.</param>
/// <param name="Files">Its files, with paths relative to the part.</param>
public sealed record StoredPart(string Name, string Type, string Digest, IReadOnlyList<StoredFile> Files);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ArtifactManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
