using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class ArtifactManifestTests : TemporaryFolder
{
    private string Manifest => Path.Combine(Folder, "artifact.json");

    [Fact]
    public void AnOptionNamedChecksumDoesNotStandForTheManifestsOwn()
    {
        File.WriteAllText(Manifest, With(new JsonObject { ["checksum"] = "sha256" }).ToJson());

        ArtifactManifest.Read(Manifest).Options.ToJsonString().ShouldBe("""{"checksum":"sha256"}""");
    }

    [Fact]
    public void AManifestWithoutItsChecksumIsNotOne()
    {
        var text = With([]).ToJson();
        File.WriteAllText(Manifest, text[..text.LastIndexOf(',')] + "}");

        Should.Throw<InvalidDataException>(() => ArtifactManifest.Read(Manifest))
            .Message.ShouldContain("altered since it was written");
    }

    private static ArtifactManifest With(JsonObject options) => new()
    {
        Plugin = "demo",
        Key = "0011",
        Identity = [],
        Options = options,
        Parents = [],
        Parts = [],
        Results = new Dictionary<string, double>(),
        Environment = new Dictionary<string, string>(),
        Finished = DateTimeOffset.UnixEpoch,
        Seconds = 1,
    };
}
