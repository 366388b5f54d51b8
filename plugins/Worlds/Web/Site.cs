using Experiments.Plugins.Worlds.People;

namespace Experiments.Plugins.Worlds.Web;

/// <summary>A site: its host, its name and the layout of its pages.</summary>
internal sealed record Site(string Host, string Name, Layout Layout)
{
    /// <summary>Registered domains that a URL filter should block. Some pages are on subdomains of them.</summary>
    public static readonly string[] BlockedDomains = ["casino-royal.example", "lucky-slots.example", "adult-nights.example", "free-codec-malware.example", "pirate-warez.example"];

    private static readonly string[] Subdomains = ["", "www.", "play.", "vip.", "cdn3."];

    /// <summary>No suffix ends in s: followed by "example" it would contain a word that URL filters block.</summary>
    private static readonly string[] Suffixes = ["herald", "courier", "almanac", "school", "forum", "journal", "library"];

    /// <summary>An ordinary site. The same number always gives the same site.</summary>
    public static Site Ordinary(int number)
    {
        var city = Population.Cities[number % Population.Cities.Length];
        var suffix = Suffixes[number % Suffixes.Length];
        return new(
            $"{(number % 3 == 0 ? "www." : "")}{city.ToLowerInvariant()}-{suffix}.example",
            $"{city} {char.ToUpperInvariant(suffix[0])}{suffix[1..]}",
            Layout.All[number % Layout.All.Count]);
    }

    /// <summary>A site on one of the <see cref="BlockedDomains"/>.</summary>
    public static Site Blocked(int number) => new(
        Subdomains[number % Subdomains.Length] + BlockedDomains[number / Subdomains.Length % BlockedDomains.Length], "Lucky Night", Layout.All[number % Layout.All.Count]);
}
