using System.Globalization;
using Experiments.Contracts.Running;
using YamlDotNet.RepresentationModel;

namespace Experiments.Plugins.Mlflow;

/// <summary>The varying content of a run's <c>meta.yaml</c>.</summary>
/// <param name="Id">The run.</param>
/// <param name="Name">The name to show.</param>
/// <param name="User">Who started it.</param>
/// <param name="StartTime">Milliseconds since 1970.</param>
internal sealed record FileStoreRun(string Id, string Name, string User, long StartTime)
{
    /// <summary>The status of a run in progress.</summary>
    public const int Running = 1;

    /// <summary>1 running, 2 scheduled, 3 finished, 4 failed, 5 killed.</summary>
    public int Status { get; init; } = Running;

    /// <summary>Milliseconds since 1970; null while the run is in progress.</summary>
    public long? EndTime { get; init; }

    /// <summary>The number of a status.</summary>
    public static int StatusOf(EndStatus status) => status switch
    {
        EndStatus.Done => 3,
        EndStatus.Failed => 4,
        _ => 5,
    };

    /// <summary>Reads a file. MLflow may have rewritten it, because a user renamed the run.</summary>
    public static FileStoreRun Read(string path)
    {
        var values = FileStoreFiles.ReadYaml(path);
        return new(Text("run_id"), Text("run_name"), Text("user_id"), Integer("start_time") ?? 0)
        {
            Status = (int)(Integer("status") ?? Running),
            EndTime = Integer("end_time"),
        };

        string Text(string key) => (values[key] as YamlScalarNode)?.Value ?? "";
        long? Integer(string key) => long.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The file, in the order in which MLflow writes it.</summary>
    public string ToYaml(string experiment, string artifacts) =>
        $"""
        artifact_uri: {FileStoreFiles.Quoted(new Uri(artifacts).AbsoluteUri)}
        end_time: {EndTime?.ToString(CultureInfo.InvariantCulture) ?? "null"}
        entry_point_name: ''
        experiment_id: '{experiment}'
        lifecycle_stage: active
        run_id: '{Id}'
        run_name: {FileStoreFiles.Quoted(Name)}
        source_name: ''
        source_type: 4
        source_version: ''
        start_time: {StartTime}
        status: {Status}
        tags: []
        user_id: {FileStoreFiles.Quoted(User)}

        """;
}
