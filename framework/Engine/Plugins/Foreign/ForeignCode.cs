using System.Reflection;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>
/// Tells the code of plugin files from the code of this program. A plugin file may come from a stranger, so its code is
/// foreign: it is only read, by its metadata, and never run, until the user trusts the file.
/// </summary>
internal sealed class ForeignCode
{
    private static readonly string[] ProgramFolders =
        [Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), Path.GetDirectoryName(typeof(object).Assembly.Location)!];

    private readonly HashSet<Assembly> _shipped;
    private readonly bool _isTrusted;

    private ForeignCode(IEnumerable<Assembly> shipped, bool isTrusted) => (_shipped, _isTrusted) = ([.. shipped], isTrusted);

    /// <summary>All code is foreign except for the given assemblies and those in the program's own folders.</summary>
    public static ForeignCode Except(IEnumerable<Assembly> shipped) => new(shipped, isTrusted: false);

    /// <summary>No code is foreign: in a worker, or after the user trusted the plugin files.</summary>
    public static ForeignCode None { get; } = new([], isTrusted: true);

    /// <summary>Whether a type, its element type or one of its type arguments is foreign.</summary>
    public bool Contains(Type type) =>
        !_isTrusted
        && (type.HasElementType ? Contains(type.GetElementType()!) : IsForeign(type.Assembly) || type.GenericTypeArguments.Any(Contains));

    private bool IsForeign(Assembly assembly) =>
        !_shipped.Contains(assembly) && !ProgramFolders.Contains(Path.GetDirectoryName(assembly.Location), StringComparer.Ordinal);
}
