namespace Experiments.Learning.Decoding.Native;

/// <summary>A buffer of rows that grows on demand.</summary>
internal sealed unsafe class RowMemory(int width) : IDisposable
{
    private readonly int _stride = INumberFormat.Padded(width);
    private AlignedBuffer? _memory;

    /// <summary>Returns room for <paramref name="count"/> rows. The contents are lost when the buffer grows.</summary>
    public RowBuffer Rows(int count)
    {
        var bytes = (long)count * _stride * sizeof(float);
        if (_memory is null || _memory.Bytes < bytes)
        {
            _memory?.Dispose();
            _memory = new(bytes);
        }

        return new(_memory.Floats, _stride, count);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory?.Dispose();
}
