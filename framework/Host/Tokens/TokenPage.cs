using System.Text.Json;
using System.Text.Json.Serialization;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>
/// A self-contained HTML page of one text under one or more tokenizers: <c>TokenPage.html</c> with the tokens inserted
/// as JSON.
/// </summary>
public static class TokenPage
{
    private const string DataMark = "{{data}}";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file. An existing file is replaced.</param>
    /// <param name="texts">The texts, one per column.</param>
    /// <param name="isConversation">Whether the text is a conversation, whose learned tokens are underlined.</param>
    public static void Write(string path, IReadOnlyList<TokenizedText> texts, bool isConversation)
    {
        var template = Template().Split(DataMark);
        var columns = texts.Select(text => new
        {
            Name = text.Tokenizer,
            Bytes = text.Text.Length,
            text.Characters,
            Tokens = text.Tokens.Select(token => new { token.Id, token.Start, token.Length, Special = token.IsSpecial, Learned = token.IsLearned, Spans = token.Spans.Select(Span) }),
        });
        var data = new { Conversation = isConversation, SameText = texts.All(text => text.Text.AsSpan().SequenceEqual(texts[0].Text)), Columns = columns };
        File.WriteAllText(path, template[0] + JsonSerializer.Serialize(data, Json) + template[1]);
    }

    private static object Span(TokenSpan span) => span.Text is { } text ? text : new { Hex = VisibleText.Hex(span.Bytes), span.Completes };

    private static string Template()
    {
        using var stream = typeof(TokenPage).Assembly.GetManifestResourceStream("TokenPage.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
