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
