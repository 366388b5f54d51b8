using System.Text.Json.Nodes;
using Experiments.Engine.Yaml;

namespace Experiments.Host.Display;

/// <summary>Problems of a recipe for scripts and editors.</summary>
public static class ProblemDisplay
{
    /// <summary>
    /// One problem: file, line and column from 1, message, and the likely intended name. Line and column are null for an
    /// argument, whose text is the file.
    /// </summary>
    public static JsonObject Json(RecipeProblem problem) => new()
    {
        ["file"] = problem.Location.File,
        ["line"] = problem.Location.Line > 0 ? problem.Location.Line : null,
        ["column"] = problem.Location.Line > 0 ? problem.Location.Column : null,
        ["severity"] = "error",
        ["message"] = problem.Text,
        ["suggestion"] = Suggestion.In(problem.Text),
    };
}
