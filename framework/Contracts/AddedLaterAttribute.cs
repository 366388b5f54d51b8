namespace Experiments.Contracts;

/// <summary>
/// Marks an option that was added after the plugin's first release. If it has the given value, it is left out of the
/// key, so that older keys do not change.
/// </summary>
/// <param name="neutral">The value at which the plugin behaves as it did before the option existed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddedLaterAttribute(object? neutral) : Attribute
{
    /// <summary>The value that is left out of the key.</summary>
    public object? Neutral { get; } = neutral;
}
