using System.Text;
using Experiments.Plugins.Worlds.Arithmetic;
using Experiments.Plugins.Worlds.Pages;
using Experiments.Plugins.Worlds.People;
using Experiments.Plugins.Worlds.Prose;
using Experiments.Plugins.Worlds.Truth;

namespace Experiments.Plugins.Worlds.Web;

/// <summary>Composes a crawl: good pages, and the noise that a cleaning pipeline has to remove.</summary>
internal sealed class Crawl(GenerateWorldOptions options, IReadOnlyList<Person> people, ExerciseSource exercises, ulong seed)
{
    private const int Sites = 60;
    private const double AccentShare = 0.1;

    private static readonly string[] Latin =
    [
        "The [café|crêpe stall|pâtisserie] of Zoë and José [opens|closes|is full] {time}.",
        "A naïve [visitor|cook|guest] once [asked for|tried] a [jalapeño soup|crème brûlée|plate of smörgås] {place}.",
        "The [fiancé|protégé] of Chloë [played|sang] a [séance song|mêlée march] {place}, and {folk} stayed.",
    ];

    private static readonly string[] Typographic =
    [
        "Zoë [said|wrote]: “One café [is|would be] enough” – and {folk} [agreed|laughed].",
        "It’s the [fête|soirée] of the year – says José – with {thing} as the prize.",
    ];

    private static readonly byte[] Png = [0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13, .. "IHDR"u8];

    private int _addresses;

    /// <summary>The responses in crawl order. A page comes before its copies.</summary>
    public Response[] Compose()
    {
        var articles = Articles();
        Page[] good = [.. articles.Select(GoodPage)];
        var random = new RandomStream(seed, "duplicates");
        var originals = Grammar.Deal(good, Count(options.ExactDuplicateShare) + Count(options.NearDuplicateShare), ref random);
        Response[] responses =
        [
            .. good.Select(page => page.Response),
            .. originals.Select((page, i) => i < Count(options.ExactDuplicateShare) ? ExactCopy(page, i) : NearCopy(page, i)),
            .. Repeat(options.ForeignShare, ForeignPage),
            .. Repeat(options.BlockedShare, i => Noise(NoisePages.Blocked(i, seed), Reasons.BlockedUrl, Site.Blocked(i), "blocked", i)),
            .. Repeat(options.ThinShare, i => Noise(NoisePages.Thin(i, seed), Reasons.Thin, null, "thin", i)),
            .. Repeat(options.RepetitiveShare, i => Noise(NoisePages.Repetitive(i, seed), Reasons.Repetitive, null, "repetitive", i)),
            .. Repeat(options.NotHtmlShare, NotHtml),
            .. Repeat(options.NotOkShare, NotOk),
        ];
        new RandomStream(seed, "crawl order").Shuffle(responses.AsSpan());
        PutOriginalsFirst(responses);
        for (var i = 0; i < responses.Length; i++)
        {
            responses[i] = responses[i] with { Truth = responses[i].Truth with { RecordId = RecordId(i) } };
        }

        return responses;
    }

    private List<Article> Articles()
    {
        var exercisePages = Count(options.ExerciseShare);
        List<Article> articles = [.. new PeoplePages(people, options.Pages - exercisePages, seed).Write()];
        articles.AddRange(Enumerable.Range(0, exercisePages).Select(page => ExercisePages.Write(page, exercises, seed)));
        return articles;
    }

    private Page GoodPage(Article article, int number)
    {
        var random = new RandomStream(seed, "good page", number);
        var site = Site.Ordinary(random.Next(Sites));
        var isOdd = random.NextDouble() < options.OddCharsetShare;
        var encoding = isOdd ? random.Pick(PageEncoding.Odd) : PageEncoding.Ordinary;
        if (isOdd || random.NextDouble() < AccentShare)
        {
            string[] shells = encoding.Charset == "iso-8859-1" ? Latin : [.. Latin, .. Typographic];
            article = article.WithSentence(Grammar.Sentence(random.Pick(shells), ref random), ref random);
        }

        PersonalData? personal = null;
        if (random.NextDouble() < options.PersonalDataShare)
        {
            personal = PersonalData.Draw(people, ref random);
            article = article.WithSentence(personal.Sentence, ref random);
        }

        var response = Render(article, site, encoding, null, random.NextDouble() < options.BrokenShare, ref random);
        if (personal is not null)
        {
            response = response with { Truth = response.Truth with { Emails = personal.Emails, PublicIps = personal.PublicIps, PrivateIps = personal.PrivateIps } };
        }

        return new(article, encoding, response);
    }

    private Response ExactCopy(Page page, int number)
    {
        var random = new RandomStream(seed, "exact copy", number);
        var original = page.Response;
        return original with
        {
            Truth = original.Truth with
            {
                Url = Address(Site.Ordinary(random.Next(Sites)), page.Article.Section),
                Reason = Reasons.ExactDuplicate,
                DuplicateOf = original.Truth.Url,
            },
        };
    }

