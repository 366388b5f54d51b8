using Experiments.Contracts.Running;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// Reports how much of the text has been counted. The total is estimated from the sizes of the files read so far, or is
/// the maximum if that is smaller. Within the first file the total is unknown if there is no maximum.
/// </summary>
internal sealed class CountingProgress(IStageProgress progress, IReadOnlyList<string> files, long? maximum)
{
    private readonly long[] _sizes = [.. files.Select(file => new FileInfo(file).Length)];
    private int _filesRead;
    private double? _total;

    /// <summary>Reports the state.</summary>
    public void Report(TrainingState state)
    {
        if (state.Cursor.File > _filesRead)
        {
            _filesRead = state.Cursor.File;
            _total = (double)state.Characters * _sizes.Sum() / Math.Max(1, _sizes.Take(_filesRead).Sum());
        }

        progress.Report(state.Characters, _total is null || maximum < _total ? maximum : Math.Max(_total.Value, state.Characters), "characters", "counting pieces");
    }
}
