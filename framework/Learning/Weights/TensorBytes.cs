using static TorchSharp.torch;

namespace Experiments.Learning.Weights;

/// <summary>
/// Reads and writes the numbers of tensors as bytes of a stream, row by row, little-endian. Tensors are processed in
/// pieces, so no second copy of a whole tensor is needed, whatever its size or type.
/// </summary>
public static class TensorBytes
{
    private const long LongestPiece = 1 << 24;

    /// <summary>Writes a tensor of any type, device and strides.</summary>
    /// <param name="stream">The target.</param>
    /// <param name="value">The tensor.</param>
    /// <param name="type">The type of the numbers in the stream.</param>
    public static void Write(Stream stream, Tensor value, ScalarType type) => Write(stream, value, type, LongestPiece);

    /// <summary>Fills a tensor of any type, device and strides.</summary>
    /// <param name="stream">The source.</param>
    /// <param name="value">The tensor. If it is a view, the viewed tensor is filled.</param>
    /// <param name="type">The type of the numbers in the stream.</param>
    /// <exception cref="EndOfStreamException">The stream has too few bytes.</exception>
    public static void ReadInto(Stream stream, Tensor value, ScalarType type) =>
        ReadInto(stream, value, type, LongestPiece);

    internal static void Write(Stream stream, Tensor value, ScalarType type, long longestPiece) => ForEachPiece(value.detach(), longestPiece, piece =>
    {
        var plain = piece.to(type, CPU, false, false).contiguous();
        stream.Write(plain.bytes);
    });

    internal static void ReadInto(Stream stream, Tensor value, ScalarType type, long longestPiece)
    {
        using var _ = no_grad();
        ForEachPiece(value, longestPiece, piece =>
        {
            var read = empty(piece.shape, type);
            stream.ReadExactly(read.bytes);
            piece.copy_(read);
        });
    }

    /// <summary>Splits a tensor into views, in the order of its numbers.</summary>
    private static void ForEachPiece(Tensor value, long longest, Action<Tensor> use)
    {
        using var scope = NewDisposeScope();
        var count = value.numel();
        if (count <= longest)
        {
            if (count > 0)
            {
                use(value);
            }

            return;
        }

        var rows = value.shape[0];
        if (rows == 1)
        {
            ForEachPiece(value.squeeze(0), longest, use);
            return;
        }

        var together = Math.Max(1, longest / (count / rows));
        for (var start = 0L; start < rows; start += together)
        {
            using var inner = NewDisposeScope();
            ForEachPiece(value.narrow(0, start, Math.Min(together, rows - start)), longest, use);
        }
    }
}
