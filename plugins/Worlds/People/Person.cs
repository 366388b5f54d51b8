namespace Experiments.Plugins.Worlds.People;

/// <summary>A person of the world, with all facts about them.</summary>
/// <param name="First">First name.</param>
/// <param name="Last">Last name. No two people share one.</param>
/// <param name="City">Where they live.</param>
/// <param name="Job">Their occupation.</param>
/// <param name="Year">Year of birth.</param>
/// <param name="IsQuestioned">
/// Whether conversations and forum pages ask questions about the person. About the others, the crawl contains only
/// statements.
/// </param>
internal sealed record Person(string First, string Last, string City, string Job, int Year, bool IsQuestioned)
{
    public string Name => $"{First} {Last}";

    /// <summary>The values for the slots of sentence templates about a person.</summary>
    public IReadOnlyDictionary<string, string> Values => field ??= new Dictionary<string, string>
    {
        ["name"] = Name,
        ["first"] = First,
        ["last"] = Last,
        ["city"] = City,
        ["job"] = Job,
        ["a_job"] = ("aeiou".Contains(Job[0], StringComparison.Ordinal) ? "an " : "a ") + Job,
        ["year"] = Year.ToString(),
    };
}

/// <summary>Generates the people of a world.</summary>
internal static class Population
{
    private const int FirstNames = 60;
    private const int FirstYear = 1930;
    private const int LastYear = 2005;
    private static readonly string[] Onsets = ["b", "br", "d", "dr", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "tr", "v", "w", "z"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ia", "eo"];
    private static readonly string[] Codas = ["n", "l", "r", "s", "m", "th", "nd", "rk"];

    public static readonly string[] Cities =
    [
        "Ardun", "Belmora", "Carvale", "Dornwick", "Elmere", "Fenholt", "Gralton", "Havensey", "Istrel", "Jorvale", "Kelbrook", "Lundare",
        "Mirefold", "Norwen", "Oskarby", "Pellam", "Quenby", "Rostel", "Selwick", "Tarnhill", "Ulverby", "Vandor", "Westmark", "Yarrowdale",
    ];

    public static readonly string[] Jobs =
    [
        "baker", "carpenter", "nurse", "teacher", "tailor", "gardener", "printer", "plumber", "farmer", "fisher", "painter", "electrician",
        "librarian", "doctor", "miller", "potter", "clockmaker", "engineer", "singer", "pilot", "lawyer", "weaver", "cook", "architect",
    ];

    /// <summary>Generates people with different last names.</summary>
    public static IReadOnlyList<Person> Make(int count, double questionedShare, ulong seed)
    {
        var random = new RandomStream(seed, "people");
        var firstNames = DistinctNames(FirstNames, open: true, ref random);
        var lastNames = DistinctNames(count, open: false, ref random);
        bool[] questioned = [.. Enumerable.Range(0, count).Select(i => i < Math.Round(count * questionedShare))];
        random.Shuffle(questioned.AsSpan());
        var people = new Person[count];
        for (var i = 0; i < count; i++)
        {
            people[i] = new(random.Pick(firstNames), lastNames[i], random.Pick(Cities), random.Pick(Jobs), random.Next(FirstYear, LastYear + 1), questioned[i]);
        }

        return people;
    }

    private static string[] DistinctNames(int count, bool open, ref RandomStream random)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var ordered = new List<string>();
        while (ordered.Count < count)
        {
            var name = random.Pick(Onsets) + random.Pick(Vowels) + random.Pick(Onsets);
            name += open ? random.Pick(["a", "o", "i", "en", "el"]) : random.Pick(Vowels) + random.Pick(Codas);
            name = char.ToUpperInvariant(name[0]) + name[1..];
            if (names.Add(name))
            {
                ordered.Add(name);
            }
        }

        return [.. ordered];
    }
}
