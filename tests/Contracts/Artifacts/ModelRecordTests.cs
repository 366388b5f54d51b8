using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Testing;

namespace Experiments.Contracts.Tests.Artifacts;

public sealed class ModelRecordTests : IDisposable
{
    private readonly StageBench _bench = new();

    private string Folder => _bench.Folder("model");

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void ItsFileKeepsItsForm()
    {
        ModelRecord.IsIn(Folder).ShouldBeFalse();
        new ModelRecord(JsonSerializer.Deserialize<JsonElement>("""{"use":"gpt","layers":2}"""), 300).Write(Folder);

        File.ReadAllText(Path.Combine(Folder, "model.json")).ShouldBe("""
            {
              "model": {
                "use": "gpt",
                "layers": 2
              },
              "vocabulary_size": 300
            }

            """.ReplaceLineEndings("\n"));
        ModelRecord.IsIn(Folder).ShouldBeTrue();
        var (model, size) = ModelRecord.Read(Folder);
        (model.GetProperty("layers").GetInt32(), size).ShouldBe((2, 300));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "model": {} }""")]
    [InlineData("""{ "model": {}, "vocabulary_size": "many" }""")]
    public void ADamagedFileIsNamed(string json)
    {
        File.WriteAllText(Path.Combine(Folder, "model.json"), json);
        Should.Throw<InvalidDataException>(() => ModelRecord.Read(Folder)).Message.ShouldStartWith(Path.Combine(Folder, "model.json"));
    }

    [Fact]
    public void AMissingFileIsNamed() =>
        Should.Throw<InvalidDataException>(() => ModelRecord.Read(Folder)).Message.ShouldContain("model.json is missing");
}
