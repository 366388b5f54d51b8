using System.Reflection;
using System.Runtime.Loader;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>
/// The load context of one plugin file. The assemblies that the file brings along, in its folder, are loaded here and
/// cannot take the place of an assembly of this program that has the same name. Contracts and framework are shared.
/// </summary>
/// <param name="path">The assembly file.</param>
internal sealed class ForeignLoadContext(string path) : AssemblyLoadContext(Path.GetFileName(path))
{
    /// <summary>Loads the assembly of a plugin file. None of its code is run.</summary>
    /// <exception cref="InvalidPluginException">The file is not an assembly.</exception>
    public static Assembly Load(string path)
    {
        var context = new ForeignLoadContext(path);
        context.Resolving += (_, name) => context.FromFolder(name);
        try
        {
            return context.LoadFromAssemblyPath(path);
        }
        catch (Exception problem) when (problem is BadImageFormatException or FileLoadException)
        {
            throw new InvalidPluginException($"{path}: not a .NET assembly. {problem.Message}");
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) => null; // first the program's own, then FromFolder

    private Assembly? FromFolder(AssemblyName name) =>
        Path.Combine(Path.GetDirectoryName(path)!, name.Name + ".dll") is var file && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
}
