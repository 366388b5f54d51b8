using Experiments.Plugins.Worlds.People;
using Experiments.Plugins.Worlds.Prose;

namespace Experiments.Plugins.Worlds.Pages;

/// <summary>
/// Writes pages about people: biographies, cities, yearbooks and forums in turn. Each kind covers all people before it
/// repeats one.
/// </summary>
internal sealed class PeoplePages(IReadOnlyList<Person> people, int count, ulong seed)
{
    private const int Kinds = 4;
    private const int Group = 6;
    private const int Prose = 12;

    /// <summary>
    /// How many people share a page. It grows if there are few pages, so that everybody appears on pages of every kind.
    /// </summary>
    private readonly int _group = Math.Max(Group, (int)Math.Ceiling(people.Count / Math.Max(1.0, Math.Floor(count / (double)Kinds))));

    /// <summary>Writes the pages.</summary>
    public IEnumerable<Article> Write()
    {
        var decks = new Deck[Kinds];
        for (var kind = 0; kind < Kinds; kind++)
        {
            decks[kind] = new([.. people.OrderBy(person => kind == 1 ? person.City : "", StringComparer.Ordinal)], shuffles: kind != 1, new(seed, "people deck", kind));
        }

        for (var page = 0; page < count; page++)
        {
            var random = new RandomStream(seed, "people page", page);
            var group = decks[page % Kinds].Deal(_group);
            yield return (page % Kinds) switch
            {
                0 => Biography(group, ref random),
                1 => City(group, ref random),
                2 => Yearbook(group, ref random),
                _ => Forum(group, ref random),
            };
        }
    }

    /// <summary>
    /// A biography: several sentences about each fact of one person, and one sentence about each of the others.
    /// </summary>
    private static Article Biography(IReadOnlyList<Person> group, ref RandomStream random)
    {
        var (person, others) = (group[0], group.Skip(1).ToList());
        var sentences = new List<string>();
        Tell(person, 3, sentences, ref random);
        TellAll(others, sentences, ref random);
        return Page("biography", "people", "[The life of|About|A portrait of] {name}", person.Values, sentences, Prose, ref random);
    }

    private static Article City(IReadOnlyList<Person> group, ref RandomStream random)
    {
        var city = group[0].City;
        var values = new Dictionary<string, string> { ["city"] = city };
        Person[] here = [.. group.Where(person => person.City == city)];
        var names = here.Length == 1 ? here[0].Name : $"{string.Join(", ", here[..^1].Select(person => person.Name))} and {here[^1].Name}";
        var sentences = new List<string>
        {
            here.Length == 1
                ? $"Among the people of {city} is {names}."
                : Grammar.Sentence("[Among the people of {city} are|The people of {city} include|In {city} you can meet] {names}.", ref random, new Dictionary<string, string>(values) { ["names"] = names }),
        };
        TellAll(group, sentences, ref random);
        foreach (var person in here)
        {
            sentences.Add(Grammar.Sentence(random.Pick(FactShells.Job), ref random, person.Values));
        }

        return Page("city", "places", "[A walk through|Notes from|What to know about] {city}", values, sentences, Prose, ref random);
    }

    private static Article Yearbook(IReadOnlyList<Person> group, ref RandomStream random)
    {
        var sentences = new List<string>();
        TellAll(group, sentences, ref random);
        foreach (var person in Grammar.Deal(group, group.Count, ref random))
        {
            sentences.Add(Grammar.Sentence(random.Pick(FactShells.Year), ref random, person.Values));
        }

        return Page("yearbook", "news", "[News of the year|From the yearbook|People in the news]: {last}", group[0].Values, sentences, Prose, ref random);
    }

    /// <summary>
    /// A forum page: questions and answers about people with <see cref="Person.IsQuestioned"/>, and only statements
    /// about the others.
    /// </summary>
    private static Article Forum(IReadOnlyList<Person> group, ref RandomStream random)
    {
        var sentences = new List<string>();
        foreach (var person in group)
        {
            if (person.IsQuestioned)
            {
                foreach (var question in Grammar.Deal(FactShells.Questions, 2, ref random))
                {
                    sentences.Add($"{Grammar.Sentence(random.Pick(question.Shells), ref random, person.Values)} {Grammar.Sentence(question.Answers[random.Next(2)], ref random, person.Values)}");
                }
            }
            else
            {
                Tell(person, 1, sentences, ref random);
            }
        }

        return Page("forum", "talk", "[Asked and answered|Questions to the neighbours|Who knows whom]: {last}", group[0].Values, sentences, Prose, ref random);
    }

    /// <summary>Tells each fact of a person in <paramref name="times"/> sentences.</summary>
    private static void Tell(Person person, int times, List<string> sentences, ref RandomStream random)
    {
        foreach (var shells in (string[][])[FactShells.City, FactShells.Job, FactShells.Year])
        {
            foreach (var shell in Grammar.Deal(shells, times, ref random))
            {
                sentences.Add(Grammar.Sentence(shell, ref random, person.Values));
            }
        }
    }

    /// <summary>
    /// Tells all facts of each person in one sentence. A template is used again only after all others were used.
    /// </summary>
    private static void TellAll(IReadOnlyList<Person> group, List<string> sentences, ref RandomStream random)
    {
        var shells = Grammar.Deal(FactShells.All, FactShells.All.Length, ref random);
        for (var i = 0; i < group.Count; i++)
        {
            sentences.Add(Grammar.Sentence(shells[i % shells.Length], ref random, group[i].Values));
        }
    }

    private static Article Page(
        string kind, string section, string title, IReadOnlyDictionary<string, string> values, List<string> sentences, int prose, ref RandomStream random)
    {
        foreach (var shell in Grammar.Deal(EverydayProse.Town, prose, ref random))
        {
            sentences.Insert(random.Next(sentences.Count + 1), Grammar.Sentence(shell, ref random));
        }

        return new(kind, section, Grammar.Sentence(title, ref random, values), Article.InParagraphs(sentences, ref random));
    }

    /// <summary>
    /// Deals cards without end: when all cards of the deck were dealt, it begins again with the whole deck.
    /// </summary>
    private sealed class Deck(Person[] cards, bool shuffles, RandomStream random)
    {
        private int _next = cards.Length;

        public IReadOnlyList<Person> Deal(int count)
        {
            var dealt = new List<Person>();
            while (dealt.Count < Math.Min(count, cards.Length))
            {
                if (_next == cards.Length)
                {
                    Restart();
                }

                dealt.Add(cards[_next++]);
            }

            return [.. dealt.Distinct()];
        }

        private void Restart()
        {
            _next = 0;
            if (shuffles)
            {
                random.Shuffle(cards.AsSpan());
            }
        }
    }
}
