using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>
/// Reads the values that a constructor or a getter gives, from its IL, without running it. It follows code without
/// branches that assigns constants, as field initializers do. What it cannot follow is <see cref="UnreadDefault"/>:
/// first of all the results of calls.
/// </summary>
internal sealed class IlReader
{
    private const int MaximumDepth = 32;
    private const int MaximumSteps = 100_000;
    private int _depth;
    private int _steps;

    /// <summary>The object that a constructor without parameters makes.</summary>
    public static IlObject Construct(ConstructorInfo constructor) =>
        new IlReader().New(constructor, []) as IlObject ?? throw new InvalidPluginException($"{constructor.DeclaringType}: options must be a record.");

    /// <summary>What a getter returns.</summary>
    public static object? Get(MethodInfo getter, IlObject owner) => new IlReader().Call(Called(getter, owner), [owner]);

    /// <summary>The method that a virtual call of a method reaches.</summary>
    private static MethodBase Called(MethodBase method, object? owner)
    {
        const BindingFlags declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        if (method is not MethodInfo { IsVirtual: true } slot || owner is not IlObject known)
        {
            return method;
        }

        for (var type = known.Type; type is not null && type != method.DeclaringType; type = type.BaseType)
        {
            if (type.GetMethods(declared).FirstOrDefault(each => Definition(each) == Definition(slot)) is { } overriding)
            {
                return overriding;
            }
        }

        return method;

        static (Module, int) Definition(MethodInfo method) => (method.GetBaseDefinition().Module, method.GetBaseDefinition().MetadataToken);
    }

    /// <summary>Calls a constructor.</summary>
    private object? New(ConstructorInfo constructor, object?[] arguments)
    {
        if (IlKnownCalls.New(constructor, arguments, out var known))
        {
            return known;
        }

        if (constructor.DeclaringType!.IsValueType)
        {
            Lose(arguments);
            return UnreadDefault.Value;
        }

        var made = new IlObject(constructor.DeclaringType);
        Call(constructor, [made, .. arguments]);
        return made;
    }

    /// <summary>Calls a method. A method that cannot be read may have changed every object that it was given.</summary>
    private object? Call(MethodBase method, object?[] arguments)
    {
        if (IlKnownCalls.Call(method, arguments, out var known))
        {
            return known;
        }

        if (_depth < MaximumDepth)
        {
            try
            {
                _depth++;
                return new Frame(this, method, arguments).Run();
            }
            catch (Exception problem) when (IsUnreadable(problem))
            {
                Lose(arguments);
                return UnreadDefault.Value;
            }
            finally
            {
                _depth--;
            }
        }

        Lose(arguments);
        return UnreadDefault.Value;
    }

    private static bool IsUnreadable(Exception problem) => problem
        is InvalidOperationException or InvalidCastException or ArgumentException or ArithmeticException or IndexOutOfRangeException or NullReferenceException
        or NotSupportedException or BadImageFormatException or TypeLoadException or MissingMemberException or IOException or TargetInvocationException;

