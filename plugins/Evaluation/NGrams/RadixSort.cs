namespace Experiments.Plugins.Evaluation.NGrams;

/// <summary>
/// Sorts keys of up to 64 bits together with their values, by counting digits from the lowest to the highest. It takes
/// linear time, and equal keys keep their order.
/// </summary>
/// <param name="capacity">Maximum number of keys.</param>
internal sealed class RadixSort(int capacity)
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;
    private readonly ulong[] _keys = new ulong[capacity];
    private readonly int[] _values = new int[capacity];

    /// <summary>Sorts the first keys and their values in place.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="values">The value of each key.</param>
    /// <param name="count">How many keys are sorted.</param>
    /// <param name="bits">How many bits the keys have; all higher bits are zero.</param>
    public void Sort(ulong[] keys, int[] values, int count, int bits)
    {
        var (fromKeys, fromValues, toKeys, toValues) = (keys, values, _keys, _values);
        var places = new int[Digits];
        for (var shift = 0; shift < bits; shift += DigitBits)
        {
            places.AsSpan().Clear();
            foreach (var key in fromKeys.AsSpan(0, count))
            {
                places[(int)(key >> shift) & (Digits - 1)]++;
            }

            var before = 0;
            for (var digit = 0; digit < Digits; digit++)
            {
                (places[digit], before) = (before, before + places[digit]);
            }

            for (var i = 0; i < count; i++)
            {
                var place = places[(int)(fromKeys[i] >> shift) & (Digits - 1)]++;
                (toKeys[place], toValues[place]) = (fromKeys[i], fromValues[i]);
            }

            (fromKeys, fromValues, toKeys, toValues) = (toKeys, toValues, fromKeys, fromValues);
        }

        if (fromKeys != keys)
        {
            Array.Copy(fromKeys, keys, count);
            Array.Copy(fromValues, values, count);
        }
    }
}
