using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Reporting;

/// <summary>A setting in a market of the report.</summary>
/// <param name="setting">Key of the setting.</param>
/// <param name="values">Its values in the spec.</param>
internal sealed class Candidate(string setting, string values)
{
    public string Setting => setting;

    public string Values => values;

    /// <summary>Its windows by number.</summary>
    public SortedDictionary<int, FoldMean> Folds { get; } = [];

    /// <summary>Adds a run.</summary>
    /// <param name="number">Number of its window.</param>
    /// <param name="figures">Its result.</param>
    /// <returns>Number of seeds on that window.</returns>
    public int Add(int number, ResultFigures figures)
    {
        if (!Folds.TryGetValue(number, out var fold))
            Folds.Add(number, fold = new FoldMean());
        fold.Add(figures);
        return fold.Seeds;
    }
}
