namespace Experiments.Engine.Diagnosis;

/// <summary>Checks for NVIDIA GPUs, and whether this build can use them.</summary>
/// <param name="devFolder">The folder of devices: <c>/dev</c>.</param>
/// <param name="hasCuda">Whether this build has the CUDA version of libtorch.</param>
/// <param name="ask">Runs nvidia-smi.</param>
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
            return [hasCuda
                ? Finding.Ok(Subject, gpus)
                : Finding.Warning(Subject, $"{gpus}: not used, because this build has libtorch for processors only", "build with -p:Torch=cuda")];
        }

        var devices = Directory.Exists(devFolder) ? Directory.EnumerateFiles(devFolder, "nvidia*").Select(Path.GetFileName).ToList() : [];
        return [devices.Count > 0 || answer is not null
            ? Finding.Warning(Subject, $"{(devices.Count > 0 ? string.Join(", ", devices) : "nvidia-smi")} exists, but no GPU answers", "install the driver, or pass nvidia-smi and libcuda into the container")
            : Finding.Ok(Subject, "none; stages run on the processor")];
    }
}
