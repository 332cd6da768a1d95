using System.Runtime.InteropServices;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Reporting;

/// <summary>A market of the report: one pair on one length of candles at one level of costs. Settings compete within it.</summary>
/// <param name="Market">Name of the pair, with that of its set of files; the world of a synthetic market.</param>
/// <param name="Symbol">Name of the pair or world alone.</param>
/// <param name="Timeframe">Length of a candle.</param>
/// <param name="FeeBps">Fee per side, basis points.</param>
/// <param name="SlippageBps">Slippage per side, basis points.</param>
public sealed record CellKey(string Market, string Symbol, string Timeframe, double FeeBps, double SlippageBps)
{
    /// <summary>Whether trading costs nothing there.</summary>
    public bool IsFree => FeeBps <= 0 && SlippageBps <= 0;

    /// <summary>Costs per side, basis points.</summary>
    public double CostBps => FeeBps + SlippageBps;
}

/// <summary>One window of a setting, as the mean over its seeds.</summary>
internal sealed class FoldMean
{
    private double[] own = [];
    private double trainRank;
    private double sum;
    private double trades;
    private double exposure;

    public int Seeds { get; private set; }

    public long From { get; private set; }

    public long Seam { get; private set; }

    public long To { get; private set; }

    public long Hold { get; private set; }

    public long StepsPerBlock { get; private set; }

    public double BuyAndHoldReturn { get; private set; }

    public double Lowest { get; private set; } = double.PositiveInfinity;

    public double Highest { get; private set; } = double.NegativeInfinity;

    public double TotalReturn => sum / Seeds;

    public double? TrainRank { get; private set; }

    public double Trades => trades / Seeds;

    public double Exposure => exposure / Seeds;

    public void Add(ResultFigures figures)
    {
        Seeds++;
        (From, Seam, To) = (figures.From, figures.Seam, figures.To);
        (Hold, BuyAndHoldReturn) = (figures.Hold, figures.BuyAndHoldReturn);
        StepsPerBlock = figures.StepsPerBlock;
        var returns = MemoryMarshal.Cast<byte, float>(figures.Own);
        if (own.Length < returns.Length)
            Array.Resize(ref own, returns.Length);
        for (var block = 0; block < returns.Length; block++)
            own[block] += returns[block];
        sum += figures.TotalReturn;
        trades += figures.Trades;
        exposure += figures.Exposure;
        (Lowest, Highest) = (Math.Min(Lowest, figures.TotalReturn), Math.Max(Highest, figures.TotalReturn));
        if (figures.TrainRank is { } rank)
            TrainRank = (trainRank += rank) / Seeds;
    }

    /// <summary>Mean return of each block.</summary>
    /// <param name="blocks">Number of blocks.</param>
    public float[] Own(int blocks)
    {
        var mean = new float[blocks];
        for (var block = 0; block < Math.Min(blocks, own.Length); block++)
            mean[block] = (float)(own[block] / Seeds);
        return mean;
    }
}

/// <summary>A setting in a market of the report.</summary>
/// <param name="setting">Key of the setting.</param>
/// <param name="values">Its values in the spec.</param>
internal sealed class Candidate(string setting, string values)
{
    public string Setting => setting;

    public string Values => values;

    /// <summary>Its windows by number.</summary>
    public SortedDictionary<int, FoldMean> Folds { get; } = [];

    /// <summary>Adds a run.</summary>
    /// <param name="number">Number of its window.</param>
    /// <param name="figures">Its result.</param>
    /// <returns>Number of seeds on that window.</returns>
    public int Add(int number, ResultFigures figures)
    {
        if (!Folds.TryGetValue(number, out var fold))
            Folds.Add(number, fold = new FoldMean());
        fold.Add(figures);
        return fold.Seeds;
    }
}
