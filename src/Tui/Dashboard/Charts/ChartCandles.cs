using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Indicators;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>The candles of a chart, oldest first: those before the run's first step, and those of its steps.</summary>
/// <param name="recall">The moment that the chart ends with.</param>
internal readonly struct ChartCandles(Recall recall)
{
    /// <summary>Number of candles, at least 1.</summary>
    public int Count => recall.Before.Count + recall.Steps.Count;

    /// <summary>The candle at a place, with its indicators.</summary>
    public Observation this[int place] => StepAt(place)?.Observation ?? recall.Before[place];

    /// <summary>The step at a place; null for a candle before the first one.</summary>
    public Step? StepAt(int place) => place < recall.Before.Count ? null : recall.Steps[place - recall.Before.Count];

    /// <summary>Side of the execution in the candle at a place, also of earlier sessions; null without one.</summary>
    public TradeAction? SideAt(int place) =>
        StepAt(place) is { } step ? step.Fill?.Side
        : recall.TradedBefore.TryGetValue(recall.Before[place].Candle.OpenTime, out var side) ? side
        : null;

    /// <summary>Number of the candle's step; 0 and less before the first one.</summary>
    public long NumberAt(int place) => recall.Steps[0].Number - recall.Before.Count + place;

    /// <summary>The candle at a place.</summary>
    public Candle CandleAt(int place) => this[place].Candle;
}
