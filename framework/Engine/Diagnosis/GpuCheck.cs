namespace Experiments.Engine.Diagnosis;

/// <summary>NVIDIA GPUs, and whether this build can use them.</summary>
/// <param name="devFolder">Where devices lie: <c>/dev</c>.</param>
/// <param name="hasCuda">Whether libtorch of this build is that for CUDA.</param>
/// <param name="ask">Asks nvidia-smi.</param>
public sealed class GpuCheck(string devFolder, bool hasCuda, AskProgram ask) : ICheck
{
    private const string Subject = "GPU";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var answer = await ask("nvidia-smi", ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"], cancellationToken).ConfigureAwait(false);
        if (answer is { ExitCode: 0, Output.Length: > 0 })
        {
            var gpus = string.Join("; ", answer.Output.Split('\n'));
            return [hasCuda ? Finding.Ok(Subject, gpus) : Finding.Warning(Subject, $"{gpus}: not used, libtorch is that for processors", "build with -p:Torch=cuda")];
        }

        var devices = Directory.Exists(devFolder) ? Directory.EnumerateFiles(devFolder, "nvidia*").Select(Path.GetFileName).ToList() : [];
        return [devices.Count > 0 || answer is not null
            ? Finding.Warning(Subject, $"{(devices.Count > 0 ? string.Join(", ", devices) : "nvidia-smi")} is there, but no GPU answers", "install the driver, or pass nvidia-smi and libcuda into the container")
            : Finding.Ok(Subject, "none; stages compute on the processor")];
    }
}
