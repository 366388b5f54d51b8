using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Code;

/// <summary>The code of an assembly file, read without loading the assembly.</summary>
internal sealed class CodeAssembly
{
    private readonly PEReader _file;
    private readonly Lazy<Dictionary<string, TypeDefinitionHandle>> _types;

    private CodeAssembly(ImmutableArray<byte> bytes)
    {
        _file = new PEReader(bytes);
        Metadata = _file.GetMetadataReader();
        _types = new(() => Metadata.TypeDefinitions.ToDictionary(FullName));
    }

    /// <summary>Opens an assembly file.</summary>
    /// <returns>Null when the file does not exist.</returns>
    public static CodeAssembly? Open(string path) => File.Exists(path) ? new(ImmutableCollectionsMarshal.AsImmutableArray(File.ReadAllBytes(path))) : null;

    /// <summary>Types, members, signatures.</summary>
    public MetadataReader Metadata { get; }

    /// <summary>The assembly's name.</summary>
    public string Name => Metadata.GetString(Metadata.GetAssemblyDefinition().Name);

    /// <summary>The module version id. Each compilation of different code has a different id.</summary>
    public Guid ModuleVersion => Metadata.GetGuid(Metadata.GetModuleDefinition().Mvid);

    /// <summary>A type by its full name, <c>Some.Outer+Inner</c>; null when there is none.</summary>
    public CodeType? Find(string fullName) => _types.Value.TryGetValue(fullName, out var handle) ? new(this, handle) : null;

    /// <summary>The full name of a type, <c>Some.Outer+Inner</c>.</summary>
    public string FullName(TypeDefinitionHandle handle)
    {
        var type = Metadata.GetTypeDefinition(handle);
        var name = Metadata.GetString(type.Name);
        return !type.GetDeclaringType().IsNil ? $"{FullName(type.GetDeclaringType())}+{name}"
            : type.Namespace.IsNil ? name
            : $"{Metadata.GetString(type.Namespace)}.{name}";
    }

    /// <summary>The bytes of an embedded resource; empty when there is no such resource.</summary>
    public ReadOnlySpan<byte> Resource(string name)
    {
        foreach (var resource in Metadata.ManifestResources.Select(Metadata.GetManifestResource))
        {
            if (resource.Implementation.IsNil && Metadata.StringComparer.Equals(resource.Name, name))
            {
                var resources = _file.GetSectionData(_file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
                var length = resources.GetReader((int)resource.Offset, sizeof(int)).ReadInt32(); // the length comes before the bytes
                return resources.GetContent((int)resource.Offset + sizeof(int), length).AsSpan();
            }
        }

        return [];
    }

    /// <summary>The body of a method, or null when it has none.</summary>
    public MethodBodyBlock? Body(MethodDefinition method) => method.RelativeVirtualAddress == 0 ? null : _file.GetMethodBody(method.RelativeVirtualAddress);
}

/// <summary>A type's definition.</summary>
internal readonly record struct CodeType(CodeAssembly Assembly, TypeDefinitionHandle Handle)
{
    /// <summary>The definition's metadata.</summary>
    public TypeDefinition Definition => Assembly.Metadata.GetTypeDefinition(Handle);
}
