namespace Experiments.Learning;

/// <summary>Cosines and sines of the angles of all positions so far.</summary>
/// <param name="frequencies">One a pair. Unit: radians a position.</param>
internal sealed unsafe class RotationTable(IReadOnlyList<double> frequencies) : IDisposable
{
    private AlignedBuffer? _table; // [position, cosines then sines]
    private int _positions;

    /// <summary>Pairs of a head.</summary>
    public int Pairs => frequencies.Count;

    /// <summary>The cosines of a position; its sines lie behind them.</summary>
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
