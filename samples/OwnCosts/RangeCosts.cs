using BtcBandit.Engine.Exchange;
using BtcBandit.Indicators;

namespace OwnCosts;

/// <summary>A pure function of candle and portfolio. Its id is saved with the run: other costs start a new run.</summary>
internal sealed record RangeCosts(double ShareOfRange) : ICostModel
{
    public string Id => $"range {ShareOfRange}";

    public Costs At(in Candle candle, Portfolio portfolio)
    {
        var slippageBps = 10_000 * ShareOfRange * (candle.High - candle.Low) / candle.Close;
        return new Costs(buy: SideCosts.Of(10, slippageBps), sell: SideCosts.Of(7.5, slippageBps));
    }
}
