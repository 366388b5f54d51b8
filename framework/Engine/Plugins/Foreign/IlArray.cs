using System.Reflection;
using System.Runtime.CompilerServices;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>An array of <see cref="IlReader"/>: its items, and their type.</summary>
/// <param name="item">The type of the items.</param>
internal sealed class IlArray(Type item) : List<object?>
{
    private const int MaximumItems = 100_000;

    /// <summary>An array of defaults.</summary>
    public static IlArray Of(int length, Type item)
    {
        if (length is < 0 or > MaximumItems)
        {
            throw new NotSupportedException("The array is too long.");
        }

        var array = new IlArray(item);
        array.AddRange(Enumerable.Repeat(IlValue.DefaultOf(item), length));
        return array;
    }

    /// <summary>Fills the array with constant data, which an assembly holds next to its code.</summary>
    /// <param name="data">The field of the data. It has no initializer; the runtime copies its bytes.</param>
    public void Fill(FieldInfo data)
    {
        var numbers = Array.CreateInstance(item.IsEnum ? item.GetEnumUnderlyingType() : item, Count);
        RuntimeHelpers.InitializeArray(numbers, data.FieldHandle);
        for (var i = 0; i < Count; i++)
        {
            this[i] = numbers.GetValue(i) switch
            {
                bool truth => truth ? 1 : 0,
                byte or sbyte or short or ushort or char => Convert.ToInt32(numbers.GetValue(i), null),
                uint number => (int)number,
                ulong number => (long)number,
                var number => number,
            };
        }
    }
}
