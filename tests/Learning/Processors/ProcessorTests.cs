using Experiments.Learning.Processors;
using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Processors;

public class TorchRuntimeTests
{
    [Fact]
    public void ProductsStayTrueFloat32()
    {
        TorchRuntime.Start(threads: 2, seed: 1);
        TorchRuntime.ProductError(ScalarType.Float32).ShouldBeLessThan(1e-5);
        TorchRuntime.ProductError(ScalarType.BFloat16).ShouldBeLessThan(1e-2);
    }
}

public class TorchThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    public void EveryPartRunsOnce(int parts)
    {
        TorchRuntime.Start(threads: 2, seed: 1);
        var calls = new int[parts];
        TorchThreads.Run(parts, part => Interlocked.Increment(ref calls[part]));
        calls.ShouldAllBe(count => count == 1);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 4)]
    [InlineData(1000, 7)]
    public void ARangeIsCoveredOnceInWholeGrains(int length, int grain)
    {
        TorchRuntime.Start(threads: 2, seed: 1);
        var calls = new int[length];
        TorchThreads.ForRange(length, grain, (start, end) =>
        {
            (start % grain).ShouldBe(0);
            for (var i = start; i < end; i++)
            {
                calls[i]++;
            }
        });
        calls.ShouldAllBe(count => count == 1);
    }

    [Fact]
    public void PartsRunSideBySide()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libgomp is Linux's");
        TorchRuntime.Start(threads: 2, seed: 1);
        TorchThreads.IsParallel.ShouldBeTrue();
        using var meeting = new Barrier(2);
        var met = 0;
        TorchThreads.Run(2, _ =>
        {
            if (meeting.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken))
            {
                Interlocked.Increment(ref met);
            }
        });
        met.ShouldBe(2);
    }
}

public class BrainFloatsTests
{
    [Fact]
    public void RoundingIsThatOfTorch()
    {
        using var scope = NewDisposeScope();
        float[] values = [0, -0f, 1, 1 + (1f / 256), 1 + (3f / 256), 3.4e38f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1e-40f, .. randn(100).data<float>().ToArray()];
        var narrow = new ushort[values.Length];
        BrainFloats.Narrow(values, narrow);
        var wide = new float[values.Length];
        BrainFloats.Widen(narrow, wide, 1);
        wide.ShouldBe(tensor(values).to(ScalarType.BFloat16).to(ScalarType.Float32).data<float>().ToArray());
        narrow.Select(BrainFloats.Widen).ShouldBe(wide);
        values.Select(BrainFloats.Narrow).ShouldBe(narrow);
    }
}

public class ComputeTests
{
    [Fact]
    public void AGpuThatIsNotThereIsAnError()
    {
        Assert.SkipWhen(cuda.is_available(), "there is one");
        Should.Throw<InvalidDataException>(() => Compute.Choose(Precision.Auto, ComputeDevice.Cuda)).Message.ShouldContain("-p:Torch=cuda");
    }

    [Fact]
    public void AutoTakesWhatTheProcessorMultipliesFast()
    {
        Compute.Choose(Precision.Auto, ComputeDevice.Cpu).Type.ShouldBe(ProcessorFeatures.MultipliesBf16 ? ScalarType.BFloat16 : ScalarType.Float32);
        Compute.Choose(Precision.Float32, ComputeDevice.Cpu).Type.ShouldBe(ScalarType.Float32);
        Compute.Choose(Precision.Bf16, ComputeDevice.Cpu).Type.ShouldBe(ScalarType.BFloat16);
    }
}
