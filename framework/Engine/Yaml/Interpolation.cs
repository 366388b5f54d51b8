namespace Experiments.Engine.Yaml;

/// <summary>
/// How a value was made from a text with <c>$(...)</c>, or a source from the name of a group of stages.
/// </summary>
/// <param name="Written">The text as it was written.</param>
/// <param name="References">The names that it uses in <c>$(...)</c>, in order.</param>
public sealed record Interpolation(ScalarNode Written, IReadOnlyList<Reference> References);

/// <summary>A name inside <c>$(...)</c> and its value.</summary>
/// <param name="Name">The name: <c>vars.tokens</c>, <c>env.HOME</c>, <c>each.crawl</c>.</param>
/// <param name="Value">The value where it was set, or else the default from the text.</param>
/// <param name="IsDefault">Whether the name was not set, so that the default in the text is used.</param>
public sealed record Reference(string Name, RecipeNode Value, bool IsDefault = false);
