using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b": 1, "a": { "d": 2, "c": 3 } }""", """{"a":{"c":3,"d":2},"b":1}""")]
    [InlineData("""{ "list": [{ "b": 1, "a": [{ "d": 2, "c": 3 }] }] }""", """{"list":[{"a":[{"c":3,"d":2}],"b":1}]}""")]
    [InlineData("""{ "a": 1, "B": 2, "_": 3, "A": 4 }""", """{"A":4,"B":2,"_":3,"a":1}""")]
    public void KeysAreInOrdinalOrderAtEveryDepth(string json, string canonical) =>
        CanonicalJson.Text(JsonNode.Parse(json)).ShouldBe(canonical);

    [Fact]
    public void ItemsOfAListKeepTheirOrder() =>
        CanonicalJson.Text(JsonNode.Parse("""["b", "a", 2, 1]""")).ShouldBe("""["b","a",2,1]""");

    [Fact]
    public void LettersBeyondAsciiAreEscapedExceptForPeople()
    {
        var text = JsonValue.Create("grün");

        CanonicalJson.Text(text).ShouldBe("\"gr\\u00FCn\"");
        CanonicalJson.Readable(text).ShouldBe("\"grün\"");
    }
}
