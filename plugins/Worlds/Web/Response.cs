using Experiments.Plugins.Worlds.Truth;

namespace Experiments.Plugins.Worlds.Web;

/// <summary>One response of a server, with the truth about it.</summary>
internal sealed record Response(TruthRecord Truth, int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body);