    private static void Lose(IEnumerable<object?> values)
    {
        foreach (var value in values)
        {
            switch (value)
            {
                case IlObject changed:
                    changed.Lose();
                    break;
                case IlPlace place:
                    place.Set(UnreadDefault.Value);
                    break;
                case List<object?> list:
                    list.ForEach(item => Lose([item]));
                    list.Add(UnreadDefault.Value);
                    break;
                case Dictionary<string, object?> map:
                    Lose(map.Values);
                    map[""] = UnreadDefault.Value;
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>One call of a method.</summary>
    private sealed class Frame
    {
        private readonly IlReader _reader;
        private readonly MethodBase _method;
        private readonly object?[] _arguments;
        private readonly object?[] _locals;
        private readonly byte[] _code;
        private readonly Stack<object?> _stack = [];

        public Frame(IlReader reader, MethodBase method, object?[] arguments)
        {
            var body = method.GetMethodBody() ?? throw new NotSupportedException($"{method} has no code.");
            (_reader, _method, _arguments, _code) = (reader, method, arguments, body.GetILAsByteArray()!);
            _locals = [.. body.LocalVariables.Select(local => IlValue.DefaultOf(local.LocalType))];
        }

        public object? Run()
        {
            ReadOnlySpan<byte> rest = _code;
            while (++_reader._steps <= MaximumSteps)
            {
                var instruction = IlInstruction.Read(ref rest);
                if (instruction.Code == ILOpCode.Ret)
                {
                    return _stack.TryPop(out var result) ? result : null;
                }

                if (instruction.Code is ILOpCode.Br or ILOpCode.Br_s)
                {
                    rest = _code.AsSpan()[(_code.Length - rest.Length + (int)Number(instruction.Operand))..];
                }
                else
                {
                    Step(instruction);
                }
            }

            throw new NotSupportedException("The code is too long.");
        }

        private static long Number(ReadOnlySpan<byte> operand) => operand.Length switch
        {
            1 => (sbyte)operand[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(operand),
            4 => BinaryPrimitives.ReadInt32LittleEndian(operand),
            _ => BinaryPrimitives.ReadInt64LittleEndian(operand),
        };

        private void Step(IlInstruction instruction)
        {
            var code = instruction.Code;
            var operand = instruction.Operand;
            switch (code)
            {
                case ILOpCode.Nop or ILOpCode.Box or ILOpCode.Unbox_any or ILOpCode.Castclass or ILOpCode.Readonly:
                    break;
                case >= ILOpCode.Ldarg_0 and <= ILOpCode.Ldarg_3:
                    _stack.Push(_arguments[code - ILOpCode.Ldarg_0]);
                    break;
                case ILOpCode.Ldarg_s or ILOpCode.Ldarg:
                    _stack.Push(_arguments[Index(operand)]);
                    break;
                case >= ILOpCode.Ldloc_0 and <= ILOpCode.Ldloc_3:
                    _stack.Push(_locals[code - ILOpCode.Ldloc_0]);
                    break;
                case ILOpCode.Ldloc_s or ILOpCode.Ldloc:
                    _stack.Push(_locals[Index(operand)]);
                    break;
                case >= ILOpCode.Stloc_0 and <= ILOpCode.Stloc_3:
                    _locals[code - ILOpCode.Stloc_0] = _stack.Pop();
                    break;
                case ILOpCode.Stloc_s or ILOpCode.Stloc:
                    _locals[Index(operand)] = _stack.Pop();
                    break;
                case ILOpCode.Ldloca_s or ILOpCode.Ldloca:
                    var local = Index(operand);
                    _stack.Push(new IlPlace(() => _locals[local], value => _locals[local] = value));
                    break;
                case ILOpCode.Ldnull:
                    _stack.Push(null);
                    break;
                case >= ILOpCode.Ldc_i4_m1 and <= ILOpCode.Ldc_i4_8:
                    _stack.Push((int)code - (int)ILOpCode.Ldc_i4_0);
                    break;
                case ILOpCode.Ldc_i4_s or ILOpCode.Ldc_i4:
                    _stack.Push((int)Number(operand));
                    break;
                case ILOpCode.Ldc_i8:
                    _stack.Push(Number(operand));
                    break;
                case ILOpCode.Ldc_r4:
                    _stack.Push(BinaryPrimitives.ReadSingleLittleEndian(operand));
                    break;
                case ILOpCode.Ldc_r8:
                    _stack.Push(BinaryPrimitives.ReadDoubleLittleEndian(operand));
                    break;
                case ILOpCode.Ldstr:
                    _stack.Push(_method.Module.ResolveString((int)Number(operand)));
                    break;
                case ILOpCode.Dup:
                    _stack.Push(_stack.Peek());
                    break;
                case ILOpCode.Pop:
                    _stack.Pop();
                    break;
                case ILOpCode.Add or ILOpCode.Sub or ILOpCode.Mul or ILOpCode.Div or ILOpCode.Div_un or ILOpCode.Rem or ILOpCode.Rem_un or ILOpCode.And
                    or ILOpCode.Or or ILOpCode.Xor or ILOpCode.Shl or ILOpCode.Shr or ILOpCode.Ceq or ILOpCode.Cgt or ILOpCode.Cgt_un or ILOpCode.Clt or ILOpCode.Clt_un:
                    _stack.Push(Pop(2) is [int left, int right] && code == ILOpCode.Add ? unchecked(left + right) : UnreadDefault.Value);
                    break;
                case ILOpCode.Neg or ILOpCode.Not:
                    _stack.Pop();
                    _stack.Push(UnreadDefault.Value);
                    break;
                case ILOpCode.Conv_i1 or ILOpCode.Conv_u1 or ILOpCode.Conv_i2 or ILOpCode.Conv_u2 or ILOpCode.Conv_i4 or ILOpCode.Conv_u4:
                    _stack.Push(IlValue.Convert(_stack.Pop(), typeof(int)));
                    break;
                case ILOpCode.Conv_i8:
                    _stack.Push(IlValue.Convert(_stack.Pop(), typeof(long)));
                    break;
                case ILOpCode.Conv_u8:
                    _stack.Push(IlValue.Convert(_stack.Pop(), typeof(ulong)));
                    break;
                case ILOpCode.Conv_r4:
                    _stack.Push(IlValue.Convert(_stack.Pop(), typeof(float)));
                    break;
                case ILOpCode.Conv_r8:
                    _stack.Push(IlValue.Convert(_stack.Pop(), typeof(double)));
                    break;
                default:
                    StepInMemory(code, instruction.HasToken ? Member(operand) : null);
                    break;
            }
        }

        private void StepInMemory(ILOpCode code, MemberInfo? member)
        {
            switch (code, member)
            {
                case (ILOpCode.Ldtoken or ILOpCode.Ldftn, _):
                    _stack.Push(member);
                    break;
                case (ILOpCode.Newarr, Type item):
                    _stack.Push(IlArray.Of((int)_stack.Pop()!, item));
                    break;
                case (ILOpCode.Stelem or ILOpCode.Stelem_i1 or ILOpCode.Stelem_i2 or ILOpCode.Stelem_i4 or ILOpCode.Stelem_i8
                    or ILOpCode.Stelem_r4 or ILOpCode.Stelem_r8 or ILOpCode.Stelem_ref, _):
                    var (stored, at) = (_stack.Pop(), (int)_stack.Pop()!);
                    ((List<object?>)_stack.Pop()!)[at] = stored;
                    break;
                case (ILOpCode.Stobj or ILOpCode.Stind_i1 or ILOpCode.Stind_i2 or ILOpCode.Stind_i4 or ILOpCode.Stind_i8
                    or ILOpCode.Stind_r4 or ILOpCode.Stind_r8 or ILOpCode.Stind_ref, _):
                    var value = _stack.Pop();
                    ((IlPlace)_stack.Pop()!).Set(value);
                    break;
                case (ILOpCode.Initobj, Type type):
                    ((IlPlace)_stack.Pop()!).Set(IlValue.DefaultOf(type));
                    break;
                case (ILOpCode.Ldfld, FieldInfo field):
                    _stack.Push(((IlObject)_stack.Pop()!)[field]);
                    break;
                case (ILOpCode.Ldflda, FieldInfo field):
                    var owner = (IlObject)_stack.Pop()!;
                    _stack.Push(new IlPlace(() => owner[field], assigned => owner[field] = assigned));
                    break;
                case (ILOpCode.Stfld, FieldInfo field):
                    var assigned = _stack.Pop();
                    ((IlObject)_stack.Pop()!)[field] = assigned;
                    break;
                case (ILOpCode.Ldsfld, FieldInfo field):
                    _stack.Push(IlKnownCalls.StaticField(field));
                    break;
                case (ILOpCode.Newobj, ConstructorInfo constructor):
                    _stack.Push(_reader.New(constructor, Pop(constructor.GetParameters().Length)));
                    break;
                case (ILOpCode.Call or ILOpCode.Callvirt, MethodBase method):
                    var given = Pop(method.GetParameters().Length + (method.IsStatic ? 0 : 1));
                    var result = _reader.Call(code == ILOpCode.Callvirt ? Called(method, given[0]) : method, given);
                    if (method is MethodInfo called && called.ReturnType != typeof(void))
                    {
                        _stack.Push(result);
                    }

                    break;
                default:
                    throw new NotSupportedException($"{code} is not followed.");
            }
        }

        private static int Index(ReadOnlySpan<byte> operand) => operand.Length == 1 ? operand[0] : BinaryPrimitives.ReadUInt16LittleEndian(operand);

        private object?[] Pop(int count)
        {
            var values = new object?[count];
            for (var i = count - 1; i >= 0; i--)
            {
                values[i] = _stack.Pop();
            }

            return values;
        }

        private MemberInfo? Member(ReadOnlySpan<byte> operand)
        {
            var ofType = _method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
            return _method.Module.ResolveMember((int)Number(operand), ofType, _method.IsGenericMethod ? _method.GetGenericArguments() : null);
        }
    }
}
