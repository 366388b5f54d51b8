namespace Experiments.Engine.Yaml;

/// <summary>How a value came out of a text with <c>$(...)</c>, or a source out of the name of several stages.</summary>
/// <param name="Written">The text as it was written.</param>
/// <param name="References">What it named by <c>$(...)</c>, in order.</param>
public sealed record Interpolation(ScalarNode Written, IReadOnlyList<Reference> References);

/// <summary>A name inside <c>$(...)</c> and what stood for it.</summary>
/// <param name="Name">The name: <c>vars.tokens</c>, <c>env.HOME</c>, <c>each.crawl</c>.</param>
/// <param name="Value">The value where it was set; its default where it was not.</param>
/// <param name="IsDefault">Whether the name was not set, so that the default in the text stands.</param>
public sealed record Reference(string Name, RecipeNode Value, bool IsDefault = false);
