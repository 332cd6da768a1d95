// An agent and a feature of your own in the program's loop, next to one that does nothing.
// dotnet run --project samples/OwnAgent

using System.Reactive.Linq;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Pipeline;
using BtcBandit.Indicators;
using OwnAgent;

var market = new SyntheticOptions { World = SyntheticWorld.Drifts, Seed = 1 };
var context = Context.Of("supertrend:10:3");
var parameters = new RunParameters { Agent = "trend-table", History = 1_440 };
var header = RunHeader.For(market.Source(new TradingPair("BTC", "USDT")), context, parameters);

// A feature of your own: whether the candle closed above its middle. Names travel with the vector.
header = header with
{
    Features = [.. header.Features, "closed_high"],
};
IObservable<Observation> observations = Synthetic
    .Candles(market)
    .ToObservable()
    .Observe(context)
    .Select(seen => seen with { Features = seen.Features is { } known ? [.. known, ClosedHigh(seen.Candle)] : null });

foreach (var createAgent in new Func<AgentState?, IAgent>[] { _ => new HoldAgent(header), _ => new TrendTable(header) })
{
    var last = observations.Trade(header, createAgent).Take(20_000).Wait();
    var growth = last.Statistics.Equity / last.Statistics.InitialEquity;
    Console.WriteLine(
        $"{last.Statistics.Trades, 4} fills, equity x {growth:F2}, regret {last.Rivals.RegretOf(growth):F1}"
    );
}

static double ClosedHigh(Candle candle) => 2 * candle.Close > candle.High + candle.Low ? 1 : -1;
