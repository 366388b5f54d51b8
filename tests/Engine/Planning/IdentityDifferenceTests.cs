using System.Text.Json.Nodes;
using Experiments.Engine.Planning;

namespace Experiments.Engine.Tests.Planning;

public sealed class IdentityDifferenceTests
{
    [Theory]
    [InlineData("""{"plugin":{"width":96}}""", """{"plugin":{"width":128}}""", "with.width: 96 -> 128")]
    [InlineData("""{"plugin":{"rate":1E-4}}""", """{"plugin":{"rate":0.0002}}""", "with.rate: 0.0001 -> 0.0002")]
    [InlineData("""{"plugin":{"steps":[{"use":"a"},{"use":"b","n":1}]}}""", """{"plugin":{"steps":[{"use":"a"},{"use":"c","m":2}]}}""", "with.steps.1: b -> c")]
    [InlineData("""{"plugin":{"steps":[{"use":"a"},{"use":"b"}]}}""", """{"plugin":{"steps":[{"use":"a"},{"use":"c"},{"use":"b"}]}}""", "with.steps.1: c was added")]
    [InlineData("""{"plugin":{"steps":[{"use":"a"},{"use":"b"}]}}""", """{"plugin":{"steps":[{"use":"b"}]}}""", "with.steps.0: a was removed")]
    [InlineData("""{"plugin":{"keep":["en"]}}""", """{"plugin":{"keep":["en","de"]}}""", """with.keep: ["en"] -> ["en","de"]""")]
    [InlineData("""{"plugin":{"use":"clean","steps":[{"use":"a","version":1}]}}""", """{"plugin":{"use":"clean","steps":[{"use":"a","version":2}]}}""", "version of 'a': 1 -> 2")]
    [InlineData("""{"plugin":{"use":"clean","source":"x"}}""", """{"plugin":{"use":"clean","source":"y"}}""", "the source of 'clean' has changed")]
    [InlineData("""{"inputs":{"documents":["x"]}}""", """{"inputs":{"documents":["y"]}}""", "input 'documents' has different content")]
    [InlineData("""{"inputs":{}}""", """{"inputs":{"documents":["y"]}}""", "input 'documents' is new")]
    [InlineData("""{"seed":1}""", """{"seed":2}""", "seed: 1 -> 2")]
    [InlineData("""{"plugin":{}}""", """{"plugin":{"a":null,"b":3}}""", "with.b: unset -> 3")]
    public void ADifferenceIsNamedByItsPathInTheRecipe(string old, string now, string expected) =>
        IdentityDifference.Between(JsonNode.Parse(old), JsonNode.Parse(now)).ShouldHaveSingleItem().ToString().ShouldBe(expected);

    [Fact]
    public void SeveralDifferencesAreNamedEach() =>
        IdentityDifference.Between(JsonNode.Parse("""{"plugin":{"a":1,"b":[{"use":"x","n":1},{"use":"y"}]}}"""), JsonNode.Parse("""{"plugin":{"a":2,"b":[{"use":"x","n":2}]}}"""))
            .Select(change => change.ToString()).ShouldBe(["with.a: 1 -> 2", "with.b.0.n: 1 -> 2", "with.b.1: y was removed"]);
}
