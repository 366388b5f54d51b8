using Experiments.Contracts.Text;

namespace Experiments.Plugins.Sources.Tests;

/// <summary>Skips in memory.</summary>
internal sealed class Skips : ISkipLog
{
    public List<(string Reason, string Detail)> All { get; } = [];

    public void Skip(string reason, string detail) => All.Add((reason, detail));
}
