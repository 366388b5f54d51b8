using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

public sealed class TrackingTargetTests
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
        TrackingTarget.Resolve(recipe, environment, "/work/runs").ToString().ShouldBe(expected);

    [Fact]
    public void CredentialsOfTheAddressAreNeverShown()
    {
        var target = TrackingTarget.Resolve("https://ann:secret@host/", null, "runs");

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
        Should.Throw<ArgumentException>(() => TrackingTarget.Resolve(uri, null, "runs")).Message.ShouldMatch("^tracking.uri: '.*'.*Use the http");
        Should.Throw<ArgumentException>(() => TrackingTarget.Resolve(null, uri, "runs")).Message.ShouldStartWith("MLFLOW_TRACKING_URI: ");
    }
}
