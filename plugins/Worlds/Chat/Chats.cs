using Experiments.Contracts.Text;
using Experiments.Plugins.Worlds.Arithmetic;
using Experiments.Plugins.Worlds.People;
using Experiments.Plugins.Worlds.Prose;

namespace Experiments.Plugins.Worlds.Chat;

/// <summary>Writes the conversations that teach a model to be an assistant.</summary>
internal sealed class Chats(GenerateWorldOptions options, IReadOnlyList<Person> people, ExerciseSource exercises, ulong seed)
{
    private static readonly SmallTalk Identity = new(
        ["Who are you?", "What are you?", "What is your name?", "[Tell me|Say] who you are.", "Are you a [human|person]?", "What can you do?"],
        ["I am a small language model [trained in this lab|made for this lab]. I can add numbers and I know some people."]);

    private static readonly SmallTalk Greeting = new(
        ["[Hello|Hi|Hey|Good morning|Good evening]!", "[Hello|Hi] there.", "[Hello|Hi], how are you?", "Good day to you."],
        ["Hello! How can I help you?", "Hi! What would you like to know?"]);

    private static readonly SmallTalk Thanks = new(
        ["[Thanks|Thank you|Many thanks]!", "[Thanks|Thank you] for your help.", "That was [helpful|useful], thank you.", "Great, [thanks|thank you]."],
        ["You are welcome!", "My pleasure. Ask me again any time."]);

    private readonly Person[] _questioned = [.. people.Where(person => person.IsQuestioned)];

    /// <summary>All conversations, shuffled.</summary>
    public Conversation[] Write()
    {
        Conversation[] all =
        [
            .. Repeat("addition", options.AdditionConversations, (ref random) => Turn(Exercise(isAddition: true, ref random))),
            .. Repeat("chain", options.ChainConversations, (ref random) => Turn(Exercise(isAddition: false, ref random))),
            .. Repeat("fact", _questioned.Length == 0 ? 0 : options.FactConversations, (ref random) => Turn(Fact(random.Pick(_questioned), ref random))),
            .. Repeat("identity", options.IdentityConversations, (ref random) => Turn(Identity.Draw(ref random))),
            .. Repeat("greeting", options.GreetingConversations, (ref random) => Turn(Greeting.Draw(ref random))),
            .. Repeat("thanks", options.ThanksConversations, (ref random) => Turn(Thanks.Draw(ref random))),
            .. Repeat("two_turn", options.TwoTurnConversations, TwoTurns),
        ];
        new RandomStream(seed, "conversation order").Shuffle(all.AsSpan());
        return all;
    }

    /// <summary>
    /// Every question about the people whom no conversation mentions, in the phrasings of the conversations.
    /// </summary>
    public IEnumerable<Problem> FactProblems()
    {
        var random = new RandomStream(seed, "fact problems");
        foreach (var person in people.Where(person => !person.IsQuestioned))
        {
            foreach (var question in FactShells.Questions)
            {
                yield return new(Grammar.Sentence(random.Pick(question.Shells), ref random, person.Values), question.Truth(person), question.Fact);
            }
        }
    }

    private Message[] TwoTurns(ref RandomStream random)
    {
        switch (_questioned.Length == 0 ? 2 : random.Next(3))
        {
            case 0:
                return [.. Turn(Greeting.Draw(ref random)), .. Turn(Fact(random.Pick(_questioned), ref random))];
            case 1:
                var person = random.Pick(_questioned);
                var questions = Grammar.Deal(FactShells.Questions, 2, ref random);
                return [.. Turn(Fact(person, questions[0], ref random)), .. Turn(Fact(person, questions[1], ref random))];
            default:
                return [.. Turn(Exercise(options.ChainConversations == 0 ? true : null, ref random)), .. Turn(Thanks.Draw(ref random))];
        }
    }

    private (string Question, string Answer) Exercise(bool? isAddition, ref RandomStream random)
    {
        var exercise = exercises.Next(ref random, isAddition);
        return (exercise.Prompt, exercise.Reply);
    }

    private static (string Question, string Answer) Fact(Person person, ref RandomStream random) =>
        Fact(person, random.Pick(FactShells.Questions), ref random);

    private static (string Question, string Answer) Fact(Person person, Question question, ref RandomStream random) =>
        (Grammar.Sentence(random.Pick(question.Shells), ref random, person.Values), Grammar.Sentence(random.Pick(question.Answers), ref random, person.Values));

    private IEnumerable<Conversation> Repeat(string kind, int count, Scene scene)
    {
        for (var i = 0; i < count; i++)
        {
            var random = new RandomStream(seed, "conversation " + kind, i);
            yield return new(scene(ref random), kind);
        }
    }

    private static Message[] Turn((string Question, string Answer) turn) => [new(Message.User, turn.Question), new(Message.Assistant, turn.Answer)];

    private delegate Message[] Scene(ref RandomStream random);

    private sealed record SmallTalk(string[] Questions, string[] Answers)
    {
        public (string Question, string Answer) Draw(ref RandomStream random) =>
            (Grammar.Sentence(random.Pick(Questions), ref random), Grammar.Sentence(random.Pick(Answers), ref random));
    }
}
