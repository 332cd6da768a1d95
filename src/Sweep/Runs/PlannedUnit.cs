using BtcBandit.Engine.Trading;
using BtcBandit.Sweep.Markets;

namespace BtcBandit.Sweep.Runs;

/// <summary>A run that is to be made.</summary>
/// <param name="Key">Its identity.</param>
/// <param name="Parameters">Its parameters, seed and costs included.</param>
public sealed record PlannedRun(string Key, RunParameters Parameters);

/// <summary>A unit of work: runs on one window of one market that share candles and indicators.</summary>
/// <param name="Market">The market.</param>
/// <param name="Window">The candles.</param>
/// <param name="Number">Number of the window in its market, from 0: that of the fold or rung.</param>
/// <param name="Data">Hash of the candles.</param>
/// <param name="Candles">Number of candles.</param>
/// <param name="Runs">The runs, at least one, all with one list of indicators.</param>
public sealed record PlannedUnit(
    SweepMarket Market,
    Window Window,
    int Number,
    string Data,
    int Candles,
    IReadOnlyList<PlannedRun> Runs
)
{
    /// <summary>Identity of the unit: that of its runs.</summary>
    public string Key { get; } = RunKey.OfAll(Runs.Select(run => run.Key));
}
