using System.Security.Cryptography;
using System.Text;

namespace Experiments.Plugins.Mlflow;

/// <summary>Adapts names and values to the limits of MLflow.</summary>
public static class MlflowNames
{
    /// <summary>
    /// Longest key, in UTF-8 bytes. MLflow accepts 250 characters, but the file store uses keys as file names, which
    /// have at most 255 bytes with their suffix.
    /// </summary>
    public const int MaximumKey = 240;

    /// <summary>Longest name of an experiment, in characters.</summary>
    public const int MaximumExperiment = 500;

    /// <summary>Longest digest of a data set, in characters.</summary>
    public const int MaximumDigest = 36;

    /// <summary>Longest value of a param, in characters.</summary>
    public const int MaximumParam = 6000;

    /// <summary>Longest value of a tag, in characters.</summary>
    public const int MaximumTag = 8000;

    /// <summary>
    /// A key in the allowed alphabet (letters, digits, <c>_ - . space : /</c>, no empty part, none that starts or ends
    /// with a dot): each forbidden character becomes <c>_</c>; a key that is too long is cut and ends with eight digits
    /// of its hash.
    /// </summary>
    public static string Key(string name)
    {
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Part).ToList();
        var key = parts.Count == 0 ? "_" : string.Join('/', parts);
        if (Encoding.UTF8.GetByteCount(key) <= MaximumKey)
        {
            return key;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        while (Encoding.UTF8.GetByteCount(key) > MaximumKey - 9)
        {
            key = key[..^(char.IsLowSurrogate(key[^1]) ? 2 : 1)];
        }

        return $"{key}_{hash}";
    }

    /// <summary>
    /// A value within the server's limit, so that the server does not cut it silently. A value that is too long is cut
    /// and ends with a note.
    /// </summary>
    public static string Value(string value, int maximum)
    {
        if (value.Length <= maximum)
        {
            return value;
        }

        var mark = $"... [cut: {value.Length} characters]";
        var end = maximum - mark.Length;
        return value[..(char.IsHighSurrogate(value[end - 1]) ? end - 1 : end)] + mark;
    }

    private static string Part(string part)
    {
        var text = new StringBuilder(part.Length);
        foreach (var rune in part.EnumerateRunes())
        {
            text.Append(Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-' or '.' or ' ' or ':' ? rune : new Rune('_'));
        }

        text.Replace("..", "__");
        if (text[0] == '.')
        {
            text[0] = '_';
        }

        if (text[^1] == '.')
        {
            text[^1] = '_';
        }

        return text.ToString();
    }
}
