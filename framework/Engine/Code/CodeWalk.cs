using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Security.Cryptography;
using System.Text;
using Experiments.Engine.Plugins.Foreign;

namespace Experiments.Engine.Code;

/// <summary>
/// Writes the code of a type, and of everything that it reaches, as text. The text has names in place of metadata
/// tokens, so that it changes only with this code, not with other code of the same compilation. Static classes and
/// classes of the contracts contribute only the methods that are called, their constructors and their virtual methods;
/// other types contribute all their members. An embedded resource is included when the code has its name as a literal.
/// Names made up by the compiler are replaced by numbers, in the order in which they are met.
/// </summary>
/// <param name="find">Finds one of our assemblies by name; null for any other.</param>
internal sealed class CodeWalk(Func<string, CodeAssembly?> find)
{
    private const string Contracts = "Experiments.Contracts";
    private const string PrivateDetails = "<PrivateImplementationDetails>"; // constant data; each field is named after the hash of its data

    private readonly StringBuilder _text = new();
    private readonly Queue<(CodeType Type, MethodDefinitionHandle Method)> _pending = [];
    private readonly HashSet<(CodeAssembly, EntityHandle)> _reached = [];
    private readonly Dictionary<CodeType, string> _madeUp = [];
    private readonly Dictionary<CodeAssembly, CodeSignatures> _signatures = [];

    /// <summary>The assemblies that hold the code that was reached.</summary>
    public IEnumerable<CodeAssembly> Assemblies => _reached.Select(reached => reached.Item1).Distinct();

    /// <summary>The code of a type and of everything that it reaches.</summary>
    public string Write(CodeType root)
    {
        Reach(root);
        while (_pending.TryDequeue(out var next))
        {
            if (next.Method.IsNil)
            {
                WriteType(next.Type);
            }
            else
            {
                WriteMethod(next.Type, next.Method);
            }
        }

        return _text.ToString();
    }

    private static bool IsOfContracts(CodeType type) => type.Assembly.Name.StartsWith(Contracts, StringComparison.Ordinal);

    private static bool CountsWhole(CodeType type) => !IsOfContracts(type) && !type.Definition.Attributes.HasFlag(TypeAttributes.Abstract | TypeAttributes.Sealed);

    private static bool CountsUncalled(MethodDefinition method, string name) => name is ".ctor" or ".cctor" || method.Attributes.HasFlag(MethodAttributes.Virtual);

    private CodeSignatures Signatures(CodeAssembly assembly) =>
        _signatures.TryGetValue(assembly, out var signatures) ? signatures : _signatures[assembly] = new CodeSignatures(assembly, Define, Refer);

    private CodeName Define(CodeType type)
    {
        var fullName = type.Assembly.FullName(type.Handle);
        if (fullName.StartsWith(PrivateDetails, StringComparison.Ordinal))
        {
            return new(fullName);
        }

        Reach(type);
        return new(fullName.Contains('<') ? WithoutMadeUp(type) : fullName, type);
    }

    private string WithoutMadeUp(CodeType type)
    {
        var name = type.Assembly.Metadata.GetString(type.Definition.Name);
        if (!name.Contains('<'))
        {
            return $"{WithoutMadeUp(new(type.Assembly, type.Definition.GetDeclaringType()))}+{name}";
        }

        return _madeUp.TryGetValue(type, out var known) ? known : _madeUp[type] = string.Create(CultureInfo.InvariantCulture, $"made-up {_madeUp.Count}");
    }

    private CodeName Refer(string assembly, string name) => find(assembly)?.Find(name) is { } type ? Define(type) : new(name);

    private void Reach(CodeType type)
    {
        if (!(IsOfContracts(type) && type.Definition.Attributes.HasFlag(TypeAttributes.Interface)) && _reached.Add((type.Assembly, type.Handle)))
        {
            _pending.Enqueue((type, default));
        }
    }

    private void Call(CodeType type, MethodDefinitionHandle method)
    {
        if (!CountsWhole(type) && _reached.Add((type.Assembly, method)))
        {
            _pending.Enqueue((type, method));
        }
    }

    private void WriteType(CodeType type)
    {
        var (metadata, definition, signatures) = (type.Assembly.Metadata, type.Definition, Signatures(type.Assembly));
        var interfaces = definition.GetInterfaceImplementations().Select(each => signatures.Type(metadata.GetInterfaceImplementation(each).Interface).Text);
        _text.Append($"type {Define(type).Text} : {signatures.Type(definition.BaseType).Text}, {string.Join(", ", interfaces)}\n");
        if (CountsWhole(type))
        {
            foreach (var field in definition.GetFields().Select(metadata.GetFieldDefinition))
            {
                var constant = field.GetDefaultValue().IsNil ? "" : Convert.ToHexString(metadata.GetBlobBytes(metadata.GetConstant(field.GetDefaultValue()).Value));
                _text.Append($"field {metadata.GetString(field.Name)} {field.DecodeSignature(signatures, null).Text} {constant}\n");
            }
        }

        foreach (var handle in definition.GetMethods())
        {
            var method = metadata.GetMethodDefinition(handle);
            if (CountsWhole(type) || (CountsUncalled(method, metadata.GetString(method.Name)) && _reached.Add((type.Assembly, handle))))
            {
                WriteMethod(type, handle);
            }
        }
    }

