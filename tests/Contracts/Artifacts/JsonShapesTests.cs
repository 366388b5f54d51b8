using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Contracts.Tests.Artifacts;

public sealed class JsonShapesTests : IDisposable
{
    private readonly StageBench _bench = new();

    private string FilePath => Path.Combine(_bench.Folder("data"), "data.jsonl");

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("""{"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}""", "system:s user:q assistant:a")]
    [InlineData("""{"conversations":[{"from":"system","value":"s"},{"from":"human","value":"q"},{"from":"gpt","value":"a"}]}""", "system:s user:q assistant:a")]
    [InlineData("""{"instruction":"q","input":"","output":"a"}""", "user:q assistant:a")]
    [InlineData("""{"instruction":"q","input":"i","output":"a"}""", "user:q\n\ni assistant:a")]
    public void EveryShapeOfAConversationIsRead(string line, string turns)
    {
        File.WriteAllText(FilePath, line + "\n\n");
        var conversation = Conversations().Read().ShouldHaveSingleItem();
        string.Join(' ', conversation.Messages.Select(message => $"{message.Role}:{message.Content}")).ShouldBe(turns);
        conversation.Kind.ShouldBeNull();
    }

    [Theory]
    [InlineData("{\"text\":\"x\"}", "'instruction' is missing or is not text")]
    [InlineData("{\"messages\":[{\"role\":\"user\"}]}", "'content' is missing or is not text")]
    [InlineData("{\"messages\":", "")]
    [InlineData("{\"messages\":3}", "")]
    public void ALineWithoutAShapeIsNamed(string line, string problem)
    {
        File.WriteAllText(FilePath, "{\"messages\":[]}\n" + line);
        Should.Throw<InvalidDataException>(() => Conversations().Read().ToList()).Message.ShouldStartWith($"{FilePath}(2): {problem}");
    }

    [Fact]
    public void WrittenConversationsAreRead()
    {
        Conversation[] written = [new([new(Message.User, "<1 + 1> \"日\"\n"), new(Message.Assistant, "2")], "addition"), new([])];
        Contracts.Artifacts.Conversations.Write(FilePath, written);
        var read = Conversations().Read().ToList();
        read.Select(conversation => conversation.Kind).ShouldBe(["addition", null]);
        read.SelectMany(conversation => conversation.Messages).ShouldBe(written.SelectMany(conversation => conversation.Messages));

    }

    [Theory]
    [InlineData("""{"prompt":"1+1","answer":"2","kind":"addition"}""", "1+1", "2", "addition")]
    [InlineData("""{"question":"How many?","answer":"2 and 3 are 5.\n#### 5 "}""", "How many?", "5", null)]
    public void EveryShapeOfAProblemIsRead(string line, string prompt, string answer, string? kind)
    {
        File.WriteAllText(FilePath, line);
        new Problems(_bench.Folder("data")).Read().ShouldHaveSingleItem().ShouldBe(new Problem(prompt, answer, kind));
    }

    [Fact]
    public void WrittenProblemsAreRead()
    {
        Problem[] written = [new("1+1", "2", "addition"), new("é", "日")];
        Problems.Write(FilePath, written);
        new Problems(_bench.Folder("data")).Read().ShouldBe(written);
    }

    [Fact]
    public void MetricsComeBackWhateverTheirValue()
    {
        MetricPoint[] points = [new("loss", 3.25, 10, DateTimeOffset.UnixEpoch), new("loss", double.NaN, 11, DateTimeOffset.UnixEpoch), new("tokens", double.PositiveInfinity, null, DateTimeOffset.UnixEpoch)];
        File.WriteAllLines(FilePath, points.Select(MetricLines.Write));
        var read = MetricLines.Read(FilePath);
        read.ShouldBe(points);
        MetricLines.Results(read).ShouldBe([new("loss", double.NaN), new("tokens", double.PositiveInfinity)]);
        MetricLines.Write(points[0]).ShouldBe("""{"name":"loss","value":3.25,"step":10,"time":"1970-01-01T00:00:00+00:00"}""");
    }

    [Fact]
    public void ATornMetricIsAnErrorAndAMissingFileIsNone()
    {
        Should.Throw<System.Text.Json.JsonException>(() => MetricLines.Parse("{\"name\":\"lo"));
        MetricLines.Read(FilePath + ".absent").ShouldBeEmpty();
    }

    private Conversations Conversations() => new(_bench.Folder("data"));
}
