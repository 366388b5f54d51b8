using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Experiments.Engine.Code;

/// <summary>A type as it is named in code.</summary>
/// <param name="Text">Its name, the same in every compilation.</param>
/// <param name="Definition">Its definition, if it is in one of our assemblies. A generic type has the definition of the
/// open type.</param>
internal readonly record struct CodeName(string Text, CodeType? Definition = null);

/// <summary>Turns the types in an assembly's signatures into names.</summary>
/// <param name="assembly">The assembly.</param>
/// <param name="define">Names a type that this assembly defines.</param>
/// <param name="refer">Names a type of another assembly, by that assembly's name and the type's full name.</param>
internal sealed class CodeSignatures(CodeAssembly assembly, Func<CodeType, CodeName> define, Func<string, string, CodeName> refer)
    : ISignatureTypeProvider<CodeName, object?>
{
    /// <summary>
    /// The name of a type by its token; empty for the nil token, such as the base type of an interface.
    /// </summary>
    public CodeName Type(EntityHandle handle) => handle.Kind switch
    {
        _ when handle.IsNil => new(""),
        HandleKind.TypeDefinition => GetTypeFromDefinition(assembly.Metadata, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => GetTypeFromReference(assembly.Metadata, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeSpecification => GetTypeFromSpecification(assembly.Metadata, null, (TypeSpecificationHandle)handle, 0),
        _ => new(""),
    };

    /// <summary>The text of a method's signature.</summary>
    public static string Text(MethodSignature<CodeName> signature) =>
        $"{signature.Header.CallingConvention}{(signature.Header.IsInstance ? " instance" : "")} "
        + $"{signature.ReturnType.Text} <{signature.GenericParameterCount}>({Join(signature.ParameterTypes)})";

    /// <summary>The names of types, separated by commas.</summary>
    public static string Join(ImmutableArray<CodeName> types) => string.Join(", ", types.Select(type => type.Text));

    public CodeName GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => define(new(assembly, handle));

    public CodeName GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var (scope, name) = Locate(reader, handle);
        return scope.Kind == HandleKind.AssemblyReference
            ? refer(reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name), name)
            : new(name);
    }

    public CodeName GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public CodeName GetGenericInstantiation(CodeName genericType, ImmutableArray<CodeName> typeArguments) =>
        genericType with { Text = $"{genericType.Text}<{Join(typeArguments)}>" };

    public CodeName GetPrimitiveType(PrimitiveTypeCode typeCode) => new(typeCode.ToString());

    public CodeName GetArrayType(CodeName elementType, ArrayShape shape) => new($"{elementType.Text}[rank {shape.Rank}]");

    public CodeName GetSZArrayType(CodeName elementType) => new(elementType.Text + "[]");

    public CodeName GetByReferenceType(CodeName elementType) => new(elementType.Text + "&");

    public CodeName GetPointerType(CodeName elementType) => new(elementType.Text + "*");

    public CodeName GetPinnedType(CodeName elementType) => new(elementType.Text + " pinned");

    public CodeName GetFunctionPointerType(MethodSignature<CodeName> signature) => new($"method {Text(signature)}");

    public CodeName GetGenericTypeParameter(object? genericContext, int index) => new($"!{index}");

    public CodeName GetGenericMethodParameter(object? genericContext, int index) => new($"!!{index}");

    public CodeName GetModifiedType(CodeName modifier, CodeName unmodifiedType, bool isRequired) => new($"{unmodifiedType.Text} modified by {modifier.Text}");

    private static (EntityHandle Scope, string Name) Locate(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            var (scope, outer) = Locate(reader, (TypeReferenceHandle)type.ResolutionScope);
            return (scope, $"{outer}+{name}");
        }

        return (type.ResolutionScope, type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}");
    }
}
