using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Experiments.Plugins.Mlflow;

/// <summary>Writes the files of a file store. Readers never see a partly written file.</summary>
internal static class FileStoreFiles
{
    /// <summary>The file that describes its folder.</summary>
    public const string Meta = "meta.yaml";

    // Temporary files are in the folder of the run itself, where MLflow only looks for folders and meta.yaml.
    private const string Temporary = ".new";

    /// <summary>
    /// Whether a file has text. What has no bytes is never opened, because it may be a pipe, whose writer would be waited for.
    /// </summary>
    public static bool HasText(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    /// <summary>
    /// Replaces the text of a file and creates its folder when needed. Does nothing if the text is unchanged.
    /// </summary>
    public static void Replace(string run, string path, string text)
    {
        if (!HasText(path) || File.ReadAllText(path) != text)
        {
            Replace(run, path, temporary => File.WriteAllText(temporary, text));
        }
    }

    /// <summary>Replaces a file by a temporary file, which <paramref name="write"/> writes.</summary>
    public static void Replace(string run, string path, Action<string> write)
    {
        var temporary = Path.Combine(run, $"{Temporary}-{Environment.ProcessId}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        write(temporary);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>
    /// Appends whole lines in one write. In doubt, appends only the lines that the file does not have yet.
    /// </summary>
    public static void Append(string run, string path, IEnumerable<string> lines, bool inDoubt)
    {
        if (!HasText(path))
        {
            Replace(run, path, string.Concat(lines));
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (inDoubt)
        {
            var text = new StreamReader(file, leaveOpen: true).ReadToEnd();
            var whole = text.LastIndexOf('\n') + 1;
            file.SetLength(whole);
            var present = text[..whole].Split('\n').ToHashSet(StringComparer.Ordinal);
            lines = lines.Where(line => !present.Contains(line.TrimEnd('\n')));
        }

        file.Position = file.Length;
        file.Write(Encoding.UTF8.GetBytes(string.Concat(lines)));
    }

    /// <summary>The file of a key. <see cref="MlflowFileStore"/> explains keys that are both file and folder.</summary>
    public static string PathOf(string run, string kind, string key)
    {
        var folder = Path.Combine(run, kind);
        for (var slash = key.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = key.IndexOf('/', slash + 1))
        {
            if (File.Exists(Path.Combine(folder, key[..slash])))
            {
                return PathOf(run, kind, $"{key[..slash]}.{key[(slash + 1)..]}");
            }
        }

        var path = Path.Combine(folder, key);
        return Directory.Exists(path) ? PathOf(run, kind, key + ".value") : path;
    }

    /// <summary>Reads a mapping.</summary>
    public static YamlMappingNode ReadYaml(string path)
    {
        if (!HasText(path))
        {
            throw new InvalidDataException($"{path}: it has no text");
        }

        var yaml = new YamlStream();
        using var reader = new StreamReader(path);
        yaml.Load(reader);
        return yaml.Documents is [{ RootNode: YamlMappingNode map }] ? map : throw new InvalidDataException($"{path}: not a mapping");
    }

    /// <summary>A scalar of YAML in single quotes, on one line.</summary>
    public static string Quoted(string text) =>
        $"'{string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A string of JSON.</summary>
    public static string Json(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>MLflow's hash for names; no secret depends on it.</summary>
    public static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
