using Experiments.Contracts.Running;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// Says how much of the text is counted. How much there is, is judged by the size of the files read so far, or told by the maximum; nobody knows
/// it within the first file.
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
