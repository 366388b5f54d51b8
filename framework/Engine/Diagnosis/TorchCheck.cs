using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Diagnosis;

/// <summary>Checks libtorch: whether its files exist, and whether a separate process can load it and compute.</summary>
/// <param name="folder">The folder of the executable.</param>
/// <param name="probe">The program and arguments that load libtorch and print JSON: <c>cuda</c>,
/// <c>product_error</c>.</param>
/// <param name="ask">Runs the program.</param>
public sealed class TorchCheck(string folder, IReadOnlyList<string> probe, AskProgram ask) : ICheck
{
    private const string Subject = "libtorch";
    private const double LargestError = 1e-4;
    private const int FirstSignalExit = 128;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var library = new FileInfo(Path.Combine(folder, "libtorch_cpu.so"));
        if (library.LinkTarget is { } target && !File.Exists(Path.Combine(folder, target)))
        {
            return [Finding.Problem(Subject, $"{library.FullName} links to {target}, which does not exist", "the NuGet cache was cleared: delete framework/Host/bin and framework/Host/obj, then run ./lab again to restore it")];
        }

        if (!library.Exists)
        {
            return [Finding.Problem(Subject, $"{library.FullName} is missing", "run ./lab on linux-x64 to restore it; stages that train or sample need it")];
        }

        return [Judge(await ask(probe[0], [.. probe.Skip(1)], cancellationToken).ConfigureAwait(false))];
    }

    private static Finding Judge(ProgramAnswer? answer)
    {
        switch (answer)
        {
            case { ExitCode: 0 } when Parse(answer.Output) is { } facts:
                var error = (double?)facts["product_error"] ?? double.NaN;
                return error < LargestError
                    ? Finding.Ok(Subject, $"loads and computes correctly{((bool?)facts["cuda"] == true ? ", CUDA is available" : "")}")
                    : Finding.Problem(Subject, $"a float32 product is off by {error:G3}", "this libtorch computes wrongly on this processor: report it with the output of lscpu");
            case { ExitCode: > FirstSignalExit }:
                return Finding.Problem(Subject, $"signal {answer.ExitCode - FirstSignalExit} ended the process that loaded it", "the processor may lack instructions that libtorch needs (AVX2), or memory ran out");
            default:
                var lines = (answer?.Errors ?? "").Split('\n');
                return Finding.Problem(Subject, $"cannot be loaded: {lines[0]}", "is libstdc++ (GCC 11 or newer) installed? apt-get install libstdc++6 libgomp1");
        }
    }

    private static JsonObject? Parse(string output)
    {
        try
        {
            return JsonNode.Parse(output.Split('\n')[^1]) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
