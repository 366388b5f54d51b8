namespace Experiments.Learning.Decoding.Native;

/// <summary>Products of a matrix with the rows of a buffer.</summary>
internal static unsafe class Product<TFormat>
    where TFormat : struct, INumberFormat
{
    /// <summary>
    /// Number of rows that are arranged in the order of the weights at a time. They stay in the processor's caches
    /// while the weights are read.
    /// </summary>
    public const int RowsAtOnce = 32;

    /// <summary>to[row, n] = (or +=) norm(x[row]) · weight[n] + bias[n] for a range of n.</summary>
    /// <param name="matrix">The weights.</param>
    /// <param name="start">The first n.</param>
    /// <param name="end">The n after the last one.</param>
    /// <param name="x">The rows.</param>
    /// <param name="norm">The norm that is applied to each row first, or null.</param>
    /// <param name="to">The results.</param>
    /// <param name="adds">Whether the result is added to <paramref name="to"/>.</param>
    /// <param name="scratch">Room for <see cref="RowsAtOnce"/> + 1 rows of the matrix.</param>
    public static void Compute(
        NativeMatrix matrix, int start, int end, RowBuffer x, NativeNorm? norm, RowBuffer to, bool adds, float* scratch)
    {
        var width = INumberFormat.Padded(matrix.Columns);
        var normed = scratch + (RowsAtOnce * width);
        for (var first = 0; first < x.Rows; first += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, x.Rows - first);
            for (var row = 0; row < rows; row++)
            {
                norm?.Apply(x[first + row], normed, matrix.Columns);
                TFormat.Arrange(norm is null ? x[first + row] : normed, scratch + (row * width), matrix.Columns);
            }

            for (var n = start; n < end; n += DotProducts<TFormat>.Rows)
            {
                Tile(matrix, n, Math.Min(DotProducts<TFormat>.Rows, end - n), scratch, width, first, rows, to, adds);
            }
        }
    }

    private static void Tile(
        NativeMatrix matrix, int n, int count, float* x, int width, int first, int rows, RowBuffer to, bool adds)
    {
        const int Half = DotProducts<TFormat>.Rows / 2;
        float* sums = stackalloc float[DotProducts<TFormat>.Vectors * Half];
        var stride = (long)matrix.Columns * TFormat.Size;
        var weights = matrix.Address + (n * stride);
        var row = 0;
        for (; rows - row >= DotProducts<TFormat>.Vectors - 1; row += DotProducts<TFormat>.Vectors)
        {
            var some = Math.Min(DotProducts<TFormat>.Vectors, rows - row);
            for (var half = 0; half < count; half += Half)
            {
                var existing = Math.Min(Half, count - half);
                DotProducts<TFormat>.FourByFour(
                    weights + (half * stride), stride, existing - 1, x + (row * width), width, some - 1, matrix.Columns,
                    sums);
                for (var i = 0; i < some; i++)
                {
                    Put(matrix, n + half, existing, sums + (i * Half), to[first + row + i], adds);
                }
            }
        }

        for (; row < rows; row++)
        {
            DotProducts<TFormat>.EightByOne(weights, stride, count - 1, x + (row * width), matrix.Columns, sums);
            Put(matrix, n, count, sums, to[first + row], adds);
        }
    }

    private static void Put(NativeMatrix matrix, int n, int count, float* sums, float* to, bool adds)
    {
        for (var i = 0; i < count; i++)
        {
            var value = matrix.Bias is null ? sums[i] : sums[i] + matrix.Bias.Floats[n + i];
            to[n + i] = adds ? to[n + i] + value : value;
        }
    }
}

/// <summary>Rows of numbers; each begins at a cache line.</summary>
/// <param name="numbers">The address of the first number.</param>
/// <param name="stride">Numbers from one row to the next.</param>
/// <param name="rows">Number of rows.</param>
internal readonly unsafe struct RowBuffer(float* numbers, int stride, int rows)
{
    public int Rows => rows;

    public float* this[int row] => numbers + ((long)row * stride);
}
