using System.Runtime.InteropServices;

namespace Experiments.Conventions.Tests;

public sealed class TorchNativesTests
{
    // "GLIBCXX_3.4.32" by its ELF hash, with flags 0: the loader requires it.
    private static readonly byte[] StrictNeed = [0x42, 0xF8, 0x97, 0x02, 0x00, 0x00];
    private static readonly byte[] WeakNeed = [0x42, 0xF8, 0x97, 0x02, 0x02, 0x00];

    private static string HostFolder => Path.Combine(Repository.Root, "framework/Host/bin/Release");

    [Fact]
    public void TheOutputsCopyLoadsWhereLibstdcxxIsOlder()
    {
        var library = File.ReadAllBytes(Path.Combine(HostFolder, "libLibTorchSharp.so"));
        library.AsSpan().IndexOf(StrictNeed).ShouldBe(-1, "build/Torch.targets did not repair libLibTorchSharp.so");
        library.AsSpan().IndexOf(WeakNeed).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void TheCacheWasNotTouched()
    {
        var link = new FileInfo(Path.Combine(HostFolder, "libtorch_cpu.so")).LinkTarget.ShouldNotBeNull();
        var packages = new DirectoryInfo(link).Parent!.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        var cached = Directory.GetFiles(Path.Combine(packages, "torchsharp"), "libLibTorchSharp.so", SearchOption.AllDirectories);
        cached.ShouldNotBeEmpty();
        cached.Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(StrictNeed) < 0).ShouldBeEmpty();
    }

    [Fact]
    public void TheLargeNativesAreLinks() =>
        Directory.GetFiles(HostFolder, "libtorch*.so").ShouldAllBe(file => new FileInfo(file).LinkTarget != null);

    [Fact]
    public void TheNativesLoad() =>
        NativeLibrary.TryLoad(Path.Combine(HostFolder, "libLibTorchSharp.so"), out _).ShouldBeTrue();
}
