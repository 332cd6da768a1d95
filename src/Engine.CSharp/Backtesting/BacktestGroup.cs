using System.Text.Json;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Runs of a backtest that share one computation of indicators.</summary>
/// <param name="featureSet">Indicators and features to compute.</param>
internal sealed class BacktestGroup(FeatureSet featureSet)
{
    private readonly List<Observation> batch = [];
    private ObservationRun? observations;
    private JsonElement? saved;

    /// <summary>Adds a run.</summary>
    public BacktestLane Add(BacktestRun run) => new(run, this);

    /// <summary>Observations of the newest batch of candles, in order; after an error, those before it.</summary>
    public IReadOnlyList<Observation> Batch => batch;

    /// <summary>Exception of an indicator, which ends the runs of this group after <see cref="Batch"/>; null if there was
    /// none.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Computes the observations of the next batch of candles, until an indicator throws.</summary>
    public void Observe(IList<Candle> candles)
    {
        batch.Clear();
        saved = null;
        if (Error is not null)
            return;
        try
        {
            observations ??= new ObservationRun(featureSet);
            foreach (var candle in candles)
                batch.Add(observations.Next(in candle));
        }
        catch (Exception thrown)
        {
            Error = thrown;
        }
    }

    /// <summary>Returns the state after the step of the newest candle.</summary>
    public RunState Capture(Trader trader) => trader.Capture(saved ??= observations!.Save());
}

/// <summary>Executes one run of a backtest. Not thread-safe.</summary>
internal sealed class BacktestLane
{
    private readonly BacktestRun run;
    private readonly BacktestGroup group;
    private readonly Trader? trader;
    private Step? newest;
    private Exception? error;

    /// <summary>Creates the run's agent. A learned state that does not fit ends this run only.</summary>
    /// <param name="run">The run.</param>
    /// <param name="group">Computes the run's observations.</param>
    public BacktestLane(BacktestRun run, BacktestGroup group)
    {
        (this.run, this.group) = (run, group);
        try
        {
            trader = new Trader(
                run.Plan.Header,
                run.Plan.CreateAgent(run.Learned, run.IsFrozen),
                run.Plan.CostModel,
                isFrozen: run.IsFrozen
            );
        }
        catch (Exception thrown)
        {
            error = thrown;
        }
    }

    /// <summary>Exception that ended the run; null if there was none so far.</summary>
    public Exception? Error => error;

    /// <summary>Number of observations of the newest batch that were traded: all of them unless an exception ended the run.</summary>
    public int Traded { get; private set; }

    /// <summary>Trades the newest batch of observations, unless an exception has ended the run.</summary>
    public void Trade()
    {
        Traded = 0;
        if (error is not null)
            return;
        try
        {
            foreach (var observation in group.Batch)
            {
                if (trader!.Next(observation) is { } step)
                {
                    newest = step;
                    run.OnStep?.Invoke(step);
                }
                Traded++;
            }
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        error ??= group.Error;
    }

    /// <summary>Returns the result; after an error it has no state.</summary>
    public BacktestResult Result()
    {
        if (error is not null || newest is null)
            return new BacktestResult(run.Plan, null, error);
        try
        {
            return new BacktestResult(run.Plan, group.Capture(trader!), null);
        }
        catch (Exception thrown)
        {
            return new BacktestResult(run.Plan, null, thrown);
        }
    }
}
