using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>What a run came to, as far as the verdict is concerned.</summary>
/// <param name="Verdict">The verdict on it.</param>
/// <param name="Returns">Returns of its blocks.</param>
/// <param name="Statistics">Its statistics.</param>
/// <param name="FirstTrade">Number of the step of its first fill; null without one.</param>
/// <param name="OracleBps">What an oracle earns per trade before costs; null without an edge.</param>
internal sealed record VerdictRun(
    SkillVerdict Verdict,
    BlockReturns Returns,
    RunStatistics Statistics,
    long? FirstTrade,
    double? OracleBps
)
{
    /// <summary>Equity at the end / equity at the start.</summary>
    public double Growth => Statistics.Equity / Statistics.InitialEquity;

    /// <summary>Runs.</summary>
    /// <param name="market">The market.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="parameters">What is run.</param>
    /// <param name="added">An agent that takes the place of the one in the parameters; null for none.</param>
    public static VerdictRun Of(SyntheticOptions market, int steps, RunParameters parameters, AgentRecipe? added = null)
    {
        var plan = RunPlan.Of(market.Source(new TradingPair("BTC", "USDT")), parameters);
        var run = new TradingRun(
            added is null ? plan : plan.With(options => options with { Agent = added.Name }, added)
        );
        var oracle = new OracleTrades();
        long? first = null;
        foreach (var one in SyntheticFeed.Truth(market))
        {
            oracle.Next(one.NextEdgeBps);
            if (!run.Take(one.Candle))
                continue;
            if (run.Made.Fill is not null)
                first ??= run.Made.Number;
            if (run.Made.Number == steps)
                break;
        }
        var state = run.Capture();
        return new VerdictRun(
            state.Judge(),
            BlockReturns.Of(state.Growth, state.Statistics.InitialEquity)!,
            state.Statistics,
            first,
            oracle.GrossBpsPerTrade
        );
    }
}
