using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Experiments.Contracts.Reports;

/// <summary>The form of <c>report.json</c>, the file of a report that programs read.</summary>
public static class ReportJson
{
    /// <summary>The file's name.</summary>
    public const string FileName = "report.json";

    /// <summary>Names in snake_case, indented, without nulls; numbers that are not finite as <c>"NaN"</c> and <c>"Infinity"</c>.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Writes the file into a report's folder.</summary>
    public static void Write<T>(string folder, T report) =>
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(report, Options) + "\n");
}
