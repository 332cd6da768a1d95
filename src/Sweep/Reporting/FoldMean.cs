using System.Runtime.InteropServices;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Reporting;

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
