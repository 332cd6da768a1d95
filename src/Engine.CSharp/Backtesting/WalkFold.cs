using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A step of a test of its own.</summary>
/// <param name="Fold">Number of the fold, from 1; 0 where there is no test at that candle.</param>
/// <param name="OpenTime">Open time of the candle, ms UTC.</param>
/// <param name="Close">Close of the candle.</param>
/// <param name="Equity">Equity at the close / equity before the test.</param>
/// <param name="UnitsPerCash">Units that one unit of cash has bought at the test's first fill; null before it.</param>
/// <param name="IsLast">Whether the test ends with it.</param>
internal readonly record struct TestStep(
    int Fold,
    long OpenTime,
    double Close,
    double Equity,
    double? UnitsPerCash,
    bool IsLast
);

/// <summary>One fold of a walk-forward while it trades. Not thread-safe.</summary>
/// <param name="header">Identity of the run, with the exchange's rules.</param>
/// <param name="plan">The run.</param>
/// <param name="split">Lengths of train slice and test.</param>
/// <param name="first">Position of its first candle in the stream.</param>
/// <param name="number">Number of the fold, from 1.</param>
internal sealed class WalkFold(RunHeader header, RunPlan plan, WalkForwardSplit split, long first, int number)
{
    private readonly long seam = first + split.Train;
    private readonly long end = first + split.Fold;
    private IAgent? agent;
    private Trader? trader;
    private long sliceOpenTime;
    private WalkForwardSlice? train;

    /// <summary>Number of the fold, from 1.</summary>
    public int Number => number;

    /// <summary>The finished fold; null before that.</summary>
    public WalkForwardFold? Result { get; private set; }

    /// <summary>Exception that ended the fold; null if there was none so far.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Trades those candles of a batch that are the fold's, unless an exception has ended it.</summary>
    /// <param name="batch">Observations of candles that follow each other.</param>
    /// <param name="tests">Takes the steps of the test, each at the place of its candle in the batch.</param>
    public void Trade(IReadOnlyList<Observation> batch, Span<TestStep> tests)
    {
        try
        {
            agent ??= plan.CreateAgent();
            for (var place = (int)Math.Max(0, first - batch[0].Index); place < batch.Count; place++)
            {
                if (batch[place].Index >= end)
                    return;
                Take(batch[place], ref tests[place]);
            }
        }
        catch (Exception thrown)
        {
            Error = thrown;
        }
    }

    private void Take(Observation observation, ref TestStep test)
    {
        var (candle, index) = (observation.Candle, observation.Index);
        // A trader of its own for each slice: no position, order or pending outcome passes from one to the next.
        if (index == first || index == seam)
            (trader, sliceOpenTime) = (new Trader(header, agent!, plan.CostModel), candle.OpenTime);
        _ = trader!.Take(candle, index, observation.UnitFraction, observation.Features!.Value.AsSpan());
        if (index == seam - 1)
            train = Slice(trader);
        if (index < seam)
            return;
        var statistics = trader.Made.Statistics;
        test = new TestStep(
            number,
            candle.OpenTime,
            candle.Close,
            statistics.Equity / statistics.InitialEquity,
            statistics.BuyAndHoldUnits / statistics.InitialEquity,
            IsLast: index == end - 1
        );
        if (test.IsLast)
            Result = new WalkForwardFold(number, train!, Slice(trader));
    }

    private WalkForwardSlice Slice(Trader ended)
    {
        var (statistics, portfolio) = (ended.Made.Statistics, ended.Made.Portfolio);
        return new WalkForwardSlice(
            sliceOpenTime,
            statistics.LastOpenTime,
            statistics.Equity / statistics.InitialEquity - 1.0,
            statistics.BuyAndHoldEquity!.Value / statistics.InitialEquity - 1.0,
            statistics.MaxDrawdown,
            statistics.RoundTrips,
            statistics.Wins,
            portfolio.FeesPaid + portfolio.SlippagePaid,
            ended.PendingOutcomes
        );
    }
}
