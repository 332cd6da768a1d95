using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>What a causality check knows of the run over all candles, besides the hash of each row.</summary>
/// <param name="plan">Description of the run.</param>
internal sealed class WholeRun(RunPlan plan)
{
    private int? firstContext;
    private int? firstStep;
    private int? firstReward;

    /// <summary>Identity of the run.</summary>
    public RunHeader Header => plan.Header;

    /// <summary>Number of candles so far.</summary>
    public int Count { get; private set; }

    /// <summary>Number of steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Largest number of values of a candle.</summary>
    public int Values { get; private set; }

    /// <summary>Exception that ended the run; null if it came to the last candle.</summary>
    public Exception? Error { get; set; }

    /// <summary>Hash of its candles.</summary>
    public string DataHash { get; set; } = "";

    /// <summary>Indices of the candles at which something begins.</summary>
    public IEnumerable<int> Firsts =>
        plan
            .FeatureSet.Entries.Select(entry => (int?)entry.WarmUp)
            .Append(firstContext)
            .Append(firstStep)
            .Append(firstReward)
            .OfType<int>();

    /// <summary>Takes the row of the next candle.</summary>
    public void Take(CausalityRow row)
    {
        if (row.HasContext)
            firstContext ??= Count;
        if (row.HasReward)
            firstReward ??= Count;
        if (row.HasStep)
        {
            firstStep ??= Count;
            Steps++;
        }
        Values = Math.Max(Values, row.Count);
        Count++;
    }
}
