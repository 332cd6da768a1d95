using System.Diagnostics.CodeAnalysis;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>The candles of a retraining, split in time: those that warm the indicators up, the train slice, the validation slice,
/// and the last 24 hours. Each slice begins where the one before ends.</summary>
public sealed class RetrainWindow
{
    private RetrainWindow(IReadOnlyList<Candle> candles, int warmUp, (int Train, int Validate) steps, int recent)
    {
        (Candles, WarmUp, Train, Validate, Recent) = (candles, warmUp, steps.Train, steps.Validate, recent);
        First = candles.Count - recent - steps.Validate - steps.Train - warmUp;
    }

    /// <summary>Number of candles before the train slice, which only warm the indicators up.</summary>
    public int WarmUp { get; }

    /// <summary>Number of candles of the train slice, at least 1.</summary>
    public int Train { get; }

    /// <summary>Number of candles of the validation slice, at least 1.</summary>
    public int Validate { get; }

    /// <summary>Number of candles of the last 24 hours, at least 1.</summary>
    public int Recent { get; }

    /// <summary>Open time of the first candle of the train slice, ms UTC.</summary>
    public long FirstOpenTime => Candles[First + WarmUp].OpenTime;

    /// <summary>Open time of the newest candle, ms UTC.</summary>
    public long LastOpenTime => Candles[^1].OpenTime;

    /// <summary>Hash of the window's candles: equal for the same candles in the same order, whatever files they came from. 16
    /// hexadecimal digits.</summary>
    public string DataHash
    {
        get
        {
            var hash = new CandleHash();
            for (var index = First; index < Candles.Count; index++)
                hash.Append(Candles[index]);
            return $"{hash}";
        }
    }

    /// <summary>All candles that were given; the window ends with the last one.</summary>
    internal IReadOnlyList<Candle> Candles { get; }

    /// <summary>Index of the window's first candle.</summary>
    internal int First { get; }

    /// <summary>Splits candles; the window ends with the newest one.</summary>
    /// <param name="candles">Closed candles in order of time. They are not copied, and must not change.</param>
    /// <param name="plan">The run whose indicators have to warm up.</param>
    /// <param name="split">How to split them.</param>
    /// <param name="window">The window.</param>
    /// <param name="needed">Number of candles that the slices need, with a whole last day if there are too few.</param>
    /// <returns>False if there are too few candles.</returns>
    public static bool TrySplit(
        IReadOnlyList<Candle> candles,
        RunPlan plan,
        RetrainSplit split,
        [NotNullWhen(true)] out RetrainWindow? window,
        out int needed
    )
    {
        ArgumentNullException.ThrowIfNull(candles);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(split);
        var warmUp = plan.FeatureSet.WarmUp;
        var recent = RecentOf(candles, plan);
        var least = warmUp + (split.StatedSteps ?? 2);
        var isEnough = candles.Count >= least + recent;
        needed = least + (isEnough ? recent : RetrainSplit.CandlesInDay(plan.Header.Source.Timeframe));
        window = isEnough
            ? new RetrainWindow(candles, warmUp, split.Of(candles.Count - warmUp - recent), recent)
            : null;
        return isEnough;
    }

    // By time, because candles may be missing.
    private static int RecentOf(IReadOnlyList<Candle> candles, RunPlan plan)
    {
        var timeframe = plan.Header.Source.Timeframe;
        if (candles.Count == 0)
            return 1;
        var since = candles[^1].OpenTime + timeframe.Milliseconds - (long)TimeSpan.FromDays(1).TotalMilliseconds;
        var count = 1;
        while (count < candles.Count && candles[candles.Count - count - 1].OpenTime >= since)
            count++;
        return count;
    }
}
