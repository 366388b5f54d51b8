using System.Reflection;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>A file that brings plugins of its own: a C# file, or an assembly.</summary>
/// <param name="Path">The file, a full path.</param>
/// <param name="Source">SHA-256 of its bytes; part of the key of what its plugins make.</param>
/// <param name="Assembly">The assembly, loaded.</param>
/// <param name="AssemblyPath">Where a worker finds the assembly; null when it was compiled in memory and could not be kept.</param>
/// <param name="Documentation">The XML documentation of an assembly that is only in memory.</param>
public sealed record PluginFile(string Path, string Source, Assembly Assembly, string? AssemblyPath, byte[]? Documentation = null);

/// <summary>Where something names a plugin file.</summary>
/// <param name="Path">The file, a full path.</param>
/// <param name="Shown">The path as messages show it.</param>
/// <param name="Location">Where it is named.</param>
public sealed record PluginFileName(string Path, string Shown, SourceLocation Location);
