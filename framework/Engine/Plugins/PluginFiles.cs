using System.Reflection;
using System.Security.Cryptography;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins.Foreign;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>
/// Loads plugins from files that a recipe or a command names: assemblies, and C# files, each of which is compiled to
/// its own assembly. Compiled assemblies are cached. The cache key covers everything that determines the result: the
/// source, the assemblies that it may use, and the compiler.
/// </summary>
public sealed class PluginFiles
{
    private const int KeyDigitsInFolder = 32;
    private const int KeyDigitsInName = 8;
    private readonly string? _cacheFolder;
    private readonly Func<string, bool> _accepts;
    private readonly Dictionary<(string Path, string Digest), Assembly> _loaded = [];
    private readonly Lazy<string> _references;
    private readonly Lazy<PluginCompiler> _compiler;

    /// <summary>Loads files.</summary>
    /// <param name="cacheFolder">The cache for compiled assemblies, with one folder per assembly; null for no
    /// cache.</param>
    /// <param name="accepts">Whether to use an assembly of the cache, by the SHA-256 of its bytes. The cache is in a
    /// folder that may come from a stranger. Null accepts all, for a command that runs none of their code.</param>
    public PluginFiles(string? cacheFolder, Func<string, bool>? accepts = null)
    {
        (_cacheFolder, _accepts) = (cacheFolder, accepts ?? (_ => true));
        var paths = new Lazy<IReadOnlyList<string>>(ReferenceAssemblies.Paths);
        _references = new(() => string.Join('\n', paths.Value.Select(path => $"{Path.GetFileName(path)} {ReferenceAssemblies.ModuleVersion(path)}")));
        _compiler = new(() => new PluginCompiler(paths.Value));
    }

    /// <summary>The cache folder for compiled assemblies, which is inside the folder of runs.</summary>
    public static string CacheIn(string runsFolder) => Path.Combine(Path.GetFullPath(runsFolder), "plugins");

    /// <summary>
    /// Adds the plugins of files to a catalog. What is wrong with a file becomes a problem, and the other files are
    /// still added.
    /// </summary>
    /// <returns>The catalog with the files that could be added, and these files.</returns>
    public (PluginCatalog Catalog, IReadOnlyList<PluginFile> Files) AddTo(PluginCatalog catalog, IEnumerable<PluginFileName> names, RecipeProblems problems)
    {
        List<PluginFile> files = [];
        foreach (var name in names)
        {
            try
            {
                if (Load(name, problems) is { } file)
                {
                    catalog = catalog.With(file);
                    files.Add(file);
                    continue;
                }
            }
            catch (InvalidPluginException problem)
            {
                problems.Add(name.Location, $"the plugin file '{name.Shown}': {problem.Message}");
            }

            catalog = catalog.AsPartial();
        }

        return (catalog, files);
    }

    private PluginFile? Load(PluginFileName name, RecipeProblems problems)
    {
        var extension = Path.GetExtension(name.Path);
        if (extension is not (".cs" or ".dll"))
        {
            problems.Add(name.Location, $"the plugin file '{name.Shown}' is neither a C# file (.cs) nor an assembly (.dll).");
            return null;
        }

        byte[] bytes;
        try
        {
            bytes = FileIdentity.Of(name.Path) is { Kind: FileKind.Regular } ? File.ReadAllBytes(name.Path) : throw new FileNotFoundException(name.Path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            problems.Add(name.Location, $"the plugin file '{name.Shown}' cannot be read: no such file, or no access. Paths in a recipe are relative to the recipe's folder, paths in an argument to the working directory.");
            return null;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return extension == ".dll" ? new(name.Path, digest, LoadOnce(name.Path, digest), name.Path) : Compile(name, bytes, digest, problems);
    }

    private PluginFile? Compile(PluginFileName name, byte[] source, string digest, RecipeProblems problems)
    {
        var stem = Path.GetFileNameWithoutExtension(name.Path);
        var key = Digest.OfText($"{stem}\n{digest}\n{_references.Value}");
        var assemblyName = $"{stem}-{key[..KeyDigitsInName]}"; // a worker cannot load two assemblies of the same name
        var folder = _cacheFolder is null ? null : Path.Combine(_cacheFolder, key[..KeyDigitsInFolder]);
        var path = folder is null ? null : Path.Combine(folder, assemblyName + ".dll");
        if (!File.Exists(path) || !_accepts(Digest.OfFile(path)))
        {
            var compiled = _compiler.Value.Compile(name.Path, source, assemblyName);
            foreach (var error in compiled.Errors)
            {
                problems.Add(new SourceLocation(name.Shown, error.Line, error.Column), error.Text);
            }

            if (compiled.Errors.Count > 0)
            {
                return null;
            }

            if (folder is null || !TryKeep(folder, assemblyName, compiled) || !IsOf(compiled, path!))
            {
                return new(name.Path, digest, PluginReflection.Load(compiled.Assembly), AssemblyPath: null, compiled.Documentation);
            }
        }

        var compiledDigest = Digest.OfFile(path!);
        return new(name.Path, digest, LoadOnce(path!, compiledDigest), path) { AssemblyDigest = compiledDigest };
    }

    /// <summary>Loads an assembly, at most once for all recipes that are read with these files.</summary>
    private Assembly LoadOnce(string path, string digest) =>
        _loaded.TryGetValue((path, digest), out var known) ? known : _loaded[(path, digest)] = ForeignLoadContext.Load(path);

    private static bool IsOf(CompiledPlugins compiled, string path) => File.ReadAllBytes(path).AsSpan().SequenceEqual(compiled.Assembly);

    /// <summary>
    /// Puts an assembly into the cache by one rename, in place of one that is not accepted. Another process may have been
    /// first.
    /// </summary>
    private static bool TryKeep(string folder, string assemblyName, CompiledPlugins compiled)
    {
        var temporary = $"{folder}.tmp-{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(temporary);
            File.WriteAllBytes(Path.Combine(temporary, assemblyName + ".dll"), compiled.Assembly);
            File.WriteAllBytes(Path.Combine(temporary, assemblyName + ".xml"), compiled.Documentation);
            DurableFiles.SyncTree(temporary);
            var present = Path.Combine(folder, assemblyName + ".dll");
            if (File.Exists(present) && !IsOf(compiled, present))
            {
                Directory.Delete(folder, recursive: true);
            }

            if (!DurableFiles.TryRename(temporary, folder))
            {
                Directory.Delete(temporary, recursive: true);
            }

            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
