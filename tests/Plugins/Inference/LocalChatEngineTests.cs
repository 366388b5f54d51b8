using Experiments.Contracts.Text;
using Experiments.Plugins.Tests;
using Experiments.Testing;

namespace Experiments.Plugins.Inference.Tests;

public sealed class LocalChatEngineTests : IDisposable
{
    private readonly StageBench _bench = new();
    private readonly SamplingOptions _greedy = new() { Temperature = 0, MaximumTokens = 40 };

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void TheAnswerComesInWholeCharactersAndEndsWithTheTurn()
    {
        using var session = Open("Año€😀!");

        var pieces = session.Reply([new(Message.User, "Say it")], _greedy, seed: 0, default).ToList();

        string.Concat(pieces).ShouldBe("Año€😀!");
        pieces.ShouldBe(["A", "ñ", "o", "€", "😀", "!"]);
        session.ForgottenMessages.ShouldBe(0);
    }

    [Fact]
    public void AnAnswerThatIsCutWithinACharacterSaysSo()
    {
        using var session = Open("a😀");

        string.Concat(session.Reply([new(Message.User, "Say it")], _greedy with { MaximumTokens = 3 }, seed: 0, default)).ShouldBe("a\uFFFD");
    }

    [Fact]
    public void TheOldestTurnsAreForgottenWhenTheContextIsFullButNotTheInstructions()
    {
        using var session = Open("ok", contextLength: 128);
        List<Message> messages = [new(Message.System, "Be kind")];
        for (var turn = 0; turn < 10; turn++)
        {
            messages.Add(new(Message.User, "How are you?"));
            messages.Add(new(Message.Assistant, "ok"));
        }

        messages.Add(new(Message.User, "And now?"));

        string.Concat(session.Reply(messages, _greedy, seed: 0, default)).ShouldBe("ok");
        session.ForgottenMessages.ShouldBe(18);
    }

    [Fact]
    public void AMessageLongerThanTheContextIsRefused()
    {
        using var session = Open("ok", contextLength: 64);

        Should.Throw<InvalidDataException>(() => session.Reply([new(Message.User, new string('x', 80))], _greedy, seed: 0, default)).Message.ShouldContain("64 tokens");
    }

    [Fact]
    public void ACancelledAnswerEnds()
    {
        using var session = Open("abc");
        using var source = new CancellationTokenSource();

        var pieces = session.Reply([new(Message.User, "Say it")], _greedy, seed: 0, source.Token).GetEnumerator();
        pieces.MoveNext().ShouldBeTrue();
        source.Cancel();

        Should.Throw<OperationCanceledException>(() => pieces.MoveNext());
    }

    private IChatSession Open(string answer, int contextLength = 512)
    {
        ScriptedModel.Write(_bench.Folder("checkpoint"), answer, contextLength: contextLength);
        return new LocalChatEngine().Open(_bench.Folder("checkpoint"), new GivenPlugins(ScriptedModel.Plugins), threads: 1);
    }
}