    private void WriteMethod(CodeType type, MethodDefinitionHandle handle)
    {
        var (metadata, signatures) = (type.Assembly.Metadata, Signatures(type.Assembly));
        var method = metadata.GetMethodDefinition(handle);
        _text.Append($"method {Define(type).Text}::{metadata.GetString(method.Name)} {CodeSignatures.Text(method.DecodeSignature(signatures, null))} {method.Attributes}\n");
        if (type.Assembly.Body(method) is not { } body)
        {
            var import = method.GetImport();
            _text.Append(import.Name.IsNil ? "" : $"import {metadata.GetString(import.Name)} of {metadata.GetString(metadata.GetModuleReference(import.Module).Name)}\n");
            return;
        }

        if (!body.LocalSignature.IsNil)
        {
            _text.Append($"locals {CodeSignatures.Join(metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(signatures, null))}\n");
        }

        foreach (var region in body.ExceptionRegions)
        {
            _text.Append($"region {region.Kind} {region.TryOffset} {region.TryLength} {region.HandlerOffset} {region.HandlerLength} {region.FilterOffset} {signatures.Type(region.CatchType).Text}\n");
        }

        ReadOnlySpan<byte> code = body.GetILBytes();
        while (!code.IsEmpty)
        {
            var instruction = IlInstruction.Read(ref code);
            _text.Append($"{instruction.Code} ");
            _text.Append(instruction.HasToken ? Token(type.Assembly, MetadataTokens.Handle(BitConverter.ToInt32(instruction.Operand))) : Convert.ToHexString(instruction.Operand)).Append('\n');
        }
    }

    private string Token(CodeAssembly assembly, Handle handle)
    {
        var (metadata, signatures) = (assembly.Metadata, Signatures(assembly));
        switch (handle.Kind)
        {
            case HandleKind.UserString:
                var text = metadata.GetUserString((UserStringHandle)handle);
                return $"{Convert.ToHexString(Encoding.UTF8.GetBytes(text))} {Convert.ToHexString(SHA256.HashData(assembly.Resource(text)))}";
            case HandleKind.FieldDefinition:
                var field = metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                return $"{Define(new(assembly, field.GetDeclaringType())).Text}::{metadata.GetString(field.Name)}";
            case HandleKind.MethodDefinition:
                var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                var owner = new CodeType(assembly, method.GetDeclaringType());
                Call(owner, (MethodDefinitionHandle)handle);
                return $"{Define(owner).Text}::{metadata.GetString(method.Name)} {CodeSignatures.Text(method.DecodeSignature(signatures, null))}";
            case HandleKind.MemberReference:
                return Member(assembly, metadata.GetMemberReference((MemberReferenceHandle)handle));
            case HandleKind.MethodSpecification:
                var specification = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                return $"{Token(assembly, specification.Method)} of {CodeSignatures.Join(specification.DecodeSignature(signatures, null))}";
            case HandleKind.StandaloneSignature:
                return CodeSignatures.Text(metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle).DecodeMethodSignature(signatures, null));
            default:
                return signatures.Type((EntityHandle)handle).Text;
        }
    }

    /// <summary>A member of a generic type or of a type in another assembly.</summary>
    private string Member(CodeAssembly assembly, MemberReference member)
    {
        var signatures = Signatures(assembly);
        var name = assembly.Metadata.GetString(member.Name);
        var owner = signatures.Type(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Field)
        {
            return $"{owner.Text}::{name} {member.DecodeFieldSignature(signatures, null).Text}";
        }

        var signature = CodeSignatures.Text(member.DecodeMethodSignature(signatures, null));
        if (owner.Definition is { } type && !CountsWhole(type))
        {
            var there = type.Assembly.Metadata;
            foreach (var candidate in type.Definition.GetMethods().Where(each => there.StringComparer.Equals(there.GetMethodDefinition(each).Name, name)))
            {
                if (CodeSignatures.Text(there.GetMethodDefinition(candidate).DecodeSignature(Signatures(type.Assembly), null)) == signature)
                {
                    Call(type, candidate);
                }
            }
        }

        return $"{owner.Text}::{name} {signature}";
    }
}
