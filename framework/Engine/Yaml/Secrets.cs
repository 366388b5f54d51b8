using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Experiments.Engine.Yaml;

/// <summary>
/// The secrets that a recipe takes from environment variables. They are used, but nothing that is written shows them: neither
/// files nor the terminal nor the tracker.
/// </summary>
public sealed partial class Secrets
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mask = "***";

    private const int ShortestPart = 4;
    private const string Whole = "env.";
    private const string Password = "password.";
    private readonly HashSet<string> _declared = [];
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private string[] _forms = [];

    /// <summary>Whether there is no secret.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>Declares a variable to be secret, whatever its name.</summary>
    public void Declare(string variable) => _declared.Add(variable);

    /// <summary>
    /// Takes note of the value of a variable, if it is declared to be secret or its name looks secret: it has the word token, secret,
    /// password, key, credential or a similar one. Of an address with a password, only the password is secret.
    /// </summary>
    public void Note(string variable, string value)
    {
        var isSecret = _declared.Contains(variable) || SecretName().IsMatch(variable);
        var secret = isSecret ? value : PasswordOf(value);
        if (!string.IsNullOrEmpty(secret) && _values.TryAdd((isSecret ? Whole : Password) + variable, secret))
        {
            _forms = [.. _values.Values.SelectMany(Forms).Distinct().OrderByDescending(form => form.Length)];
        }
    }

    /// <summary>A text with <see cref="Mask"/> in place of each secret. A very short secret is only found as a whole text.</summary>
    public string Hide(string text)
    {
        foreach (var form in _forms)
        {
            text = text == form ? Mask : form.Length >= ShortestPart ? text.Replace(form, Mask, StringComparison.Ordinal) : text;
        }

        return text;
    }

    /// <summary>JSON with <see cref="Mask"/> in place of each secret.</summary>
    public T Hide<T>(T json)
        where T : JsonNode? => IsEmpty ? json : (T)Change(json, Hide)!;

    /// <summary>JSON with a reference in place of each secret, which <see cref="Recall"/> undoes.</summary>
    public JsonNode? Refer(JsonNode? json) => Change(json, text => _values.OrderByDescending(pair => pair.Value.Length).Aggregate(
        ReferenceSyntax.Escape(text),
        (referring, secret) => text == secret.Value || secret.Value.Length >= ShortestPart
            ? referring.Replace(ReferenceSyntax.Escape(secret.Value), $"$({secret.Key})", StringComparison.Ordinal)
            : referring));

    /// <summary>JSON with the secrets in place of the references.</summary>
    /// <param name="json">What <see cref="Refer"/> made.</param>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <exception cref="InvalidDataException">A variable is not set.</exception>
    public static JsonNode? Recall(JsonNode? json, Func<string, string?> environment) => Change(json, text =>
    {
        var (recalled, done) = ("", 0);
        for (var at = ReferenceSyntax.Next(text, 0); at >= 0; at = ReferenceSyntax.Next(text, done))
        {
            var end = ReferenceSyntax.Close(text, at + ReferenceSyntax.Open.Length);
            recalled += ReferenceSyntax.Unescape(text[done..at]) + Value(text[(at + ReferenceSyntax.Open.Length)..(end - 1)]);
            done = end;
        }

        return recalled + ReferenceSyntax.Unescape(text[done..]);

        string? Value(string reference)
        {
            var isWhole = reference.StartsWith(Whole, StringComparison.Ordinal);
            var variable = reference[(isWhole ? Whole : Password).Length..];
            var value = environment(variable) ?? throw new InvalidDataException($"The environment variable '{variable}' is not set.");
            return isWhole ? value : PasswordOf(value);
        }
    });

    private static string? PasswordOf(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.UserInfo.Split(':', 2) is [_, var password] ? password : null;

    private static JsonNode? Change(JsonNode? json, Func<string, string> change) => json switch
    {
        JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, Change(entry.Value, change)))),
        JsonArray list => new JsonArray([.. list.Select(item => Change(item, change))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(change(value.GetValue<string>())),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && change(value.ToJsonString()) is var text && text != value.ToJsonString() => JsonValue.Create(text),
        _ => json?.DeepClone(),
    };

    /// <summary>A secret as it is, inside JSON, and inside an address.</summary>
    private static IEnumerable<string> Forms(string secret) =>
        [secret, JsonSerializer.Serialize(secret)[1..^1], Uri.EscapeDataString(secret)];

    [GeneratedRegex("(^|_)(token|secret|secrets|password|passwd|passphrase|pwd|pass|apikey|key|keys|credential|credentials|auth|cookie|private)(_|$)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex SecretName();
}
