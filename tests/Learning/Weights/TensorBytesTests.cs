using Experiments.Learning.Weights;
using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Weights;

public class TensorBytesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(1000)]
    public void PiecesOfAnyLengthGiveTheSameBytes(long longest)
    {
        foreach (var value in new[] { arange(60).view(3, 4, 5), arange(60).view(5, 12).t(), arange(60).view(1, 1, 60), arange(60), tensor(7L), zeros(0, 3) })
        {
            var numbers = value.to(ScalarType.Float32);
            using var stream = new MemoryStream();
            TensorBytes.Write(stream, numbers, ScalarType.Float64, longest);
            stream.ToArray().ShouldBe(numbers.to(ScalarType.Float64).contiguous().bytes.ToArray());

            stream.Position = 0;
            var read = full_like(numbers, -1);
            TensorBytes.ReadInto(stream, read, ScalarType.Float64, longest);
            read.Equals(numbers).ShouldBeTrue();
        }
    }

    [Fact]
    public void TooFewBytesAreAnError()
    {
        using var stream = new MemoryStream(new byte[20]);
        Should.Throw<EndOfStreamException>(() => TensorBytes.ReadInto(stream, zeros(3, 2), ScalarType.Float32));
    }
}
