namespace Experiments.Engine.Tracking;

/// <summary>Another process is sending this journal. Two processes at once would send lines twice.</summary>
/// <param name="journal">The journal.</param>
/// <param name="holder">Who sends it.</param>
public sealed class JournalBusyException(string journal, string holder) : Exception($"{holder} is sending {journal}")
{
    /// <summary>Who sends it.</summary>
    public string Holder => holder;
}
