using Experiments.Plugins.Worlds.Prose;

namespace Experiments.Plugins.Worlds.Pages;

/// <summary>Writes pages that a cleaned corpus should not contain.</summary>
internal static class NoisePages
{
    private static readonly string[] Promotion =
    [
        "[Join|Visit|Try] our tables [tonight|today|this week] and [claim|collect|enjoy] a welcome gift that [no other house offers|surprises every new guest].",
        "[Thousands|Hundreds|Plenty] of players [trust|praise|return to] this house because the [games are fair|payouts are quick|rooms never close].",
        "[The wheel turns|Cards are dealt|The machines ring] all night, and the [staff|hosts|dealers] [smile|help|answer] at any hour.",
        "[Sign up|Register|Create an account] with [one click|a phone number|a nickname], then choose the room that you like.",
        "[No deposit|A small stake|A lucky number] is all that you need to [start|win|play] with the best.",
        "[Our new offer|This bonus|The jackpot] ends {time}, so [do not wait|tell your friends|be quick].",
        "[The download|A free tool|This program] makes your [computer|phone] [faster|lucky|richer], says the [owner|maker] of the site.",
        "[Guests|Members|Winners] [meet|celebrate|gather] {place} and talk about {topic} and their luck.",
        "[You have to be|Everyone must be] of age to enter, and [we never ask twice|that is the only rule] that we have.",
    ];

    private static readonly string[] SpamWords = ["cheap", "best", "discount", "hotel", "flights", "online", "shoes", "deal", "insurance", "loan", "free", "watches"];

    private static readonly string[] Stubs = ["Page under construction.", "No entries yet.", "Please choose a topic.", "This gallery has no pictures.", "Coming soon."];

    /// <summary>A promotion of a blocked site. Only its address shows that it should be dropped.</summary>
    public static Article Blocked(int page, ulong seed)
    {
        var random = new RandomStream(seed, "blocked page", page);
        var sentences = new List<string>();
        foreach (var shell in (string[])[.. Promotion, .. Grammar.Deal(EverydayProse.Town, 4, ref random)])
        {
            sentences.Insert(random.Next(sentences.Count + 1), Grammar.Sentence(shell, ref random));
        }

        return new("promotion", "play", "Play and win tonight", Article.InParagraphs(sentences, ref random));
    }

    /// <summary>A page of links with no text or only a few words.</summary>
    public static Article Thin(int page, ulong seed)
    {
        var random = new RandomStream(seed, "thin page", page);
        return new("navigation", "index", "Overview", random.Next(3) == 0 ? [] : [random.Pick(Stubs)]);
    }

    /// <summary>A page that repeats either a few keywords or one line many times.</summary>
    public static Article Repetitive(int page, ulong seed)
    {
        var random = new RandomStream(seed, "repetitive page", page);
        var words = Grammar.Deal(SpamWords, 5, ref random);
        if (random.Next(2) == 0)
        {
            var line = $"Buy the {words[0]} {words[1]} {words[2]} that you have to see, with {words[3]} and {words[4]}.";
            return new("spam", "offers", $"{words[0]} {words[1]}", [.. Enumerable.Repeat(line, random.Next(12, 30))]);
        }

        string[] row = [.. Enumerable.Repeat($"{words[0]} {words[1]} {words[2]} and {words[3]} with the {words[4]}", random.Next(30, 60))];
        return new("spam", "offers", $"{words[0]} {words[1]}", [.. row.Chunk(10).Select(part => $"{string.Join(' ', part)}.")]);
    }

    /// <summary>A copy of the page in which about one word in a hundred is replaced.</summary>
    public static Article NearCopy(Article original, ref RandomStream random)
    {
        const int wordsPerChange = 100;
        string[][] paragraphs = [.. original.Paragraphs.Select(text => text.Split(' '))];
        var changes = Math.Max(1, paragraphs.Sum(words => words.Length) / wordsPerChange);
        for (var done = 0; done < changes;)
        {
            var words = random.Pick(paragraphs);
            var at = random.Next(words.Length);
            if (words[at].Length > 3 && words[at].All(char.IsAsciiLetterLower))
            {
                words[at] = random.Pick(Words.Lists["quality"]);
                done++;
            }
        }

        return original with { Paragraphs = [.. paragraphs.Select(words => string.Join(' ', words))] };
    }
}
