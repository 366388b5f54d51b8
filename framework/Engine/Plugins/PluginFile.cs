using System.Reflection;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>A file with plugins: a C# file or an assembly.</summary>
/// <param name="Path">The full path of the file.</param>
/// <param name="Source">SHA-256 of its bytes; part of every key that its plugins have a part in.</param>
/// <param name="Assembly">The assembly, loaded.</param>
/// <param name="AssemblyPath">The path from which a worker loads the assembly; null when it exists only in
/// memory.</param>
/// <param name="Documentation">The XML documentation of an assembly that exists only in memory.</param>
public sealed record PluginFile(string Path, string Source, Assembly Assembly, string? AssemblyPath, byte[]? Documentation = null)
{
    /// <summary>
    /// The option by which a process tells the processes that it starts which files the user trusts, by their
    /// <see cref="Source"/>.
    /// </summary>
    public const string TrustedOption = "--trusted";

    /// <summary>SHA-256 of the assembly that a C# file was compiled to; null for an assembly file.</summary>
    public string? AssemblyDigest { get; init; }
}

/// <summary>A reference to a plugin file.</summary>
/// <param name="Path">The full path of the file.</param>
/// <param name="Shown">The path as messages show it.</param>
/// <param name="Location">Where it was written.</param>
public sealed record PluginFileName(string Path, string Shown, SourceLocation Location);
