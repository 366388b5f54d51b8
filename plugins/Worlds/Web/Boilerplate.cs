using Experiments.Plugins.Worlds.Pages;
using Experiments.Plugins.Worlds.Prose;

namespace Experiments.Plugins.Worlds.Web;

/// <summary>The parts of a page around its main text.</summary>
internal sealed class Boilerplate
{
    private static readonly string[] Menus = ["Home", "News", "Sport", "Weather", "Archive", "Contact", "About us", "Log in", "Help", "Search", "Jobs", "Gallery"];

    private static readonly string[] Headlines =
    [
        "Ten ways to [plant|store|cook] beans", "New [tram|bus] line opens", "[Photos|Results] of the [summer|winter] feast", "What to do {time}", "[Storm|Flood|Fog] warning",
        "[Letters|Questions] from our readers", "Why {topic} matters", "Win {thing}", "The [story|future] of {building}", "Most read [today|this week]",
    ];

    private static readonly string[] Advertisements =
    [
        "Save [ten|twenty|thirty] percent on garden chairs this week!", "Advertisement: [shoes|lamps|kettles] for every taste, order now.",
        "Sponsored: [a warm coat|a new bicycle] for half the price.", "Your advertisement could stand here.",
    ];

    private readonly int _markedParagraph;
    private readonly string _tag;

    public Boilerplate(Site site, string meta, Article article, ref RandomStream random)
    {
        var foreign = ForeignPages.Languages.FirstOrDefault(language => language.Code == article.Language);
        SiteName = site.Name;
        Meta = meta;
        Menu = foreign?.Menu ?? Grammar.Deal(Menus, 6, ref random);
        var teasers = foreign?.Menu ?? new string[6];
        if (foreign is null)
        {
            var shells = Grammar.Deal(Headlines, teasers.Length, ref random);
            for (var i = 0; i < teasers.Length; i++)
            {
                teasers[i] = Grammar.Sentence(shells[i], ref random);
            }
        }

        Teasers = teasers;
        SidebarTitle = foreign?.Menu[^1] ?? Grammar.Sentence("[More to read|Latest|You may also like]", ref random);
        Advertisement = foreign?.Menu[^1] ?? Grammar.Sentence(random.Pick(Advertisements), ref random);
        Cookies = foreign?.Menu[1] ?? "We use cookies to make your visit more pleasant. Read our cookie policy.";
        Footer = foreign is null ? $"Copyright {site.Name}. All rights reserved. Terms of use. Privacy policy." : $"{site.Name} - {string.Join(", ", foreign.Menu)}";
        Script = $"{{ visits: {random.Next(100, 10_000)}, javascript: true }}";
        _markedParagraph = random.Next(article.Paragraphs.Count + 2);
        _tag = random.Pick(["em", "b", "strong", "i"]);
    }

    public string SiteName { get; }

    public string Meta { get; }

    public string Style => "{ margin: 0; padding: 2em; }";

    public string Script { get; }

    public IReadOnlyList<string> Menu { get; }

    public IReadOnlyList<string> Teasers { get; }

    public string SidebarTitle { get; }

    public string Advertisement { get; }

    public string Cookies { get; }

    public string Footer { get; }

    /// <summary>Puts an emphasis tag around the second word, if this is the paragraph that was drawn for it.</summary>
    public string Mark(string html, int paragraph)
    {
        var words = html.Split(' ');
        if (paragraph != _markedParagraph || words.Length < 3)
        {
            return html;
        }

        words[1] = $"<{_tag}>{words[1]}</{_tag}>";
        return string.Join(' ', words);
    }
}
