namespace Experiments.Plugins.ChatTemplates;

/// <summary>The variable <c>loop</c> within a loop.</summary>
/// <param name="items">All items of the loop.</param>
/// <param name="index">Index of the current pass, from 0.</param>
internal sealed class LoopState(IReadOnlyList<object?> items, int index)
{
    /// <summary>An attribute, or <see cref="Undefined"/> if there is no such attribute.</summary>
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
