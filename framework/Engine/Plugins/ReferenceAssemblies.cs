using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Experiments.Engine.Plugins;

/// <summary>What the code of a plugin file may use: all that this process runs on, and the contracts and plugins beside it. No assembly is loaded to tell.</summary>
internal static class ReferenceAssemblies
{
    /// <summary>The paths, one a file name, in ordinal order of the names. The compiler is among them.</summary>
    public static IReadOnlyList<string> Paths()
    {
        var platform = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var beside = Directory.GetFiles(AppContext.BaseDirectory, "Experiments.*.dll").Concat(Directory.GetFiles(AppContext.BaseDirectory, "TorchSharp.dll"));
        return [.. platform.Concat(beside).DistinctBy(path => Path.GetFileName(path)).OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal)];
    }

    /// <summary>The module version id of an assembly file: another compilation, another id.</summary>
    public static Guid ModuleVersion(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
