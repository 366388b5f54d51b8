using System.Reflection;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Tests.Workers;

public sealed class FailureMessageTests
{
    private static readonly string Own = typeof(FailureMessageTests).Assembly.Location;

    [Fact]
    public void TheTraceOfALibraryIsLeftOut() =>
        Of(new InvalidOperationException("mat1 and mat2 shapes cannot be multiplied (8x4 and 5x2)\nException raised from meta at /pytorch/aten/src/ATen/native/LinearAlgebra.cpp:200 (most recent call first):\nframe #0: c10::Error\n"))
            .ShouldBe("mat1 and mat2 shapes cannot be multiplied (8x4 and 5x2)");

    [Fact]
    public void AShippedPluginKeepsAllLinesOfItsMessage() => Of(new InvalidDataException("a.jsonl(1): no\na.jsonl(2): no")).ShouldBe("a.jsonl(1): no\na.jsonl(2): no");

    [Fact]
    public void TheUsersOwnLineComesFirstAndOneLineOfTheMessage() =>
        Of(Thrown(() => throw new InvalidOperationException("first\nsecond")), (Own, "/elsewhere/own/model.cs")).ShouldMatch(@"^/elsewhere/own/model\.cs\(\d+\): first$");

    [Fact]
    public void AFileBelowTheWorkingDirectoryIsShownRelativeToIt() =>
        Of(Thrown(() => throw new InvalidOperationException("first")), (Own, Path.GetFullPath("own/model.cs"))).ShouldStartWith("own/model.cs(");

    [Fact]
    public void WhatOnlyCarriesAnExceptionIsTakenOff() =>
        Of(new AggregateException(new TargetInvocationException(new InvalidOperationException("inside")))).ShouldBe("inside");

    [Fact]
    public void AMessageWithoutTextIsTheNameOfItsKind() =>
        Of(Thrown(() => throw new InvalidOperationException("\nException raised from x")), (Own, "/elsewhere/m.cs")).ShouldEndWith(": InvalidOperationException");

    private static string Of(Exception problem, params (string Assembly, string Source)[] sources) =>
        new FailureMessage(sources.ToDictionary(source => source.Assembly, source => source.Source)).Of(problem);

    private static Exception Thrown(Action action) => Record.Exception(action)!;
}
