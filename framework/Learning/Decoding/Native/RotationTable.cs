namespace Experiments.Learning.Decoding.Native;

/// <summary>Cosines and sines of the rotation angles, for all positions used so far.</summary>
/// <param name="frequencies">One per pair. Unit: radians per position.</param>
internal sealed unsafe class RotationTable(IReadOnlyList<double> frequencies) : IDisposable
{
    private AlignedBuffer? _table; // [position, cosines then sines]
    private int _positions;

    /// <summary>Number of pairs in a head.</summary>
    public int Pairs => frequencies.Count;

    /// <summary>The address of a position's cosines. Its sines follow them.</summary>
    public float* Cosines(int position) => _table!.Floats + (2L * position * Pairs);

    /// <summary>Makes the table long enough.</summary>
    public void Reserve(int positions)
    {
        if (positions <= _positions)
        {
            return;
        }

        _table?.Dispose();
        _positions = (int)Math.Max(positions, Math.Min(2L * _positions, int.MaxValue));
        _table = new(2L * _positions * Pairs * sizeof(float));
        for (var position = 0; position < _positions; position++)
        {
            for (var pair = 0; pair < Pairs; pair++)
            {
                var (sine, cosine) = Math.SinCos(position * frequencies[pair]);
                Cosines(position)[pair] = (float)cosine;
                Cosines(position)[Pairs + pair] = (float)sine;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _table?.Dispose();
}
