namespace Experiments.Engine.Plugins.Foreign;

/// <summary>
/// The values of a foreign options record, in place of the record itself, which cannot be made without running its code.
/// </summary>
internal sealed class UnmadeRecord
{
    private readonly Dictionary<string, object?> _values;

    /// <summary>A record with the given values. The value of every other option is unread.</summary>
    public UnmadeRecord(IEnumerable<KeyValuePair<string, object?>> values) => _values = new(values, StringComparer.Ordinal);

    /// <summary>The value of an option; <see cref="UnreadDefault.Value"/> when it is not known.</summary>
    public object? this[string option]
    {
        get => _values.GetValueOrDefault(option, UnreadDefault.Value);
        set => _values[option] = value;
    }

    /// <summary>Whether all values of the record are known.</summary>
    public bool IsRead => _values.Values.All(value => value is not UnreadDefault && value is not UnmadeRecord { IsRead: false });

    /// <summary>A copy of a record; of an unread record, a record whose values are all unread.</summary>
    public static UnmadeRecord Copy(object record) => new(record is UnmadeRecord read ? read._values : []);
}

/// <summary>Stands for a default that only running the plugin's code would tell.</summary>
internal sealed class UnreadDefault
{
    private UnreadDefault()
    {
    }

    /// <summary>The only instance.</summary>
    public static UnreadDefault Value { get; } = new();
}
