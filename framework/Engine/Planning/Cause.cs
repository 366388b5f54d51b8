using Experiments.Engine.Runs;

namespace Experiments.Engine.Planning;

/// <summary>How a stage differs from its last run.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Since">The last run that recorded an identity for it, or null when no run did.</param>
/// <param name="Changes">The changes in the stage itself: options, versions, seed.</param>
/// <param name="Inputs">The changes in what it reads.</param>
public sealed record Cause(string Stage, RunRecord? Since, IReadOnlyList<IdentityChange> Changes, IReadOnlyList<InputCause> Inputs)
{
    /// <summary>The changes that cause all others, each once, with the first path that leads to it.</summary>
    public IEnumerable<RootCause> Roots() => Roots([]).DistinctBy(root => (root.Stage, root.Text));

    private IEnumerable<RootCause> Roots(IReadOnlyList<string> way) =>
        Changes.Select(change => new RootCause(Stage, way, change.ToString())).Concat(Inputs.SelectMany(input =>
            input.Upstream is { } upstream && upstream.Roots([.. way, input.Input, upstream.Stage]).ToList() is { Count: > 0 } roots
                ? roots
                : [new RootCause(Stage, way, input.Text)]));
}

/// <summary>A change in what a stage reads.</summary>
/// <param name="Input">The input.</param>
/// <param name="Text">The change, in words.</param>
/// <param name="Upstream">Why the stage that makes this input differs; null for files, and when nothing is
/// recorded.</param>
public sealed record InputCause(string Input, string Text, Cause? Upstream);

/// <summary>A change that has no other change as its cause.</summary>
/// <param name="Stage">The stage that has the change.</param>
/// <param name="Way">The path from the stage that was asked about: input, stage, input, stage and so on. Empty when it
/// is that stage itself.</param>
/// <param name="Text">The change, in words.</param>
public sealed record RootCause(string Stage, IReadOnlyList<string> Way, string Text)
{
    /// <summary>
    /// The change with its path: <c>documents &lt;- clean: with.min_score: 0.65 -> 0.7</c>. For the stage itself, only
    /// the change. When an input has the name of its stage, the name is written once.
    /// </summary>
    public override string ToString() =>
        Way.Count == 0 ? Text : $"{string.Join(" <- ", Way.Where((step, i) => i % 2 == 1 || step != Way[i + 1]))}: {Text}";
}
