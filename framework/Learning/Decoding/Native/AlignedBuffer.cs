using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Experiments.Learning.Decoding.Native;

/// <summary>Native memory aligned to a cache line and initialized to zero.</summary>
internal sealed unsafe class AlignedBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int CacheLine = 64;

    public AlignedBuffer(long bytes)
        : base(ownsHandle: true)
    {
        Bytes = bytes;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)bytes, CacheLine));
        NativeMemory.Clear(Address, (nuint)bytes);
    }

    public byte* Address => (byte*)handle;

    public float* Floats => (float*)handle;

    public long Bytes { get; }

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
