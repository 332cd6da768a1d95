// A feed of your own is a stream of events: a candle, a connection lost or restored, candles that will never come.
// The engine checks the candles, counts those it drops, and tracks the feed's health for a screen to show.
// dotnet run --project samples/OwnFeed

using System.Reactive.Linq;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

// In your program this is a socket or a queue, and the times come from your clock. Here the candle of minute 2 is lost
// with the connection, and that of minute 1 arrives again, too late.
var start = DateTimeOffset.UnixEpoch;
FeedEvent[] happened =
[
    Closed(0, 100.5),
    Closed(1, 101.5),
    new FeedEvent.Reconnecting(start.AddMinutes(2.5), Attempt: 1, "no answer for 6 s"),
    new FeedEvent.Recovered(start.AddMinutes(3.2), Outage: TimeSpan.FromSeconds(42)),
    Closed(3, 102.5),
    Closed(1, 101.5),
    Closed(4, 103.0),
];

var feed = CandleFeed.Live(happened.ToObservable(), Timeframe.OneMinute);
feed.Health.Subscribe(health => Console.WriteLine($"connected {health.IsConnected}, late {health.LateCandles}"));
feed.Candles.Scan(Volatility.TrueRange).Subscribe(range => Console.WriteLine($"true range {range:F2}"));
foreach (var line in feed.Report.Lines())
    Console.WriteLine(line);

// Every candle is checked when it is made; the error says what is wrong.
FeedEvent Closed(int minute, double close) =>
    Candle.TryCreate(minute * 60_000, close - 0.5, close + 1, close - 1, close, 2, out var candle, out var error)
        ? new FeedEvent.Arrived(start.AddMinutes(minute + 1), candle)
        : throw new FeedException(error.Message);
