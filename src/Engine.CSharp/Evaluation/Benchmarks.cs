using System.Runtime.CompilerServices;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Computes the benchmarks alongside a run, in O(1) per candle: the best path in hindsight and the moving-average crossover.</summary>
/// <remarks>
/// Hindsight is a dynamic programme over the two states flat and long: at every fill it takes the better of staying and
/// switching at its cost. Lots, ticks and minimum orders are ignored, so it is an upper bound for the run. The crossover
/// trades all of its equity.
/// </remarks>
internal sealed class Benchmarks
{
    // Dividing by a power of two is exact.
    private const int Power = 512;
    private static readonly double largest = Math.ScaleB(1.0, Power);

    private readonly bool fillsAtClose;
    private readonly IndicatorRun<SmaState, double, double> quick = Averages.Sma(AverageCross.Quick).Start();
    private readonly IndicatorRun<SmaState, double, double> slow = Averages.Sma(AverageCross.Slow).Start();
    private double lastClose;
    private double flat;
    private double inMarket;
    private long exponent;
    private double cross;
    private bool crossIsIn;
    private bool crossWantsIn;

    /// <summary>Starts before the first candle, or from a saved state.</summary>
    /// <param name="fill">When orders fill.</param>
    /// <param name="saved">Saved state to restore; null starts before the first candle.</param>
    /// <param name="lastClose">Close of the newest candle of that state.</param>
    public Benchmarks(FillMoment fill, BenchmarksState? saved = null, double lastClose = 0)
    {
        fillsAtClose = fill == FillMoment.Close;
        if (saved is not { } state)
            return;
        this.lastClose = lastClose;
        quick = Averages.Sma(AverageCross.Quick).StartFrom(state.Quick);
        slow = Averages.Sma(AverageCross.Slow).StartFrom(state.Slow);
        (flat, inMarket, exponent, cross) = state.Results;
        (crossIsIn, crossWantsIn) = (state.CrossIsIn, state.CrossWantsIn);
    }

    /// <summary>Results of the benchmarks at the newest close.</summary>
    public BenchmarkResults Results => new(flat, inMarket, exponent, cross);

    /// <summary>Returns the state of the benchmarks.</summary>
    public BenchmarksState Snapshot() => new(Results, quick.State, slow.State, crossIsIn, crossWantsIn);

    /// <summary>Takes in a candle; must be called for every candle of the run.</summary>
    /// <param name="candle">The newest candle.</param>
    /// <param name="isStep">Whether the candle is a step of the run; history and warm-up only update the averages.</param>
    /// <param name="costs">Trading costs at this candle.</param>
    public void Next(in Candle candle, bool isStep, Costs costs)
    {
        if (fillsAtClose)
            Average(candle.Close);
        if (isStep)
            Step(candle, costs);
        if (!fillsAtClose)
            Average(candle.Close);
        lastClose = candle.Close;
    }

    private void Average(double close)
    {
        var isWarm = quick.TryNext(close, out var newer) & slow.TryNext(close, out var older);
        // Equal means leave the position unchanged.
        if (isWarm && AverageCross.Difference(newer, older) is var difference and not 0)
            crossWantsIn = difference > 0;
    }

    private void Step(in Candle candle, Costs costs)
    {
        var isFirst = cross == 0;
        if (isFirst)
            (flat, cross) = (1.0, 1.0);
        else
            Move((fillsAtClose ? candle.Close : candle.Open) / lastClose);
        // With fills at the next open, the first step has no earlier decision to fill.
        if (!isFirst || fillsAtClose)
            Fill(costs);
        if (!fillsAtClose)
            Move(candle.Close / candle.Open);
        // Zero would look like a run before its first step.
        cross = Math.Clamp(cross, 1 / largest, largest);
        if (flat > largest || inMarket > largest)
            (flat, inMarket, exponent) = (flat / largest, inMarket / largest, exponent + Power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move(double factor)
    {
        inMarket *= factor;
        if (crossIsIn)
            cross *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill(Costs costs)
    {
        (flat, inMarket) = (Math.Max(flat, inMarket * costs.SellFactor), Math.Max(inMarket, flat * costs.UnitsPerCash));
        if (crossWantsIn == crossIsIn)
            return;
        cross *= crossWantsIn ? costs.UnitsPerCash : costs.SellFactor;
        crossIsIn = crossWantsIn;
    }
}
