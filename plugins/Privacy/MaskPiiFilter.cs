using System.Text.RegularExpressions;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Privacy;

/// <summary>
/// Replaces e-mail addresses and public IPv4 addresses with addresses that belong to nobody, as FineWeb does. Drops
/// nothing.
/// </summary>
/// <remarks>
/// The patterns match what datatrove's match, in time linear in the text. The replacements take turns, beginning anew
/// in each document. In datatrove they take turns across documents, so its output depends on the documents' order. The
/// metadata <c>emails_masked</c> and <c>ips_masked</c> hold the counts if they are not 0.
/// </remarks>
[Plugin("mask-pii")]
public sealed class MaskPiiFilter(MaskPiiOptions options) : IDocumentFilter
{
    private const string Atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
    private const string Byte = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)";

    private static readonly Regex Email = new(
        $@"\b{Atom}(?:\.{Atom})*@(?:(?:{Label}\.)+{Label}|\[(?:{Byte}\.){{3}}(?:{Byte}|[A-Za-z0-9-]*[A-Za-z0-9]:)\])", RegexOptions.NonBacktracking);

    private static readonly Regex IpV4 = new($@"(?:{Byte}\.){{3}}{Byte}", RegexOptions.NonBacktracking);

    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        var (text, emails) = options.MaskEmails && document.Text.Contains('@')
            ? Replace(Email, document.Text, options.EmailReplacements, _ => true)
            : (document.Text, 0);
        (text, var addresses) = options.MaskIps ? Replace(IpV4, text, options.IpReplacements, PublicAddress.Is) : (text, 0);
        if (emails + addresses == 0)
        {
            return Verdict.Keep(document);
        }

        var masked = document with { Text = text };
        masked = emails > 0 ? masked.With("emails_masked", emails) : masked;
        return Verdict.Keep(addresses > 0 ? masked.With("ips_masked", addresses) : masked);
    }

    private static (string Text, int Count) Replace(Regex pattern, string text, IReadOnlyList<string> replacements, Predicate<string> isPersonal)
    {
        var count = 0;
        text = pattern.Replace(text, match => isPersonal(match.Value) ? replacements[count++ % replacements.Count] : match.Value);
        return (text, count);
    }
}

/// <summary>Settings of <c>mask-pii</c>.</summary>
public sealed record MaskPiiOptions
{
    /// <summary>Whether e-mail addresses are replaced. Default: true.</summary>
    public bool MaskEmails { get; init; } = true;

    /// <summary>Whether public IPv4 addresses are replaced. Default: true.</summary>
    public bool MaskIps { get; init; } = true;

    /// <summary>
    /// The addresses that replace e-mail addresses, in turn. Default: two addresses that are reserved for
    /// documentation.
    /// </summary>
    [System.ComponentModel.DataAnnotations.MinLength(1)]
    public IReadOnlyList<string> EmailReplacements { get; init; } = ["email@example.com", "firstname.lastname@example.org"];

    /// <summary>
    /// The addresses that replace IP addresses, in turn. Default: FineWeb's six, which did not respond when FineWeb
    /// chose them.
    /// </summary>
    [System.ComponentModel.DataAnnotations.MinLength(1)]
    public IReadOnlyList<string> IpReplacements { get; init; } =
        ["22.214.171.124", "126.96.36.199", "188.8.131.52", "184.108.40.206", "220.127.116.11", "18.104.22.168"];
}
