using Experiments.Contracts;
namespace Experiments.Plugins.Mlflow.Tests;

public sealed class MlflowTargetTests
{
    [Theory]
    [InlineData("http://recipe:5000", "https://environment/ml", "https://environment/ml")]
    [InlineData("http://recipe:5000", "", "http://recipe:5000/")]
    [InlineData("http://recipe:5000", null, "http://recipe:5000/")]
    [InlineData("/data/mlruns", null, "/data/mlruns")]
    [InlineData("file:///data/ml%20runs", null, "/data/ml runs")]
    [InlineData("file:/data/mlruns", null, "/data/mlruns")]
    [InlineData("/data/a:b", null, "/data/a:b")]
    [InlineData(null, null, "/work/runs/mlruns")]
    public void TheEnvironmentWinsThenTheRecipeThenTheRunsFolder(string? recipe, string? environment, string expected) =>
        MlflowTarget.Resolve(recipe, environment, "/work/runs").ToString().ShouldBe(expected);

    [Fact]
    public void CredentialsOfTheAddressAreNeverShown()
    {
        var target = MlflowTarget.Resolve("https://ann:secret@host/", null, "runs");

        target.ToString().ShouldBe("https://host/");
        target.UserInfo.ShouldBe("ann:secret");
    }

    [Theory]
    [InlineData("sqlite:///mlflow.db")]
    [InlineData("databricks://profile")]
    [InlineData("http://")]
    [InlineData("file://host/share")]
    public void AnythingElseIsAnErrorThatSaysWhatMayStandThere(string uri)
    {
        Should.Throw<UsageException>(() => MlflowTarget.Resolve(uri, null, "runs")).Message.ShouldMatch("^tracking.uri: '.*'.*Use the http");
        Should.Throw<UsageException>(() => MlflowTarget.Resolve(null, uri, "runs")).Message.ShouldStartWith("MLFLOW_TRACKING_URI: ");
    }
}
