using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Runs of a backtest that share one computation of indicators.</summary>
/// <param name="featureSet">Indicators and features to compute.</param>
internal sealed class BacktestGroup(FeatureSet featureSet)
{
    private readonly ObservationRun observations = new(featureSet);
    private readonly List<Observation> batch = [];

    /// <summary>Adds a run.</summary>
    public BacktestLane Add(BacktestRun run) => new(run, this);

    /// <summary>Observations of the newest batch of candles, in order.</summary>
    public IReadOnlyList<Observation> Batch => batch;

    /// <summary>Computes the observations of the next batch of candles.</summary>
    public void Observe(IList<Candle> candles)
    {
        batch.Clear();
        foreach (var candle in candles)
            batch.Add(observations.Next(in candle));
    }

    /// <summary>Returns the state after the step of the newest candle.</summary>
    public RunState Capture(Trader trader, Step step) => trader.Capture(step, observations.Save());
}

/// <summary>Executes one run of a backtest. Not thread-safe.</summary>
/// <param name="run">The run.</param>
/// <param name="group">Computes the run's observations.</param>
internal sealed class BacktestLane(BacktestRun run, BacktestGroup group)
{
    private readonly Trader trader = new(run.Plan.Header, run.Plan.CreateAgent(run.Learned), run.Plan.CostModel);
    private Step? newest;
    private Exception? error;

    /// <summary>Trades the newest batch of observations, unless an exception has ended the run.</summary>
    public void Trade()
    {
        if (error is not null)
            return;
        try
        {
            foreach (var observation in group.Batch)
            {
                if (trader.Next(observation) is not { } step)
                    continue;
                newest = step;
                run.OnStep?.Invoke(step);
            }
        }
        catch (Exception thrown)
        {
            error = thrown;
        }
    }

    /// <summary>Returns the result; after an error it has no state.</summary>
    public BacktestResult Result() =>
        new(run.Plan, error is null && newest is not null ? group.Capture(trader, newest) : null, error);
}
