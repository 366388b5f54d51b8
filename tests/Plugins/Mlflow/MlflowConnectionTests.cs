namespace Experiments.Plugins.Mlflow.Tests;

public sealed class MlflowConnectionTests
{
    private const string Token = "Bearer t0ken";
    private readonly List<string> _warnings = [];
    private readonly Dictionary<string, string> _environment = new() { ["MLFLOW_TRACKING_TOKEN"] = "t0ken" };

    [Fact]
    public void TheTokenGoesToTheServerOfTheEnvironment()
    {
        Authorization("https://evil.example.org", environmentUri: "https://mine.example.org").ShouldBe(Token);

        _warnings.ShouldBeEmpty();
    }

    /// <summary>A recipe may be a stranger's.</summary>
    [Fact]
    public void TheTokenIsKeptFromAServerThatOnlyTheRecipeNames()
    {
        Authorization("https://evil.example.org:5000").ShouldBeNull();

        _warnings.ShouldHaveSingleItem().ShouldContain("LAB_TRACKING_HOSTS=evil.example.org:5000");
    }

    [Fact]
    public void APasswordIsKeptToo()
    {
        _environment["MLFLOW_TRACKING_USERNAME"] = "ann";
        _environment["MLFLOW_TRACKING_PASSWORD"] = "s3cr3t";

        Authorization("http://localhost:5000").ShouldBeNull();
        Authorization("http://localhost:5000", environmentUri: "http://localhost:5000").ShouldBe("Basic YW5uOnMzY3IzdA==");
    }

    [Theory]
    [InlineData("team.example.org", true)]
    [InlineData("other.example.org, TEAM.example.org", true)]
    [InlineData("team.example.org:5000", true)]
    [InlineData("team.example.org:5001", false)]
    [InlineData("example.org", false)]
    public void TheUserCanAllowAHost(string hosts, bool isAllowed)
    {
        _environment["LAB_TRACKING_HOSTS"] = hosts;

        Authorization("http://team.example.org:5000").ShouldBe(isAllowed ? Token : null);
    }

    [Fact]
    public void TheCredentialsOfARecipesAddressGoToThatAddress()
    {
        Authorization("https://bob:s%40cret@evil.example.org").ShouldBe("Basic Ym9iOnNAY3JldA==");

        _environment.Clear();
        Authorization("https://ann:s%40cret@mine.example.org").ShouldBe("Basic YW5uOnNAY3JldA==");
    }

    private string? Authorization(string recipeUri, string? environmentUri = null) =>
        MlflowConnection.FromEnvironment(MlflowTarget.Resolve(recipeUri, environmentUri, "runs"), _environment.GetValueOrDefault, _warnings.Add).Authorization?.ToString();
}
