using Experiments.Engine.Runs;

namespace Experiments.Engine.Planning;

/// <summary>How a stage differs from when it last ran.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Since">The run in which it last had an identity, or null when it never had one.</param>
/// <param name="Changes">What has changed in itself: options, versions, seed.</param>
/// <param name="Inputs">What has changed in what it reads.</param>
public sealed record Cause(string Stage, RunRecord? Since, IReadOnlyList<IdentityChange> Changes, IReadOnlyList<InputCause> Inputs)
{
    /// <summary>The changes from which all others follow, each once, by the first way to it.</summary>
    public IEnumerable<RootCause> Roots() => Roots([]).DistinctBy(root => (root.Stage, root.Text));

    private IEnumerable<RootCause> Roots(IReadOnlyList<string> way) =>
        Changes.Select(change => new RootCause(Stage, way, change.ToString())).Concat(Inputs.SelectMany(input =>
            input.Upstream is { } upstream && upstream.Roots([.. way, input.Input, upstream.Stage]).ToList() is { Count: > 0 } roots
                ? roots
                : [new RootCause(Stage, way, input.Text)]));
}

/// <summary>A change in what a stage reads.</summary>
/// <param name="Input">The input.</param>
/// <param name="Text">What has changed, in words.</param>
/// <param name="Upstream">Why the stage that makes it differs; null for files, and where nothing is recorded.</param>
public sealed record InputCause(string Input, string Text, Cause? Upstream);

/// <summary>A change that follows from no other.</summary>
/// <param name="Stage">The stage in which it is.</param>
/// <param name="Way">From the stage that was asked about: input, stage, input, stage ...; empty when it is the same stage.</param>
/// <param name="Text">The change, in words.</param>
public sealed record RootCause(string Stage, IReadOnlyList<string> Way, string Text)
{
    /// <summary><c>documents &lt;- clean: with.min_score: 0.65 -> 0.7</c>; of the stage itself only the change. An input named like its stage stands once.</summary>
    public override string ToString() =>
        Way.Count == 0 ? Text : $"{string.Join(" <- ", Way.Where((step, i) => i % 2 == 1 || step != Way[i + 1]))}: {Text}";
}
