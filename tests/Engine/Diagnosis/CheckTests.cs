using Experiments.Contracts;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Diagnosis;
using Experiments.Engine.Tests.Tracking;

namespace Experiments.Engine.Tests.Diagnosis;

public sealed class CheckTests : TemporaryFolder
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task ALibraryWhoseLinkLeadsNowhereIsAProblemWithItsRemedy()
    {
        File.CreateSymbolicLink(Path.Combine(Folder, "libtorch_cpu.so"), Path.Combine(Folder, "gone.so"));

        var finding = await Torch(Answer(0, "{}"));

        finding.State.ShouldBe(FindingState.Problem);
        finding.Remedy.ShouldNotBeNull().ShouldContain("./lab");
    }

    [Theory]
    [InlineData(0, """{"cuda":false,"product_error":1E-07}""", FindingState.Ok, "loads and computes")]
    [InlineData(0, """{"cuda":true,"product_error":1E-07}""", FindingState.Ok, "CUDA")]
    [InlineData(0, """{"cuda":false,"product_error":0.01}""", FindingState.Problem, "off by 0.01")]
    [InlineData(0, "no json", FindingState.Problem, "cannot be loaded")]
    [InlineData(132, "", FindingState.Problem, "signal 4")]
    [InlineData(1, "", FindingState.Problem, "cannot be loaded: DllNotFoundException")]
    public async Task TheProbesAnswerIsJudged(int exitCode, string output, FindingState state, string text)
    {
        Write("libtorch_cpu.so", "");

        var finding = await Torch(Answer(exitCode, output, "DllNotFoundException: x\nmore"));

        finding.State.ShouldBe(state);
        finding.Text.ShouldContain(text);
    }

    [Theory]
    [InlineData("fma avx2 avx512f amx_bf16", FindingState.Ok, "AVX2, AVX-512, AMX bf16")]
    [InlineData("fma avx2", FindingState.Ok, "no bf16")]
    [InlineData("fma sse4_2", FindingState.Warning, "no AVX2")]
    public async Task FeaturesOfTheProcessorAreNamed(string flags, FindingState state, string text)
    {
        Write("cpuinfo", $"model name\t: A CPU\nflags\t\t: {flags}\n");

        var finding = (await Processor(_ => null))[0];

        finding.State.ShouldBe(state);
        finding.Text.ShouldContain(text);
    }

    [Fact]
    public async Task ABusyMachineAndHiddenCoresAreWarnedAbout()
    {
        Write("loadavg", "9.50 1 1 1/1 1\n");

        var findings = await Processor(name => name == "DOTNET_PROCESSOR_COUNT" ? "1" : null);

        findings.Where(finding => finding.State == FindingState.Warning).Select(finding => finding.Subject).ShouldBe(["cores", "load"]);
    }

    [Theory]
    [InlineData(1_000_000, FindingState.Warning, "1.0 GB free of 8.0 GB")]
    [InlineData(100_000_000, FindingState.Ok, "8.0 GB free of 8.0 GB")]
    public async Task LittleMemoryIsWarnedAboutAndAContainersLimitCounts(long kilobytes, FindingState state, string text)
    {
        Write("meminfo", $"MemTotal: 1 kB\nMemAvailable:   {kilobytes} kB\n");

        var finding = (await new MemoryCheck(Folder, 8_000_000_000).LookAsync(None)).Single();

        (finding.State, finding.Text).ShouldBe((state, text));
    }

    [Fact]
    public async Task AGpuThatThisBuildCannotUseIsWarnedAbout()
    {
        AskProgram smi = Answer(0, "NVIDIA H100, 81559 MiB, 550.1");

        (await Gpu(hasCuda: true, smi)).State.ShouldBe(FindingState.Ok);
        (await Gpu(hasCuda: false, smi)).Remedy.ShouldNotBeNull().ShouldContain("-p:Torch=cuda");
    }

    [Fact]
    public async Task ADeviceWithoutDriverIsWarnedAboutAndNoneIsFine()
    {
        (await Gpu(hasCuda: false, NoProgram)).State.ShouldBe(FindingState.Ok);
        Write("nvidia0", "");
        (await Gpu(hasCuda: false, NoProgram)).Text.ShouldContain("nvidia0");
    }

    [Theory]
    [InlineData("/data/runs", "nfs4")]
    [InlineData("/data", "nfs4")]
    [InlineData("/database", "ext4")]
    [InlineData("/my disk/runs", "tmpfs")]
    public void TheInnermostMountIsTheFileSystem(string folder, string type) =>
        DiskCheck.TypeOf(folder, ["/dev/sda / ext4 rw 0 0", "host:/x /data nfs4 rw 0 0", "t /my\\040disk tmpfs rw 0 0"]).ShouldBe(type);

    [Fact]
    public async Task AFolderOverTheNetworkIsWarnedAboutAndAWriteIsTimed()
    {
        Write("mounts", "/dev/sda / ext4 rw 0 0\nhost:/x " + Folder + " nfs4 rw 0 0\n");

        var findings = await new DiskCheck(Path.Combine(Folder, "not", "there", "yet"), Folder, TimeProvider.System).LookAsync(None);

        findings.Single(finding => finding.Subject == "file system").State.ShouldBe(FindingState.Warning);
        findings.Single(finding => finding.Subject == "fsync").Text.ShouldContain("ms per write");
        Directory.EnumerateFiles(Folder, ".lab-doctor*").ShouldBeEmpty();
    }

    [Fact]
    public async Task TheStoreThatTracksRunsIsTried()
    {
        (await Tracking(() => new MemoryStore())).ShouldBe(Finding.Ok("tracking", "memory"));
        var away = await Tracking(() => new MemoryStore { Health = new("it is away", "start it") });
        (away.State, away.Text).ShouldBe((FindingState.Warning, "it is away"));
        away.Remedy.ShouldNotBeNull().ShouldStartWith("start it; runs continue without it");
        (await Tracking(() => throw new UsageException("no address"))).State.ShouldBe(FindingState.Problem);
        (await Tracking(() => throw new InvalidDataException("no tracker"))).Text.ShouldBe("no tracker");
    }

    [Fact]
    public async Task WhatIsMissingOnThePathIsAWarning()
    {
        (await new GitCheck(NoProgram).LookAsync(None)).Single().State.ShouldBe(FindingState.Warning);
        (await new DotnetCheck(NoProgram).LookAsync(None))[1].State.ShouldBe(FindingState.Warning);
        (await Programs.AskAsync("no-such-program-anywhere", [], None)).ShouldBeNull();
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    private static Task<ProgramAnswer?> NoProgram(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => Task.FromResult<ProgramAnswer?>(null);

    private static AskProgram Answer(int exitCode, string output, string errors = "") => (_, _, _) => Task.FromResult<ProgramAnswer?>(new(exitCode, output, errors));

    private async Task<Finding> Torch(AskProgram ask) => (await new TorchCheck(Folder, ["lab", "probe"], ask).LookAsync(None)).Single();

    private Task<IReadOnlyList<Finding>> Processor(Func<string, string?> environment) => new ProcessorCheck(Folder, 2, environment).LookAsync(None);

    private static async Task<Finding> Tracking(Func<ITrackingStore> open) => (await new TrackingCheck(open).LookAsync(None)).Single();

    private async Task<Finding> Gpu(bool hasCuda, AskProgram ask) => (await new GpuCheck(Folder, hasCuda, ask).LookAsync(None)).Single();
}
