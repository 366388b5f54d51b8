using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Experiments.Engine.Plugins;

/// <summary>
/// The assemblies that a plugin file may use: the platform's, and the contracts and plugins in the program's folder.
/// Finding them loads no assembly.
/// </summary>
internal static class ReferenceAssemblies
{
    /// <summary>The paths, one per file name, in ordinal order of the names. The compiler is one of them.</summary>
    public static IReadOnlyList<string> Paths()
    {
        var platform = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var beside = Directory.GetFiles(AppContext.BaseDirectory, "Experiments.*.dll").Concat(Directory.GetFiles(AppContext.BaseDirectory, "TorchSharp.dll"));
        return [.. platform.Concat(beside).DistinctBy(path => Path.GetFileName(path)).OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal)];
    }

    /// <summary>
    /// The module version id of an assembly file. Each compilation of different code has a different id.
    /// </summary>
    public static Guid ModuleVersion(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
