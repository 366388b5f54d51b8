namespace Experiments.Plugins.Worlds.Pages;

/// <summary>The true content of a page.</summary>
/// <param name="Kind">The kind of page: biography, city, yearbook, forum, exercises ...</param>
/// <param name="Section">The folder in its address.</param>
/// <param name="Title">The headline.</param>
/// <param name="Paragraphs">The main text.</param>
/// <param name="Language">ISO 639-1 code.</param>
internal sealed record Article(string Kind, string Section, string Title, IReadOnlyList<string> Paragraphs, string Language = "en")
{
    public string MainText => string.Join('\n', Paragraphs);

    /// <summary>The article with one more sentence at the end of a random paragraph.</summary>
    public Article WithSentence(string sentence, ref RandomStream random)
    {
        var at = random.Next(Paragraphs.Count);
        return this with { Paragraphs = [.. Paragraphs.Select((text, i) => i == at ? $"{text} {sentence}" : text)] };
    }

    /// <summary>Groups sentences into paragraphs of two to four sentences.</summary>
    public static IReadOnlyList<string> InParagraphs(IReadOnlyList<string> sentences, ref RandomStream random)
    {
        var paragraphs = new List<string>();
        for (var at = 0; at < sentences.Count;)
        {
            var size = Math.Min(sentences.Count - at, random.Next(2, 5));
            paragraphs.Add(string.Join(' ', sentences.Skip(at).Take(size)));
            at += size;
        }

        return paragraphs;
    }
}
