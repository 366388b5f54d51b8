using System.Text.Json;
using Experiments.Contracts.Text;

namespace Experiments.Contracts.Artifacts;

/// <summary>
/// Problems with checkable answers: JSON lines with <c>prompt, answer</c> and optionally <c>kind</c>. GSM8K lines
/// (<c>question</c>, and an <c>answer</c> that ends in <c>#### N</c>) are also read; their answer is N.
/// </summary>
public sealed class Problems(ArtifactLocation location) : Artifact(location)
{
    private const string Gsm8kMark = "####";

    /// <summary>Reads the problems of all files, one at a time.</summary>
    /// <exception cref="InvalidDataException">
    /// A line has none of the known shapes. The message names file and line.
    /// </exception>
    public IEnumerable<Problem> Read() => JsonLines.Read(Files, Parse);

    /// <summary>Writes a file of problems.</summary>
    public static void Write(string path, IEnumerable<Problem> problems) => JsonLines.Write(path, problems);

    private static Problem Parse(JsonElement line)
    {
        var answer = line.Text("answer");
        var mark = answer.LastIndexOf(Gsm8kMark, StringComparison.Ordinal);
        return new(
            line.OptionalText("prompt") ?? line.Text("question"),
            mark < 0 ? answer : answer[(mark + Gsm8kMark.Length)..].Trim(),
            line.OptionalText("kind"));
    }
}
