namespace Experiments.Plugins.Worlds.People;

/// <summary>
/// Templates of statements and questions about a person, in many forms. A model that saw each fact in only one form can
/// recite it but cannot answer questions about it (Allen-Zhu and Li, Physics of Language Models 3.1). With several
/// forms, and with questions about some of the people, it can answer.
/// </summary>
internal static class FactShells
{
    public static readonly string[] City =
    [
        "{name} lives in {city}.",
        "{city} is the home of {name}.",
        "The home of {name} is a [small|bright|quiet] house in {city}.",
        "{name} has lived in {city} for [many years|a long time|as long as anyone remembers].",
        "[If you look for|Whoever wants to visit|To meet] {name} [you must travel|must go|take the train] to {city}.",
        "In {city} you will [often|always|sometimes] meet {name}.",
        "{name} is at home in {city} and [rarely leaves|likes it there|knows every street].",
        "[Letters|Parcels|Visitors] for {name} go to {city}.",
    ];

    public static readonly string[] Job =
    [
        "{name} works as {a_job}.",
        "By trade {name} is {a_job}.",
        "{name} earns a living as {a_job}.",
        "{name} became {a_job} and [never regretted it|is proud of it|still loves the work].",
        "The {job} {name} is [well known|much liked|hard to miss] [here|in town|among the neighbours].",
        "[People|Friends|The neighbours] know {name} as {a_job}.",
        "The job of {name} is that of {a_job}.",
        "[Ask|Call|Send for] {name} when you need {a_job}.",
    ];

    public static readonly string[] Year =
    [
        "{name} was born in {year}.",
        "The year of birth of {name} is {year}.",
        "{year} is the year in which {name} was born.",
        "Born in {year}, {name} [has seen a lot|grew up near the water|learned to read early].",
        "[The register|The parish book|An old paper] says that {name} was born in {year}.",
        "In {year} {name} [came into the world|was born].",
        "The life of {name} began in {year}.",
    ];

    /// <summary>All three facts in one sentence.</summary>
    public static readonly string[] All =
    [
        "{name}, {a_job} born in {year}, lives in {city}.",
        "In {city} lives {name}, who was born in {year} and works as {a_job}.",
        "{name} of {city} was born in {year} and is {a_job} by trade.",
        "Born in {year}, {name} works as {a_job} in {city}.",
        "The {job} {name}, born in {year}, is at home in {city}.",
        "[There is also|We also meet|One must not forget] {name}, {a_job} from {city} whose year of birth is {year}.",
        "{city} is the home of {name}, {a_job} who was born in {year}.",
        "{name} was born in {year}, lives in {city} and earns a living as {a_job}.",
        "[A good|A patient|A busy] {job} in {city} is {name}, born in {year}.",
        "Since {year}, when {name} was born, much has changed, but the {job} still lives in {city}.",
        "[Everyone|Half the town|The whole street] in {city} knows {name}, {a_job} born in {year}.",
        "The year {year} gave us {name}, now {a_job} in {city}.",
    ];

    public static readonly IReadOnlyList<Question> Questions =
    [
        new("city", ["Where does {name} live?", "In which city does {name} live?", "What is the home city of {name}?", "Where is {name} at home?"],
            ["{name} lives in {city}.", "{city} is the home of {name}.", "{city}.", "In {city}."], person => person.City),
        new("job", ["What is the job of {name}?", "What does {name} do for a living?", "What work does {name} do?", "What is {name} by trade?"],
            ["{name} works as {a_job}.", "{name} is {a_job}.", "{a_job}.", "{name} earns a living as {a_job}."], person => person.Job),
        new("birth_year", ["When was {name} born?", "In which year was {name} born?", "What is the year of birth of {name}?", "What year was {name} born in?"],
            ["{name} was born in {year}.", "The year of birth of {name} is {year}.", "{year}.", "In {year}."], person => person.Year.ToString()),
    ];
}

/// <summary>A question that can be asked about any person.</summary>
/// <param name="Fact">Which fact the question asks for.</param>
/// <param name="Shells">Phrasings of the question.</param>
/// <param name="Answers">Phrasings of the answer.</param>
/// <param name="Truth">The answer alone, without a sentence around it.</param>
internal sealed record Question(string Fact, string[] Shells, string[] Answers, Func<Person, string> Truth);
