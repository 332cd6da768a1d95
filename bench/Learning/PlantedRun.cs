using System.Reactive.Linq;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>What a run made of a market whose edge is known. Sums of log returns, apart from equity.</summary>
/// <param name="Possible">What an oracle holds: every expected rise, no expected fall, no costs.</param>
/// <param name="Held">What the run's position was expected to bring, before costs.</param>
/// <param name="Costs">Fees and slippage, in fractions of equity at the time.</param>
/// <param name="Equity">Final equity as a multiple of the first.</param>
/// <param name="Trades">Fills.</param>
/// <param name="CandlesToReach">Candles until 1,000 in a row brought 90 % of the oracle; absent when none did.</param>
internal readonly record struct PlantedResult(
    double Possible,
    double Held,
    double Costs,
    double Equity,
    long Trades,
    int? CandlesToReach
)
{
    /// <summary>Share of the oracle's gain, before costs.</summary>
    public double Share => Held / Possible;

    /// <summary>Share of the oracle's gain that is left after costs.</summary>
    public double NetShare => (Held - Costs) / Possible;
}

/// <summary>One agent on one planted world, through the program's own pipeline.</summary>
/// <remarks>The edge is what was expected, not what came: noise does not blur the comparison.</remarks>
internal static class PlantedRun
{
    private const int Window = 1_000;
    private const double Reach = 0.9;

    /// <summary>Runs.</summary>
    /// <param name="market">The world.</param>
    /// <param name="candles">How many.</param>
    /// <param name="parameters">Agent and costs.</param>
    /// <param name="countFrom">Candles before it are run but not counted.</param>
    public static PlantedResult Of(SyntheticOptions market, int candles, RunParameters parameters, int countFrom = 0)
    {
        var truth = SyntheticFeed.Truth(market).Take(candles).ToArray();
        var plan = RunPlan.Of(market.Source(new TradingPair("BTC", "USDT")), parameters);
        var (possible, held, costs, equity, trades) = (0.0, 0.0, 0.0, 1.0, 0L);
        var (upTo, heldUpTo) = (new double[candles + 1], new double[candles + 1]);
        int? reached = null;
        var result = Backtest
            .RunAsync(truth.Select(candle => candle.Candle).ToObservable(), plan, Weigh)
            .GetAwaiter()
            .GetResult();
        if (result.Error is { } error)
            throw new InvalidOperationException("The run failed.", error);
        return new PlantedResult(possible, held, costs, equity, trades, reached);

        void Weigh(Step step)
        {
            var index = (int)step.Candles - 1;
            var edge = truth[index - 1].NextEdgeBps / 10_000.0;
            var open = step.Candle.Open;
            var exposure = step.Portfolio.Position * open / (step.Portfolio.Cash + step.Portfolio.Position * open);
            upTo[index + 1] = upTo[index] + Math.Max(edge, 0.0);
            heldUpTo[index + 1] = heldUpTo[index] + exposure * edge;
            var start = Math.Max(index + 1 - Window, 0);
            if (
                heldUpTo[index + 1] - heldUpTo[start] >= Reach * (upTo[index + 1] - upTo[start])
                && step.Number >= Window
            )
                reached ??= index + 1;
            equity = step.Statistics.Equity / step.Statistics.InitialEquity;
            trades = step.Statistics.Trades;
            if (index < countFrom)
                return;
            possible += Math.Max(edge, 0.0);
            held += exposure * edge;
            if (step.Fill is { } fill)
                costs += (fill.Fee + fill.Slippage) / step.Statistics.Equity;
        }
    }
}
