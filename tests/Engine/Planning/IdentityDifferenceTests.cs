using System.Text.Json.Nodes;
using Experiments.Engine.Planning;

namespace Experiments.Engine.Tests.Planning;

public sealed class IdentityDifferenceTests
{
    [Theory]
    [InlineData("""{"options":{"width":96}}""", """{"options":{"width":128}}""", "options.width: 96 -> 128")]
    [InlineData("""{"options":{"steps":[{"use":"a"},{"use":"b"}]}}""", """{"options":{"steps":[{"use":"a"},{"use":"c"}]}}""", "options.steps[1].use: \"b\" -> \"c\"")]
    [InlineData("""{"inputs":{"documents":["x"]}}""", """{"inputs":{"documents":["y"]}}""", "input 'documents' has other content")]
    [InlineData("""{"seed":1}""", """{"seed":2}""", "seed: 1 -> 2")]
    [InlineData("""{"options":{}}""", """{"options":{"a":null,"b":3}}""", "options.b: unset -> 3")]
    public void ADifferenceIsNamedByItsPath(string old, string now, string expected) =>
        IdentityDifference.Between(JsonNode.Parse(old), JsonNode.Parse(now)).ShouldHaveSingleItem().ShouldBe(expected);
}
