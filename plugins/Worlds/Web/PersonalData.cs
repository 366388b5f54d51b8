using Experiments.Plugins.Worlds.People;
using Experiments.Plugins.Worlds.Prose;

namespace Experiments.Plugins.Worlds.Web;

/// <summary>
/// Personal data on a page: an e-mail address, and in half of the cases each a public and a private IPv4 address.
/// </summary>
internal sealed record PersonalData(string Sentence, IReadOnlyList<string> Emails, IReadOnlyList<string> PublicIps, IReadOnlyList<string> PrivateIps)
{
    /// <summary>First octets in whose ranges no address is reserved for special purposes.</summary>
    private static readonly int[] PublicOctets = [45, 62, 77, 81, 93, 109, 130, 151, 176, 193, 212];

    private static readonly string[] Shells = ["[Write to|Send a note to|Questions go to] {email} [and wait for a reply|if you want to know more|at any time].", "The [clerk|author] can be reached at {email} [on working days|most of the time]."];

    private static readonly string[] PublicShells = ["The [visitor|last request|message] came from the address {public} [during the night|as the log shows].", "Our [server|machine] answers at {public} [all day|for those who ask]."];

    private static readonly string[] PrivateShells = ["[Inside the house|At home] the printer has the address {private} [and that is all|as everyone knows].", "The [router|old computer] in the office uses {private} [by default|since spring]."];

    public static PersonalData Draw(IReadOnlyList<Person> people, ref RandomStream random)
    {
        var person = random.Pick(people);
        string[] addresses = [$"{person.First}.{person.Last}", $"{person.Last}{random.Next(10, 100)}", $"{person.First}_{person.Last}+post"];
        var values = new Dictionary<string, string>
        {
            ["email"] = $"{random.Pick(addresses).ToLowerInvariant()}@{person.City.ToLowerInvariant()}-post.example",
            ["public"] = $"{random.Pick(PublicOctets)}.{random.Next(1, 255)}.{random.Next(1, 255)}.{random.Next(1, 255)}",
            ["private"] = random.Next(3) switch
            {
                0 => $"10.{random.Next(256)}.{random.Next(256)}.{random.Next(1, 255)}",
                1 => $"172.{random.Next(16, 32)}.{random.Next(256)}.{random.Next(1, 255)}",
                _ => $"192.168.{random.Next(256)}.{random.Next(1, 255)}",
            },
        };
        var (hasPublic, hasPrivate) = (random.Next(2) == 0, random.Next(2) == 0);
        List<string> sentences = [Grammar.Sentence(random.Pick(Shells), ref random, values)];
        if (hasPublic)
        {
            sentences.Add(Grammar.Sentence(random.Pick(PublicShells), ref random, values));
        }

        if (hasPrivate)
        {
            sentences.Add(Grammar.Sentence(random.Pick(PrivateShells), ref random, values));
        }

        return new(string.Join(' ', sentences), [values["email"]], hasPublic ? [values["public"]] : [], hasPrivate ? [values["private"]] : []);
    }
}
