using System.Reflection.Metadata;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>One instruction of a method's body.</summary>
internal readonly ref struct IlInstruction
{
    private const int TwoByteCodes = 0xFE;

    private IlInstruction(ILOpCode code, ReadOnlySpan<byte> operand)
    {
        Code = code;
        Operand = operand;
    }

    /// <summary>The operation.</summary>
    public ILOpCode Code { get; }

    /// <summary>Its operand, as bytes of the body.</summary>
    public ReadOnlySpan<byte> Operand { get; }

    /// <summary>Whether the operand is a metadata token.</summary>
    public bool HasToken => IsToken(Code);

    /// <summary>Reads the first instruction of a body and advances past it.</summary>
    public static IlInstruction Read(ref ReadOnlySpan<byte> body)
    {
        var isLong = body[0] == TwoByteCodes;
        var code = (ILOpCode)(isLong ? (TwoByteCodes << 8) + body[1] : body[0]);
        body = body[(isLong ? 2 : 1)..];
        var size = code == ILOpCode.Switch ? sizeof(int) * (1 + BitConverter.ToInt32(body)) : OperandSize(code);
        var operand = body[..size];
        body = body[size..];
        return new(code, operand);
    }

    private static int OperandSize(ILOpCode code) =>
        code.IsBranch() ? code.GetBranchOperandSize()
        : IsToken(code) ? sizeof(int)
        : code switch
        {
            ILOpCode.Ldarg_s or ILOpCode.Ldarga_s or ILOpCode.Starg_s or ILOpCode.Ldloc_s or ILOpCode.Ldloca_s or ILOpCode.Stloc_s or ILOpCode.Ldc_i4_s or ILOpCode.Unaligned => 1,
            ILOpCode.Ldarg or ILOpCode.Ldarga or ILOpCode.Starg or ILOpCode.Ldloc or ILOpCode.Ldloca or ILOpCode.Stloc => 2,
            ILOpCode.Ldc_i4 or ILOpCode.Ldc_r4 => 4,
            ILOpCode.Ldc_i8 or ILOpCode.Ldc_r8 => 8,
            _ => 0,
        };

    private static bool IsToken(ILOpCode code) => code is
        ILOpCode.Jmp or ILOpCode.Call or ILOpCode.Calli or ILOpCode.Callvirt or ILOpCode.Newobj or ILOpCode.Ldftn or ILOpCode.Ldvirtftn
        or ILOpCode.Ldfld or ILOpCode.Ldflda or ILOpCode.Stfld or ILOpCode.Ldsfld or ILOpCode.Ldsflda or ILOpCode.Stsfld
        or ILOpCode.Cpobj or ILOpCode.Ldobj or ILOpCode.Stobj or ILOpCode.Castclass or ILOpCode.Isinst or ILOpCode.Unbox or ILOpCode.Unbox_any or ILOpCode.Box
        or ILOpCode.Newarr or ILOpCode.Ldelema or ILOpCode.Ldelem or ILOpCode.Stelem or ILOpCode.Refanyval or ILOpCode.Mkrefany
        or ILOpCode.Ldtoken or ILOpCode.Initobj or ILOpCode.Constrained or ILOpCode.Sizeof or ILOpCode.Ldstr;
}
