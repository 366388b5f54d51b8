using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Experiments.Learning.Processors;

/// <summary>Conversions between float32 and bfloat16, which is float32 without its lower 16 bits.</summary>
public static class BrainFloats
{
    /// <summary>Converts a bfloat16 to float32, exactly.</summary>
    public static float Widen(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    /// <summary>Rounds to the nearest bfloat16, ties to even. NaN stays NaN.</summary>
    public static ushort Narrow(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? (ushort)((bits >> 16) | 0x40)
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>target := source · factor.</summary>
    public static void Widen(ReadOnlySpan<ushort> source, Span<float> target, float factor)
    {
        var count = Vector512<float>.Count;
        var i = 0;
        for (; i <= source.Length - count; i += count)
        {
            (Widen(Vector256.Create(source.Slice(i, count))) * factor).CopyTo(target[i..]);
        }

        for (; i < source.Length; i++)
        {
            target[i] = Widen(source[i]) * factor;
        }
    }

    /// <summary>target := source, rounded to bfloat16.</summary>
    public static void Narrow(ReadOnlySpan<float> source, Span<ushort> target)
    {
        var count = Vector512<float>.Count;
        var i = 0;
        for (; i <= source.Length - count; i += count)
        {
            Rounded(Vector512.Create(source.Slice(i, count))).CopyTo(target[i..]);
        }

        for (; i < source.Length; i++)
        {
            target[i] = Narrow(source[i]);
        }
    }

    /// <summary>Loads 16 numbers as float32.</summary>
    public static unsafe Vector512<float> Load(ushort* source) => Widen(Vector256.Load(source));

    /// <summary>Rounds and stores 16 numbers.</summary>
    public static unsafe void Store(Vector512<float> values, ushort* target) => Rounded(values).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Widen(Vector256<ushort> values)
    {
        if (Avx512F.IsSupported)
        {
            return (Avx512F.ConvertToVector512UInt32(values) << 16).AsSingle();
        }

        var (lower, upper) = Vector256.Widen(values);
        return (Vector512.Create(lower, upper) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Rounded(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
        var isNumber = Vector512.Equals(values, values).AsUInt32();
        rounded = Vector512.ConditionalSelect(isNumber, rounded, (bits >> 16) | Vector512.Create(0x40u));
        return Avx512F.IsSupported
            ? Avx512F.ConvertToVector256UInt16(rounded)
            : Vector256.Narrow(rounded.GetLower(), rounded.GetUpper());
    }
}
