using System.Runtime.CompilerServices;
using BtcBandit.Engine.Domain;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Execution;

/// <summary>Runs the rivals beside the run, in O(1) per candle: hindsight and the moving-average crossover.</summary>
/// <remarks>
/// Hindsight is the dynamic programme over the two states flat and long: at every fill the better of staying and changing
/// for its cost. Lots, ticks and minimum orders are left out, so it is a bound for the run and never below it. The crossover
/// trades all of its equity.
/// </remarks>
internal sealed class Rivals
{
    // A power of two: dividing by it changes no digit.
    private const int Power = 512;
    private static readonly double most = Math.ScaleB(1.0, Power);

    private readonly bool fillsAtClose;
    private readonly double afterBuying;
    private readonly double afterSelling;
    private readonly Fold<SmaState, double, double> quick = Averages.Sma(20).Start();
    private readonly Fold<SmaState, double, double> slow = Averages.Sma(50).Start();
    private double lastClose;
    private double flat;
    private double inMarket;
    private long exponent;
    private double cross;
    private bool crossIsIn;
    private bool crossWantsIn;

    /// <summary>Starts anew or from a run's state.</summary>
    public Rivals(RunParameters parameters, RunState? resume)
    {
        var (fee, slip) = (parameters.FeeBps / 10_000.0, parameters.SlippageBps / 10_000.0);
        afterBuying = 1.0 / ((1.0 + slip) * (1.0 + fee));
        afterSelling = (1.0 - slip) * (1.0 - fee);
        fillsAtClose = parameters.Fill == FillMoment.Close;
        if (resume is null)
            return;
        lastClose = resume.LastCandle.Close;
        var state = resume.Rivals;
        (quick, slow) = (Averages.Sma(20).StartFrom(state.Quick), Averages.Sma(50).StartFrom(state.Slow));
        (flat, inMarket, exponent, cross) = state.Results;
        (crossIsIn, crossWantsIn) = (state.CrossIsIn, state.CrossWantsIn);
    }

    /// <summary>What the rivals came to at the newest close.</summary>
    public RivalResults Results => new(flat, inMarket, exponent, cross);

    /// <summary>The rivals as a value.</summary>
    public RivalsState Snapshot() => new(Results, quick.State, slow.State, crossIsIn, crossWantsIn);

    /// <summary>Takes every candle.</summary>
    /// <param name="candle">The newest.</param>
    /// <param name="isStep">Whether it is one of the run's steps; history and warm-up only move the averages.</param>
    public void Next(in Candle candle, bool isStep)
    {
        if (fillsAtClose)
            Average(candle.Close);
        if (isStep)
            Step(candle);
        if (!fillsAtClose)
            Average(candle.Close);
        lastClose = candle.Close;
    }

    private void Average(double close)
    {
        var isWarm = quick.TryNext(close, out var newer) & slow.TryNext(close, out var older);
        // Equal means are no reason to change anything.
        if (isWarm && newer != older)
            crossWantsIn = newer > older;
    }

    private void Step(in Candle candle)
    {
        var isFirst = cross == 0;
        if (isFirst)
            (flat, cross) = (1.0, 1.0);
        else
            Move((fillsAtClose ? candle.Close : candle.Open) / lastClose);
        // At the next open nothing fills that was not decided at a close before.
        if (!isFirst || fillsAtClose)
            Fill();
        if (!fillsAtClose)
            Move(candle.Close / candle.Open);
        if (flat > most || inMarket > most)
            (flat, inMarket, exponent) = (flat / most, inMarket / most, exponent + Power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move(double factor)
    {
        inMarket *= factor;
        if (crossIsIn)
            cross *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill()
    {
        (flat, inMarket) = (Math.Max(flat, inMarket * afterSelling), Math.Max(inMarket, flat * afterBuying));
        if (crossWantsIn == crossIsIn)
            return;
        cross *= crossWantsIn ? afterBuying : afterSelling;
        crossIsIn = crossWantsIn;
    }
}