    private Response NearCopy(Page page, int number)
    {
        var random = new RandomStream(seed, "near copy", number);
        var copy = Render(NoisePages.NearCopy(page.Article, ref random), Site.Ordinary(random.Next(Sites)), page.Encoding, Reasons.NearDuplicate, false, ref random);
        var original = page.Response.Truth;
        return copy with
        {
            Truth = copy.Truth with { DuplicateOf = original.Url, Emails = original.Emails, PublicIps = original.PublicIps, PrivateIps = original.PrivateIps },
        };
    }

    private Response ForeignPage(int number)
    {
        var random = new RandomStream(seed, "foreign", number);
        var article = ForeignPages.Write(number, seed);
        var charset = random.Pick(ForeignPages.Languages.Single(language => language.Code == article.Language).Charsets);
        var place = (Announcement)random.Next(charset == "utf-8" ? 4 : 2);
        return Render(article, Site.Ordinary(random.Next(Sites)), new(charset, place), Reasons.NotEnglish, false, ref random);
    }

    private Response Noise(Article article, string reason, Site? site, string purpose, int number)
    {
        var random = new RandomStream(seed, purpose, number);
        return Render(article, site ?? Site.Ordinary(random.Next(Sites)), PageEncoding.Ordinary, reason, false, ref random);
    }

    private Response NotHtml(int number)
    {
        var random = new RandomStream(seed, "not html", number);
        var (kind, ending, type, start) = (number % 3) switch
        {
            0 => ("image", "png", "image/png", Png),
            1 => ("pdf", "pdf", "application/pdf", "%PDF-1.4\n%\xe2\xe3\n1 0 obj\n"u8.ToArray()),
            _ => ("data", "json", "application/json", Encoding.ASCII.GetBytes($$"""{"station": {{number}}, "values": [""")),
        };
        byte[] rest = [.. Enumerable.Range(0, 300).Select(_ => (byte)0)];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] = (byte)(kind == "data" ? "0123456789,"[random.Next(11)] : random.Next(256));
        }

        return new(
            new() { Url = Address(Site.Ordinary(random.Next(Sites)), "files", ending), Kind = kind, Reason = Reasons.NotHtml },
            200, [new("Content-Type", type)], [.. start, .. rest]);
    }

    private Response NotOk(int number)
    {
        var random = new RandomStream(seed, "not ok", number);
        var site = Site.Ordinary(random.Next(Sites));
        int[] statuses = [404, 301, 404, 302, 500];
        var status = statuses[number % statuses.Length];
        var isRedirect = status is 301 or 302;
        var article = new Article(isRedirect ? "redirect" : "missing", "old", "Not here", ["The page that you asked for is not here any more, or the server has a problem of its own."]);
        var response = Render(article, site, PageEncoding.Ordinary, Reasons.NotOk, false, ref random);
        return response with
        {
            Status = status,
            Headers = isRedirect ? [.. response.Headers, new("Location", $"https://{site.Host}/")] : response.Headers,
        };
    }

    private Response Render(Article article, Site site, PageEncoding encoding, string? reason, bool isBroken, ref RandomStream random)
    {
        var html = site.Layout.Write(article, new(site, encoding.Meta, article, ref random));
        if (isBroken)
        {
            html = BrokenHtml.Damage(html, new(random.NextUInt64(), "broken"));
        }

        return new(
            new()
            {
                Url = Address(site, article.Section),
                Kind = article.Kind,
                Reason = reason,
                Language = article.Language,
                Charset = encoding.Charset,
                MainText = article.MainText,
            },
            200, [new("Content-Type", encoding.ContentType)], encoding.Encode(html));
    }

    /// <summary>
    /// Makes a new address. It contains no words of the page's text, because URL filters look for words in addresses.
    /// </summary>
    private string Address(Site site, string section, string ending = "html") => $"https://{site.Host}/{section}/{++_addresses}.{ending}";

    private int Count(double share) => (int)Math.Round(options.Pages * share);

    private IEnumerable<Response> Repeat(double share, Func<int, Response> make) => Enumerable.Range(0, Count(share)).Select(make);

    private string RecordId(int number)
    {
        var random = new RandomStream(seed, "record id", number);
        return $"<urn:uuid:{new Guid([.. BitConverter.GetBytes(random.NextUInt64()), .. BitConverter.GetBytes(random.NextUInt64())])}>";
    }

    /// <summary>
    /// Swaps each copy with its original where the copy comes first. No page has two copies, so one swap never undoes
    /// another.
    /// </summary>
    private static void PutOriginalsFirst(Response[] responses)
    {
        var places = responses.Select((response, i) => (response.Truth.Url, i)).ToDictionary(pair => pair.Url, pair => pair.i, StringComparer.Ordinal);
        for (var copy = 0; copy < responses.Length; copy++)
        {
            if (responses[copy].Truth.DuplicateOf is { } url && places[url] is var original && original > copy)
            {
                (responses[copy], responses[original]) = (responses[original], responses[copy]);
                places[url] = copy;
            }
        }
    }

    private sealed record Page(Article Article, PageEncoding Encoding, Response Response);
}
