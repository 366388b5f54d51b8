namespace Experiments.Contracts.Tests;

public sealed class RandomStreamTests
{
    [Fact]
    public void TheNumbersOfASeedNeverChange()
    {
        // Keys of artifacts contain only the seed, so other numbers from the same seed would silently change every
        // artifact.
        var stream = new RandomStream(42, "shuffle", 7);
        ulong[] numbers = [stream.NextUInt64(), stream.NextUInt64(), stream.NextUInt64()];
        numbers.ShouldBe([10980679275890427786, 16913528435120119067, 15325452654595976442]);
    }

    [Fact]
    public void ACounterResumesAStream()
    {
        var whole = new RandomStream(1, "resume");
        for (var i = 0; i < 10; i++)
        {
            whole.NextDouble();
        }

        var resumed = new RandomStream(1, "resume") { Counter = 10 };
        for (var i = 0; i < 100; i++)
        {
            resumed.NextUInt64().ShouldBe(whole.NextUInt64());
        }
    }

    [Fact]
    public void SeedPurposeAndCoordinatesGiveDifferentStreams()
    {
        RandomStream[] streams = [new(1, "a"), new(2, "a"), new(1, "b"), new(1, "a", 0), new(1, "a", 1), new(1, "a", 0, 1), new(1, "a", 1, 0)];
        streams.Select(stream => stream.NextUInt64()).ShouldBeUnique();
    }

    [Fact]
    public void UniformNumbersAreUniform()
    {
        var stream = new RandomStream(1, "uniform");
        var counts = new int[10];
        var sum = 0.0;
        for (var i = 0; i < 100_000; i++)
        {
            counts[stream.Next(10)]++;
            sum += stream.NextDouble();
            stream.Next(-3, 3).ShouldBeInRange(-3, 2);
        }

        counts.ShouldAllBe(count => Math.Abs(count - 10_000) < 500);
        (sum / 100_000).ShouldBe(0.5, 0.005);
    }

    [Fact]
    public void GaussianNumbersHaveMeanZeroAndVarianceOne()
    {
        var stream = new RandomStream(1, "gauss");
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < 100_000; i++)
        {
            var value = stream.NextGaussian();
            (sum, squares) = (sum + value, squares + (value * value));
        }

        (sum / 100_000).ShouldBe(0, 0.02);
        (squares / 100_000).ShouldBe(1, 0.03);
    }

    [Fact]
    public void AShuffleKeepsEveryItemAndMovesThem()
    {
        var items = Enumerable.Range(0, 100).ToArray();
        new RandomStream(1, "shuffle").Shuffle(items.AsSpan());
        items.Order().ShouldBe(Enumerable.Range(0, 100));
        items.ShouldNotBe(Enumerable.Range(0, 100));
    }

    [Fact]
    public void AnEmptyRangeIsAnError()
    {
        var stream = new RandomStream(1, "range");
        Should.Throw<ArgumentOutOfRangeException>(() => stream.Next(0));
    }
}
