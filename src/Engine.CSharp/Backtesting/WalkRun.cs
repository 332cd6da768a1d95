using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>All folds of an agent with one seed. Not thread-safe, but its folds may trade side by side.</summary>
/// <param name="plan">The run of every fold.</param>
/// <param name="split">Lengths of train slice and test.</param>
/// <param name="warmUp">Number of candles before the first fold.</param>
/// <param name="batchLength">Largest number of candles of a batch.</param>
/// <param name="watch">Takes the steps of the chained tests; null if nobody wants them.</param>
internal sealed class WalkRun(
    RunPlan plan,
    WalkForwardSplit split,
    int warmUp,
    int batchLength,
    Action<WalkForwardStep>? watch
)
{
    private readonly TestStep[] tests = new TestStep[batchLength];
    private readonly List<WalkFold> active = [];
    private readonly List<WalkForwardFold> folds = [];
    private readonly TestChain chain = new(watch);
    private int begun;

    /// <summary>Seed of the agent's draws.</summary>
    public long Seed => plan.Header.Parameters.Seed;

    /// <summary>The finished folds, in order of time.</summary>
    public IReadOnlyList<WalkForwardFold> Folds => folds;

    /// <summary>Exception that ended the run; null if there was none so far.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Begins the folds whose first candle has come, and returns what is to be done with a batch: each part on any thread.</summary>
    /// <param name="batch">Observations of the newest candles.</param>
    /// <param name="header">Identity of the run, with the exchange's rules.</param>
    public IEnumerable<Action> Parts(IReadOnlyList<Observation> batch, Func<RunHeader, RunHeader> header)
    {
        if (Error is not null || batch.Count == 0)
            return [];
        for (var first = FirstOf(begun); first <= batch[^1].Index; first = FirstOf(begun))
            active.Add(new WalkFold(header(plan.Header), plan, split, first, ++begun));
        return active.Select(fold => (Action)(() => fold.Trade(batch, tests)));
    }

    /// <summary>Chains what the folds did with a batch, once all of its parts are done.</summary>
    /// <param name="indicatorError">Exception that ended the computation of indicators; null if there was none.</param>
    public void Settle(Exception? indicatorError)
    {
        Error ??= active.Find(fold => fold.Error is not null)?.Error;
        try
        {
            for (var place = 0; place < tests.Length && Error is null; place++)
            {
                if (tests[place].Fold > 0)
                    chain.Next(tests[place]);
            }
        }
        catch (Exception thrown)
        {
            Error = thrown;
        }

        Error ??= indicatorError;
        Array.Clear(tests);
        folds.AddRange(active.Select(fold => fold.Result).OfType<WalkForwardFold>());
        active.RemoveAll(fold => fold.Result is not null || Error is not null);
    }

    /// <summary>Returns the run; it has at least one finished fold.</summary>
    public WalkForwardRun ToResult() =>
        new(Seed, folds, PooledTests.Of(folds, split, chain.Finished))
        {
            Returns = BlockReturns.Of(chain.Growth, initialEquity: 1.0),
        };

    // A test after the one before.
    private long FirstOf(int fold) => warmUp + (long)fold * split.Test;
}
