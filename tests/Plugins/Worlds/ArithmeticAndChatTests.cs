using System.Text.RegularExpressions;
using Experiments.Plugins.Worlds.Arithmetic;

namespace Experiments.Plugins.Worlds.Tests;

public sealed partial class ArithmeticAndChatTests(GeneratedWorld world) : IClassFixture<GeneratedWorld>
{
    private IEnumerable<string> ConversationTexts => world.World.Conversations.Read().SelectMany(conversation => conversation.Messages).Select(message => message.Content);

    [Theory]
    [InlineData(347, 158, "505")]
    [InlineData(617, 617, "4321")]
    [InlineData(5, 5, "01")]
    public void ASumIsWrittenFromTheOnesUpward(int left, int right, string answer) => new Addition(left, right).Answer.ShouldBe(answer);

    [Fact]
    public void AChainShowsItsStepsAndEndsWithTheAnswer()
    {
        var chain = new Chain(3, [('+', 4), ('*', 2), ('+', 5)]);
        chain.Prompt.ShouldBe("3 +4 *2 +5 mod 10?");
        chain.Reply.ShouldBe("7 4 9 so 9");
        chain.Answer.ShouldBe("9");
    }

    [Fact]
    public void ProblemsAndConversationsHaveTheRightAnswers()
    {
        var problems = world.World.TrainingProblems.Read().Concat(world.World.HeldOutProblems.Read()).ToList();
        problems.Count.ShouldBe(500);
        problems.ShouldAllBe(problem => problem.Answer == Solve(problem.Prompt));

        var exchanges = world.World.Conversations.Read().SelectMany(talk => talk.Messages.Chunk(2)).Where(turn => Task().IsMatch(turn[0].Content)).ToList();
        exchanges.Count.ShouldBeGreaterThan(400);
        exchanges.ShouldAllBe(turn => turn[1].Content.Split(' ', StringSplitOptions.None).Last() == Solve(turn[0].Content));
    }

    [Fact]
    public void SumsOfTheCrawlAreRight()
    {
        var sums = world.Good.SelectMany(page => WorkedSum().Matches(page.MainText)).ToList();
        sums.Count.ShouldBeGreaterThan(200);
        sums.ShouldAllBe(sum => sum.Groups[2].Value == Solve(sum.Groups[1].Value));
    }

    [Fact]
    public void TrainingAndHeldOutProblemsShareNoOperands()
    {
        string[] training = [.. world.World.TrainingProblems.Read().Select(problem => Canonical(problem.Prompt))];
        training.Intersect(world.World.HeldOutProblems.Read().Select(problem => Canonical(problem.Prompt))).ShouldBeEmpty();
    }

    [Fact]
    public void NoHeldOutProblemOccursInTheCrawlOrTheConversations()
    {
        var heldOut = world.World.HeldOutProblems.Read().Select(problem => Canonical(problem.Prompt)).ToHashSet();
        var said = world.Truth.Select(page => page.MainText).Concat(ConversationTexts).SelectMany(text => Task().Matches(text)).Select(match => Canonical(match.Value)).ToList();

        said.Count.ShouldBeGreaterThan(700);
        said.Where(heldOut.Contains).ShouldBeEmpty();
    }

    [Fact]
    public void FactProblemsAreAskedNowhereElseAndAreTrue()
    {
        var problems = world.World.FactProblems.Read().ToList();
        problems.Count.ShouldBe(24 * 3);
        var heard = world.Truth.Select(page => page.MainText).Concat(ConversationTexts).ToList();
        foreach (var problem in problems)
        {
            var person = world.People.Single(person => problem.Prompt.Contains(person.Name));
            new[] { person.City, person.Job, person.Year.ToString() }.ShouldContain(problem.Answer);
            heard.ShouldAllBe(text => !text.Contains(problem.Prompt));
            ConversationTexts.ShouldAllBe(text => !text.Contains(person.Name));
        }
    }

    [Fact]
    public void ConversationsArePlainAsciiAndOfEveryKind()
    {
        world.World.Conversations.Read().Select(talk => talk.Kind).Distinct().Order().ShouldBe(["addition", "chain", "fact", "greeting", "identity", "thanks", "two_turn"]);
        ConversationTexts.ShouldAllBe(text => text.All(char.IsAscii));
    }

    [Fact]
    public void AdditionCanBeTheOnlyKind() =>
        new ExerciseSource(new() { AdditionShare = 1 }, 1).Distinct(200, isHeldOut: false).ShouldAllBe(problem => problem.Kind == "addition");

    [Fact]
    public void TooManyProblemsAreRefusedWithARemedy() =>
        Should.Throw<InvalidDataException>(() => new ExerciseSource(new() { AdditionShare = 1, AdditionDigits = 1 }, 1).Distinct(500, isHeldOut: true)).Message.ShouldContain("addition_digits");

    private static string Solve(string prompt)
    {
        var numbers = Number().Matches(prompt).Select(match => (Sign: match.Groups[1].Value, Value: int.Parse(match.Groups[2].Value))).ToList();
        if (!prompt.Contains("mod"))
        {
            return new([.. numbers.Sum(number => number.Value).ToString().Reverse()]);
        }

        return numbers.SkipLast(1).Aggregate(0, (value, number) => (number.Sign == "*" ? value * number.Value : value + number.Value) % 10).ToString();
    }

    private static string Canonical(string task) =>
        task.Contains("mod") ? task.TrimEnd('?') : string.Join('+', Number().Matches(task).Select(match => int.Parse(match.Groups[2].Value)).Order());

    [GeneratedRegex(@"\d+\+\d+(?==)|\d( [+*]\d)+ mod 10\??", RegexOptions.None, 10_000)]
    private static partial Regex Task();

    [GeneratedRegex(@"(\d+\+\d+)=(?:\? )?(\d+)", RegexOptions.None, 10_000)]
    private static partial Regex WorkedSum();

    [GeneratedRegex(@"([+*]?)(\d+)", RegexOptions.None, 10_000)]
    private static partial Regex Number();
}
