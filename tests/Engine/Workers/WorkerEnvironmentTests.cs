using Experiments.Engine.Workers;

namespace Experiments.Engine.Tests.Workers;

public sealed class WorkerEnvironmentTests
{
    [Fact]
    public void ThreadsWaitActivelyForAShortTimeOnly() => Variables().GetValueOrDefault("GOMP_SPINCOUNT").ShouldBe("1000");

    [Theory]
    [InlineData("GOMP_SPINCOUNT", "7")]
    [InlineData("OMP_WAIT_POLICY", "passive")]
    public void HowThreadsWaitIsTheUsersChoice(string variable, string value) => Variables((variable, value)).ShouldNotContainKey("GOMP_SPINCOUNT");

    [Fact]
    public void AWorkerFailsWhereTheHostSaysSoAndNotWhereTheHostFails() =>
        Variables(("LAB_FAULT", "3"), ("LAB_FAULT_WORKER", "5"))["LAB_FAULT"].ShouldBe("5");

    [Fact]
    public void AHostsFaultIsNotInherited() => Variables(("LAB_FAULT", "3"))["LAB_FAULT"].ShouldBeNull();

    private static IReadOnlyDictionary<string, string?> Variables(params (string Name, string Value)[] own) =>
        WorkerEnvironment.Of(2, name => own.FirstOrDefault(variable => variable.Name == name).Value);
}
