using System.Text.Json;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>
/// The tokens of a vocabulary with the names of Hugging Face, which consist of the letters that represent their bytes.
/// </summary>
internal sealed class TokenNames
{
    private readonly string[] _names;
    private readonly Dictionary<string, int> _ids;
    private readonly string _place;

    private TokenNames(string[] names, Dictionary<string, int> ids, string place) => (_names, _ids, _place) = (names, ids, place);

    /// <summary>Reads names and ids.</summary>
    /// <param name="vocabulary">An object of ids by name.</param>
    /// <param name="added">Added tokens. They may also be in the vocabulary.</param>
    /// <param name="place">The object's place in its file, for messages; may be empty.</param>
    /// <exception cref="InvalidDataException">
    /// An id or a name is repeated, or an id is missing; the message names the place.
    /// </exception>
    public static TokenNames Read(JsonElement vocabulary, IEnumerable<AddedToken> added, string place)
    {
        var prefix = place.Length == 0 ? "" : place + ": ";
        var byId = new SortedDictionary<int, string>();
        foreach (var (name, id) in vocabulary.EnumerateObject().Select(entry => (entry.Name, Id(entry, prefix))).Concat(added.Select(token => (token.Text, token.Id))))
        {
            Require(id is >= 0 and < MergeTable.Limit, $"{prefix}the id {id} of '{name}' is not from 0 to {MergeTable.Limit - 1}.");
            Require(byId.TryAdd(id, name) || byId[id] == name, $"{prefix}the id {id} is both '{byId.GetValueOrDefault(id)}' and '{name}'.");
        }

        var hole = byId.Keys.Index().FirstOrDefault(pair => pair.Index != pair.Item, (Index: -1, Item: 0));
        Require(hole.Index < 0, $"{prefix}no token has the id {hole.Index}; ids must run from 0 without holes.");
        Dictionary<string, int> ids = new(byId.Count, StringComparer.Ordinal);
        foreach (var (id, name) in byId)
        {
            Require(ids.TryAdd(name, id), $"{prefix}'{name}' has two ids, {ids.GetValueOrDefault(name)} and {id}.");
        }

        return new([.. byId.Values], ids, prefix);
    }

    /// <summary>The id of a name, or null if there is none.</summary>
    public int? Find(string name) => _ids.TryGetValue(name, out var id) ? id : null;

    /// <summary>The bytes of all tokens by id.</summary>
    /// <param name="withoutBytes">Names of tokens that have no bytes.</param>
    /// <exception cref="InvalidDataException">A name contains a character that represents no byte.</exception>
    public byte[][] Bytes(IReadOnlyCollection<string> withoutBytes) =>
        [.. _names.Select(name => withoutBytes.Contains(name) ? [] : ByteAlphabet.Read(name) ?? throw new InvalidDataException($"{_place}'{name}' contains a character that represents no byte."))];

    private static int Id(JsonProperty entry, string prefix) =>
        entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out var id) ? id : throw new InvalidDataException($"{prefix}the id of '{entry.Name}' is {entry.Value.GetRawText()}, which is not a whole number.");

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidDataException(problem);
        }
    }
}
