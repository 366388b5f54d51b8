namespace Experiments.Contracts;

/// <summary>Marks an option that came after the plugin's first release. At the given value it is left out of the key, so that older keys stay as they were.</summary>
/// <param name="neutral">The value at which the plugin behaves as it did before the option existed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddedLaterAttribute(object? neutral) : Attribute
{
    /// <summary>The value that changes nothing.</summary>
    public object? Neutral { get; } = neutral;
}
