namespace Experiments.Contracts;

/// <summary>Gives a class the name by which recipes use it: <c>use: NAME</c>.</summary>
/// <param name="name">kebab-case, unique among the plugins of its kind.</param>
/// <remarks>
/// The class has one public constructor: without parameters, or with one parameter, its options record.
/// The summary of the class is what <c>lab plugins</c> prints.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PluginAttribute(string name) : Attribute
{
    /// <summary>The name in recipes.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// Raise it by hand when the same options and inputs give a different output. Part of every key. Default: 1.
    /// </summary>
    public int Version { get; init; } = 1;

    /// <summary>
    /// For a stage: whether its work can be spread over processes, see <see cref="StageContext.Shards"/>. Default:
    /// false.
    /// </summary>
    public bool IsSharded { get; init; }

    /// <summary>
    /// For a stage: whether its checkpoint answers conversations. <c>lab chat</c> without a name takes the newest of these.
    /// </summary>
    public bool MakesChatModel { get; init; }

    /// <summary>For a stage: whether its report is about the whole run. <c>lab run</c> ends with the report's path.</summary>
    public bool ReportsRun { get; init; }
}
