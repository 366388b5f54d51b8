using Experiments.Contracts.Text;

namespace Experiments.Plugins.Sources.Tests;

/// <summary>Skips in memory.</summary>
internal sealed class RecordedSkips : ISkipLog
{
    public List<(string Reason, string Detail)> All { get; } = [];

    public IEnumerable<string> Reasons => All.Select(skip => skip.Reason);

    public void Skip(string reason, string detail) => All.Add((reason, detail));
}
