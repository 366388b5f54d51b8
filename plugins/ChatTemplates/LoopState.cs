namespace Experiments.Plugins.ChatTemplates;

/// <summary>What <c>loop</c> tells within a loop.</summary>
/// <param name="items">All that the loop meets.</param>
/// <param name="index">The place of this pass, from 0.</param>
internal sealed class LoopState(IReadOnlyList<object?> items, int index)
{
    /// <summary>An attribute, or <see cref="Undefined"/>.</summary>
    public object? Find(string name) => name switch
    {
        "index" => index + 1L,
        "index0" => (long)index,
        "revindex" => (long)items.Count - index,
        "revindex0" => (long)items.Count - index - 1,
        "first" => index == 0,
        "last" => index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => index > 0 ? items[index - 1] : new Undefined(name),
        "nextitem" => index + 1 < items.Count ? items[index + 1] : new Undefined(name),
        "cycle" => new Function(arguments => arguments.Positional.Count > 0 ? arguments.Positional[index % arguments.Positional.Count] : throw new TemplateFault("the argument of 'cycle' is missing.")),
        _ => new Undefined(name),
    };
}
