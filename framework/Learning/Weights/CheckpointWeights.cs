using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Experiments.Learning.Weights;

/// <summary>
/// The weights of a checkpoint folder in Hugging Face's layout: <c>model.safetensors</c>, or shards
/// <c>model-00001-of-00003.safetensors</c> with <c>model.safetensors.index.json</c>, which names the file of each
/// tensor.
/// </summary>
public sealed class CheckpointWeights : IDisposable
{
    private const string OneFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";
    private const string MapKey = "weight_map";
    private const long LargestFile = 5_000_000_000;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _path;
    private readonly Dictionary<string, SafetensorsFile> _files;

    private CheckpointWeights(string path, Dictionary<string, SafetensorsFile> files) =>
        (_path, _files) = (path, files);

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _files.Keys;

    /// <summary>Writes tensors as float32, to one file if they fit.</summary>
    /// <param name="folder">The folder; it must not contain weights.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="largestFile">
    /// Largest size of a file's numbers, unless a single tensor is larger. Unit: bytes. Default: 5 GB, as in Hugging
    /// Face's tools.
    /// </param>
    public static void Write(
        string folder, IReadOnlyList<(string Name, Tensor Value)> tensors, long largestFile = LargestFile)
    {
        List<List<(string Name, Tensor Value)>> shards = [[]];
        var (size, total) = (0L, 0L);
        foreach (var tensor in tensors)
        {
            var bytes = tensor.Value.numel() * sizeof(float);
            if (size > 0 && size + bytes > largestFile)
            {
                shards.Add([]);
                size = 0;
            }

            shards[^1].Add(tensor);
            (size, total) = (size + bytes, total + bytes);
        }

        if (shards.Count == 1)
        {
            Safetensors.Write(Path.Combine(folder, OneFile), tensors);
            return;
        }

        var map = new JsonObject();
        foreach (var (index, shard) in shards.Index())
        {
            var name = string.Create(
                CultureInfo.InvariantCulture, $"model-{index + 1:00000}-of-{shards.Count:00000}.safetensors");
            Safetensors.Write(Path.Combine(folder, name), shard);
            shard.ForEach(tensor => map[tensor.Name] = name);
        }

        var content = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = total }, [MapKey] = map };
        File.WriteAllText(Path.Combine(folder, IndexFile), content.ToJsonString(Indented) + "\n");
    }

    /// <summary>Opens the weights of a folder.</summary>
    /// <exception cref="InvalidDataException">
    /// A file is missing, truncated, or inconsistent with itself or the index. The message names the file and the
    /// tensor.
    /// </exception>
    public static CheckpointWeights Open(string folder)
    {
        var (one, index) = (Path.Combine(folder, OneFile), Path.Combine(folder, IndexFile));
        if (File.Exists(one))
        {
            var file = new SafetensorsFile(one);
            return new(one, file.Names.ToDictionary(name => name, _ => file));
        }

        if (!File.Exists(index))
        {
            throw new InvalidDataException(
                $"{one} is missing, and so is {IndexFile}, which would list its shards. Pickled weights are not supported: "
                + "save_pretrained of a current transformers writes safetensors.");
        }

        Dictionary<string, SafetensorsFile> shards = [];
        try
        {
            return new(index, OpenShards(folder, index, shards));
        }
        catch
        {
            shards.Values.ToList().ForEach(shard => shard.Dispose());
            throw;
        }
    }

    /// <summary>The shape of a tensor.</summary>
    /// <exception cref="InvalidDataException">The tensor does not exist.</exception>
    public IReadOnlyList<long> Shape(string name) => Find(name).Shape(name);

    /// <summary>Fills a tensor of the same shape and any floating-point type.</summary>
    /// <exception cref="InvalidDataException">The tensor does not exist, or has another shape.</exception>
    public void ReadInto(string name, Tensor value) => Find(name).ReadInto(name, value);

    /// <summary>Fills tensors. The files must contain no others.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, has another shape, or is superfluous.</exception>
    public void ReadInto(IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        foreach (var (name, value) in tensors)
        {
            ReadInto(name, value);
        }

        if (Names.Except(tensors.Select(tensor => tensor.Name)).FirstOrDefault() is { } other)
        {
            throw new InvalidDataException($"{_path}: tensor '{other}' belongs to another model.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values.Distinct())
        {
            file.Dispose();
        }
    }

    private SafetensorsFile Find(string name) =>
        _files.GetValueOrDefault(name) ?? throw new InvalidDataException($"{_path}: tensor '{name}' is missing.");

    private static Dictionary<string, SafetensorsFile> OpenShards(
        string folder, string index, Dictionary<string, SafetensorsFile> shards)
    {
        Dictionary<string, SafetensorsFile> files = [];
        foreach (var (tensor, shard) in ReadMap(index))
        {
            var path = Path.Combine(folder, shard);
            if (shard != Path.GetFileName(shard) || !File.Exists(path))
            {
                throw new InvalidDataException(
                    $"{path} is missing: {IndexFile} says that it contains tensor '{tensor}'.");
            }

            if (!shards.TryGetValue(shard, out var file))
            {
                shards[shard] = file = new(path);
            }

            files[tensor] = file.Names.Contains(tensor) ? file : throw new InvalidDataException(
                $"{path}: tensor '{tensor}' is missing, though {IndexFile} says that it is here.");
        }

        foreach (var (shard, file) in shards)
        {
            if (file.Names.FirstOrDefault(name => !files.TryGetValue(name, out var named) || named != file) is { } other)
            {
                throw new InvalidDataException(
                    $"{Path.Combine(folder, shard)}: tensor '{other}' is here, but {IndexFile} does not say so.");
            }
        }

        return files;
    }

    private static Dictionary<string, string> ReadMap(string index)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(index)).GetProperty(MapKey)
                .Deserialize<Dictionary<string, string>>() ?? throw new JsonException($"{MapKey} is null.");
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{index}: {problem.Message}", problem);
        }
    }
}
