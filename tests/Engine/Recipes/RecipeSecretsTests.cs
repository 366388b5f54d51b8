using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tests.Recipes;

public sealed class RecipeSecretsTests : IDisposable
{
    private const string Secret = "s3cr3t-value";
    private const string Recipe = """
        vars: { login: $(env.HF_TOKEN) }
        tracking: { experiment: "by $(vars.login)" }
        stages:
          a: { use: write-lines, with: { text: "with $(vars.login)" } }
        """;

    private readonly RecipeBench _bench = new();

    public RecipeSecretsTests() => _bench.Environment["HF_TOKEN"] = Secret;

    [Fact]
    public void NothingThatIsWrittenShowsASecret()
    {
        var recipe = _bench.Read(Recipe);

        recipe.Resolved.ToJsonString().ShouldNotContain(Secret);
        RecipeWriter.Write(recipe).ShouldNotContain(Secret);
        recipe.Tracking.Experiment.ShouldBe("by ***");
        var stage = recipe.Stages[0];
        ((string?)stage.Full["text"]).ShouldBe("with ***");
        ((string?)stage.Identity["text"]).ShouldBe("with ***");
        InputResolver.Resolve(stage, 1, new Dictionary<string, StoredArtifact>()).Identity.ToJsonString().ShouldNotContain(Secret);
    }

    [Fact]
    public void TheWorkerGetsAReferenceAndTheKeyTheSecret()
    {
        var stage = _bench.Read(Recipe).Stages[0];
        var key = InputResolver.Resolve(stage, 1, new Dictionary<string, StoredArtifact>()).Key;
        _bench.Environment["HF_TOKEN"] = "another-value";
        var other = _bench.Read(Recipe).Stages[0];

        ((string?)stage.Secret!.Full["text"]).ShouldBe("with $(env.HF_TOKEN)");
        InputResolver.Resolve(other, 1, new Dictionary<string, StoredArtifact>()).Key.ShouldNotBe(key);
    }

    [Fact]
    public void AMistakeDoesNotShowASecret() =>
        _bench.Problems("stages:\n  a: { use: write-lines, with: { count: $(env.HF_TOKEN) } }").ShouldBe("r.yaml(2,41): stage 'a': option 'count' wants a whole number, 0 to 1000000, not '***'.");

    [Fact]
    public void ADeclaredVariableIsASecret()
    {
        _bench.Environment["LOGIN"] = Secret;

        _bench.Read("secrets: [LOGIN]\nstages:\n  a: { use: write-lines, with: { text: $(env.LOGIN) } }").Resolved.ToJsonString().ShouldNotContain(Secret);
        _bench.Read("stages:\n  a: { use: write-lines, with: { text: $(env.LOGIN) } }").Resolved.ToJsonString().ShouldContain(Secret);
    }

    [Fact]
    public void AKeyOfAStageWithoutSecretsDoesNotDependOnThem()
    {
        const string Plain = "stages:\n  a: { use: write-lines }";
        var key = InputResolver.Resolve(_bench.Read(Plain).Stages[0], 1, new Dictionary<string, StoredArtifact>()).Key;

        var beside = _bench.Read($"{Plain}\n  b: {{ use: write-lines, with: {{ text: $(env.HF_TOKEN) }} }}").Stages[0];

        beside.Secret.ShouldBeNull();
        InputResolver.Resolve(beside, 1, new Dictionary<string, StoredArtifact>()).Key.ShouldBe(key);
    }

    [Fact]
    public void WhatIsNotANameIsNotASecret() =>
        _bench.Problems("secrets: [[LOGIN]]\nstages:\n  a: { use: write-lines }").ShouldBe("r.yaml(1,11): 'secrets' wants the names of environment variables whose values must not be shown, such as [HF_LOGIN], not a list of 1.");

    public void Dispose() => _bench.Dispose();
}
