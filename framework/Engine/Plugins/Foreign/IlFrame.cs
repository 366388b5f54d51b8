using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>One call of a method, which <see cref="IlReader"/> follows instruction by instruction.</summary>
internal sealed class IlFrame
{
    private readonly IlReader _reader;
    private readonly MethodBase _method;
    private readonly object?[] _arguments;
    private readonly object?[] _locals;
    private readonly byte[] _code;
    private readonly Stack<object?> _stack = [];

    /// <summary>A call.</summary>
    /// <param name="reader">Follows the calls within it.</param>
    /// <param name="method">The method.</param>
    /// <param name="arguments">Its arguments, the instance first.</param>
    /// <exception cref="NotSupportedException">The method has no code.</exception>
    public IlFrame(IlReader reader, MethodBase method, object?[] arguments)
    {
        var body = method.GetMethodBody() ?? throw new NotSupportedException($"{method} has no code.");
        (_reader, _method, _arguments, _code) = (reader, method, arguments, body.GetILAsByteArray()!);
        _locals = [.. body.LocalVariables.Select(local => IlValue.DefaultOf(local.LocalType))];
    }

    /// <summary>Follows the method to its end, and returns its result.</summary>
    /// <exception cref="NotSupportedException">The method has an instruction that is not followed.</exception>
    public object? Run()
    {
        ReadOnlySpan<byte> rest = _code;
        while (_reader.CountStep())
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
            else if (instruction.Code.IsBranch())
            {
                SkipInitializer(Target(instruction, rest), ref rest);
            }
            else
            {
                Step(instruction);
            }
        }

        throw new NotSupportedException("The code is too long.");
    }

    /// <summary>
    /// Skips the rest of a field's initializer that depends on a condition, <c>a ? b : c</c>: its value is unread. What
    /// came before and what follows stays known, because an initializer cannot use the object itself.
    /// </summary>
    private void SkipInitializer(int end, ref ReadOnlySpan<byte> rest)
    {
        if (_stack.LastOrDefault() is not IlObject owner || owner != _arguments[0])
        {
            throw new NotSupportedException("The condition is not part of an initializer.");
        }

        IlReader.Lose(_stack.Where(value => value != owner));
        IlReader.Lose(_locals);
        while (IlInstruction.Read(ref rest) is var instruction)
        {
            end = instruction.Code.IsBranch() ? Math.Max(end, Target(instruction, rest)) : end;
            if (instruction.Code is ILOpCode.Ldarg_0 or ILOpCode.Ldarg or ILOpCode.Ldarg_s or ILOpCode.Ldarga or ILOpCode.Ldarga_s or ILOpCode.Ret)
            {
                throw new NotSupportedException("The code after a condition uses the object.");
            }

            var isAtEnd = instruction.Code == ILOpCode.Stfld && end < _code.Length - rest.Length;
            if (isAtEnd && Member(instruction.Operand) is FieldInfo field && field.DeclaringType == _method.DeclaringType)
            {
                owner[field] = UnreadDefault.Value;
                _stack.Clear();
                return;
            }
        }
    }

    private int Target(IlInstruction branch, ReadOnlySpan<byte> rest) => branch.Code == ILOpCode.Switch
        ? throw new NotSupportedException("A switch is not followed.")
        : _code.Length - rest.Length + (int)Number(branch.Operand);

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
            case ILOpCode.Add or ILOpCode.Sub or ILOpCode.Mul or ILOpCode.Div or ILOpCode.Div_un or ILOpCode.Rem or ILOpCode.Rem_un
                or ILOpCode.And or ILOpCode.Or or ILOpCode.Xor or ILOpCode.Shl or ILOpCode.Shr
                or ILOpCode.Ceq or ILOpCode.Cgt or ILOpCode.Cgt_un or ILOpCode.Clt or ILOpCode.Clt_un:
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
                var result = _reader.Call(code == ILOpCode.Callvirt ? IlReader.Called(method, given[0]) : method, given);
                if (method is MethodInfo called && called.ReturnType != typeof(void))
                {
                    _stack.Push(result);
                }

                break;
            default:
                throw new NotSupportedException($"{code} is not followed.");
        }
    }

    private static int Index(ReadOnlySpan<byte> operand) =>
        operand.Length == 1 ? operand[0] : BinaryPrimitives.ReadUInt16LittleEndian(operand);

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
