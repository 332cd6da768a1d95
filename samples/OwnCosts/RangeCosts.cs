using System.Globalization;
using BtcBandit.Engine.Exchange;
using BtcBandit.Indicators;

namespace OwnCosts;

/// <summary>A pure function of candle and portfolio. Its id is saved with the run: other costs start a new run.</summary>
internal sealed record RangeCosts(double ShareOfRange) : ICostModel
{
    // Invariant: the id must not depend on the culture of the machine that continues the run.
    public string Id => string.Create(CultureInfo.InvariantCulture, $"range {ShareOfRange}");

    public Costs At(in Candle candle, Portfolio portfolio)
    {
        var slippageBps = 10_000 * ShareOfRange * (candle.High - candle.Low) / candle.Close;
        return new Costs(buy: SideCosts.Of(10, slippageBps), sell: SideCosts.Of(7.5, slippageBps));
    }
}
