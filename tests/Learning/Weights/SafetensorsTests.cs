using System.Buffers.Binary;
using System.Text;
using Experiments.Learning.Weights;
using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Weights;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-test-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "model.safetensors");

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        Write();
        var (a, b) = (zeros(2, 3), zeros(4));
        var texts = Safetensors.ReadInto(Path, [("a", a), ("b", b)]);
        a.data<float>().ToArray().ShouldBe([0, 1, 2, 3, 4, 5]);
        b.data<float>().ToArray().ShouldBe([7, 7, 7, 7]);
        texts["updates"].ShouldBe("12");
    }

    [Fact]
    public void TheDataBeginsBehindAnAlignedHeaderOfPlainJson()
    {
        Write();
        var bytes = File.ReadAllBytes(Path);
        var header = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        ((header + 8) % 64).ShouldBe(0);
        Encoding.UTF8.GetString(bytes, 8, (int)header).TrimEnd().ShouldBe(
            """{"__metadata__":{"format":"pt","updates":"12"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[4],"data_offsets":[24,40]}}""");
        BitConverter.ToSingle(bytes, (int)header + 8 + 4).ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(200)]
    public void ACutFileIsRefusedByName(int cut)
    {
        Write();
        var bytes = File.ReadAllBytes(Path);
        File.WriteAllBytes(Path, bytes[..^cut]);
        Refusal().ShouldContain(Path);
    }

    [Theory]
    [InlineData("[2,3]", "[2,4]", "'a'")]
    [InlineData("[0,24]", "[0,99]", "'a'")]
    [InlineData("[24,40]", "[20,36]", "'b'")]
    [InlineData("\"F32\",\"shape\":[4]", "\"I32\",\"shape\":[4]", "'b'")]
    public void AContradictionIsRefusedWithTheTensorsName(string from, string to, string named)
    {
        Write();
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(Path));
        File.WriteAllBytes(Path, Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
        Refusal().ShouldContain(named);
    }

    [Fact]
    public void ATensorOfAnotherShapeOrNameIsRefused()
    {
        Write();
        Should.Throw<InvalidDataException>(() => Safetensors.ReadInto(Path, [("a", zeros(3, 2)), ("b", zeros(4))])).Message.ShouldContain("shape [2, 3], wanted [3, 2]");
        Should.Throw<InvalidDataException>(() => Safetensors.ReadInto(Path, [("a", zeros(2, 3)), ("c", zeros(4))])).Message.ShouldContain("'c' is missing");
        Should.Throw<InvalidDataException>(() => Safetensors.ReadInto(Path, [("a", zeros(2, 3))])).Message.ShouldContain("'b' belongs to another model");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"a\":{\"dtype\":null,\"shape\":[],\"data_offsets\":[0,4]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,16]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-4],\"data_offsets\":[0,16]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0]}}")]
    [InlineData("{}")]
    public void AHeaderThatLiesIsRefusedByName(string header)
    {
        var json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[16]]);
        Refusal().ShouldContain(Path);
    }

    [Theory]
    [InlineData("F64", ScalarType.Float64)]
    [InlineData("F32", ScalarType.Float32)]
    [InlineData("F16", ScalarType.Float16)]
    [InlineData("BF16", ScalarType.BFloat16)]
    public void NumbersOfEveryTypeFillTensorsOfEveryType(string name, ScalarType type)
    {
        using var numbers = tensor(new double[] { 1.5, -0.25, 3, 1024, 0, -2 }).to(type);
        var json = Encoding.UTF8.GetBytes($$"""{"a":{"dtype":"{{name}}","shape":[2,3],"data_offsets":[0,{{numbers.bytes.Length}}] } }""");
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. numbers.bytes.ToArray()]);
        foreach (var target in new[] { ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16 })
        {
            var columns = zeros(3, 2, target);
            Safetensors.ReadInto(Path, [("a", columns.t())]);
            columns.to(ScalarType.Float64).data<double>().ToArray().ShouldBe([1.5, 1024, -0.25, 0, 3, -2], $"{target}");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write() => Safetensors.Write(
        Path,
        [("a", arange(6, dtype: ScalarType.Float32).view(2, 3)), ("b", full(4, 7f))],
        new Dictionary<string, string> { ["updates"] = "12" });

    private string Refusal() => Should.Throw<InvalidDataException>(() => Safetensors.ReadInto(Path, [("a", zeros(2, 3)), ("b", zeros(4))])).Message;
}
