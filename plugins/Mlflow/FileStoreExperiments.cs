using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using YamlDotNet.Core;

namespace Experiments.Plugins.Mlflow;

/// <summary>The experiments of a file store.</summary>
internal sealed class FileStoreExperiments(string root, TimeProvider time)
{
    private const string Trash = ".trash";
    private const string DefaultId = "0";

    /// <summary>
    /// The folder of an experiment, which is created if it does not exist. Its id is derived from the name, so that two
    /// processes create the same folder.
    /// </summary>
    public string Open(string name)
    {
        Directory.CreateDirectory(Path.Combine(root, Trash));
        if (!File.Exists(Path.Combine(root, DefaultId, FileStoreFiles.Meta)))
        {
            Make(DefaultId, "Default");
        }

        return Find(name) ?? Make(IdOf(name), name);
    }

    private static string IdOf(string name)
    {
        var number = new BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes(name)), isUnsigned: true) % (9 * BigInteger.Pow(10, 17));
        return (number + BigInteger.Pow(10, 17)).ToString(CultureInfo.InvariantCulture);
    }

    private string? Find(string name) => Directory.EnumerateDirectories(root).Where(folder => Path.GetFileName(folder) != Trash)
        .Order(StringComparer.Ordinal).FirstOrDefault(folder => NameOf(Path.Combine(folder, FileStoreFiles.Meta)) == name);

    private static string? NameOf(string meta)
    {
        try
        {
            return FileStoreFiles.ReadYaml(meta)["name"].ToString();
        }
        catch (Exception damage) when (damage is IOException or YamlException or KeyNotFoundException or InvalidDataException)
        {
            return null;
        }
    }

    private string Make(string id, string name)
    {
        var folder = Path.Combine(root, id);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        FileStoreFiles.Replace(
            Directory.CreateDirectory(folder).FullName,
            Path.Combine(folder, FileStoreFiles.Meta),
            $"""
            artifact_location: {FileStoreFiles.Quoted(new Uri(folder).AbsoluteUri)}
            creation_time: {now}
            experiment_id: '{id}'
            last_update_time: {now}
            lifecycle_stage: active
            name: {FileStoreFiles.Quoted(name)}

            """);
        return folder;
    }
}
