using System.Text.Json.Nodes;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Tests.Yaml;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("HF_TOKEN")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("password")]
    [InlineData("DB_PWD")]
    [InlineData("OPENAI_API_KEY")]
    [InlineData("GITHUB_AUTH")]
    public void AVariableWithASecretNameIsHidden(string variable) => Of(variable, "s3cr3t").Hide("a s3cr3t b").ShouldBe("a *** b");

    [Theory]
    [InlineData("HOME")]
    [InlineData("MAX_TOKENS")]
    [InlineData("TOKENIZER")]
    [InlineData("KEYBOARD")]
    [InlineData("AUTHOR")]
    public void AnotherVariableIsShown(string variable) => Of(variable, "s3cr3t").Hide("a s3cr3t b").ShouldBe("a s3cr3t b");

    [Fact]
    public void ADeclaredVariableIsHidden()
    {
        var secrets = new Secrets();
        secrets.Declare("LOGIN");
        secrets.Note("LOGIN", "s3cr3t");

        secrets.Hide("s3cr3t").ShouldBe("***");
    }

    [Fact]
    public void OfAnAddressOnlyThePasswordIsHidden() =>
        Of("MLFLOW_TRACKING_URI", "https://ann:s3cr3t@example.org").Hide("https://ann:s3cr3t@example.org").ShouldBe("https://ann:***@example.org");

    [Fact]
    public void ASecretIsFoundInsideJsonAndInsideAnAddress()
    {
        var secrets = Of("TOKEN", "a\"b /c");

        secrets.Hide("""{ "x": "a\u0022b /c" }""").ShouldBe("""{ "x": "***" }""");
        secrets.Hide("https://x?t=a%22b%20%2Fc").ShouldBe("https://x?t=***");
        secrets.Hide(JsonNode.Parse("""{ "x": ["a\"b /c", 3, null, { "y": "1a\"b /c2" }] }""")!).ToJsonString().ShouldBe("""{"x":["***",3,null,{"y":"1***2"}]}""");
    }

    [Fact]
    public void AShortSecretIsOnlyHiddenAsAWholeValue()
    {
        var secrets = Of("PASS", "12");

        secrets.Hide(JsonNode.Parse("""{ "a": "12", "b": 12, "c": 120, "d": "step 12" }""")!).ToJsonString().ShouldBe("""{"a":"***","b":"***","c":120,"d":"step 12"}""");
    }

    /// <summary>What a worker gets: references in the file, the secrets from its environment.</summary>
    [Theory]
    [InlineData("s3cr3t")]
    [InlineData("x s3cr3t y s3cr3t")]
    [InlineData("$(env.TOKEN)")]
    [InlineData("$$(env.TOKEN) s3cr3t")]
    [InlineData("$(")]
    [InlineData("plain")]
    public void ReferencesBecomeTheSecretsAgain(string text)
    {
        var json = new JsonObject { ["text"] = text, ["count"] = 3, ["list"] = new JsonArray(text, null, true) };

        var referring = Of("TOKEN", "s3cr3t").Refer(json)!;

        referring.ToJsonString().ShouldNotContain("s3cr3t");
        Secrets.Recall(referring, variable => variable == "TOKEN" ? "s3cr3t" : null)!.ToJsonString().ShouldBe(json.ToJsonString());
    }

    [Fact]
    public void AReferenceToThePasswordOfAnAddressBecomesThePasswordAgain()
    {
        const string Address = "https://ann:s3cr3t@example.org";
        var referring = Of("SERVER", Address).Refer(new JsonObject { ["a"] = Address })!;

        referring.ToJsonString().ShouldNotContain("s3cr3t");
        ((string?)Secrets.Recall(referring, _ => Address)!["a"]).ShouldBe(Address);
    }

    [Fact]
    public void AMissingVariableIsNamed() =>
        Should.Throw<InvalidDataException>(() => Secrets.Recall(Of("TOKEN", "s3cr3t").Refer("s3cr3t"), _ => null)).Message.ShouldContain("'TOKEN'");

    private static Secrets Of(string variable, string value)
    {
        var secrets = new Secrets();
        secrets.Note(variable, value);
        return secrets;
    }
}
