namespace BtcBandit.Engine.Feeds.Synthetic;

/// <summary>What an oracle earns before costs: it knows the expected return of each candle, and is in the market while that is above
/// 0.</summary>
internal sealed class OracleTrades
{
    private bool isIn;
    private double grossBps;

    /// <summary>Number of its trades, the one that is open among them.</summary>
    public long Trades { get; private set; }

    /// <summary>What a trade is expected to earn before costs, in basis points; null without one.</summary>
    public double? GrossBpsPerTrade => Trades == 0 ? null : grossBps / Trades;

    /// <summary>Takes the next candle.</summary>
    /// <param name="edgeBps">Expected return of the candle after it, as a logarithm, in basis points.</param>
    public void Next(double edgeBps)
    {
        var wasIn = isIn;
        isIn = edgeBps > 0;
        if (!isIn)
            return;
        grossBps += edgeBps;
        if (!wasIn)
            Trades++;
    }
}
