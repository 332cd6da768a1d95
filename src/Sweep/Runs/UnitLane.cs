using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Sweep.Runs;

/// <summary>One run of a unit while it trades: an agent with a portfolio for the train part and a new one for the test. An exception
/// ends this run only. Not thread-safe.</summary>
internal sealed class UnitLane
{
    private readonly RunPlan plan;
    private readonly Window window;
    private IAgent? agent;
    private Trader? trader;
    private PartResult? train;
    private bool isTest;
    private bool hasStep;
    private Exception? error;

    /// <summary>Creates the run's agent.</summary>
    public UnitLane(RunPlan plan, Window window)
    {
        (this.plan, this.window) = (plan, window);
        try
        {
            agent = plan.CreateAgent();
        }
        catch (Exception thrown) when (IsOfTheRun(thrown))
        {
            error = thrown;
        }
    }

    /// <summary>Trades the next observations.</summary>
    public void Trade(ReadOnlySpan<Observation> batch)
    {
        if (error is not null)
            return;
        try
        {
            foreach (var observation in batch)
                Take(observation);
        }
        catch (Exception thrown) when (IsOfTheRun(thrown))
        {
            error = thrown;
        }
    }

    /// <summary>Returns the row with the result.</summary>
    /// <param name="row">The row without it.</param>
    /// <param name="failure">Exception of an indicator that ended all runs; null if there was none.</param>
    public RunRow ToRow(RunRow row, Exception? failure)
    {
        if ((error ?? failure) is { } thrown)
            return row with { Error = TextOf(thrown) };
        if (!isTest || !hasStep)
            return row with { Error = "no step was made: history and warm-up take all candles" };
        try
        {
            var state = trader!.Capture(default);
            return row with
            {
                Train = train,
                Test = PartResult.Of(state.Summarise()),
                Growth = GrowthSeries.Of(state.Growth!, state.Statistics.InitialEquity),
            };
        }
        catch (Exception thrownLate) when (IsOfTheRun(thrownLate))
        {
            return row with { Error = TextOf(thrownLate) };
        }
    }

    /// <summary>Whether an exception is a result of the run, the same on every machine.</summary>
    public static bool IsOfTheRun(Exception error) => error is not (OutOfMemoryException or OperationCanceledException);

    private void Take(Observation observation)
    {
        if (!isTest && observation.Candle.OpenTime >= window.Seam)
        {
            if (trader is not null)
                train = hasStep ? PartResult.Of(trader.Capture(default).Summarise()) : null;
            // A trader of its own for each part: no position, order or pending outcome passes the seam.
            (trader, isTest, hasStep) = (null, true, false);
        }
        trader ??= new Trader(plan.Header, agent!, plan.CostModel);
        var features = observation.Features is { } vector ? vector.AsSpan() : [];
        hasStep |= trader.Take(observation.Candle, observation.Index, observation.UnitFraction, features);
    }

    private static string TextOf(Exception error) => $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
}
