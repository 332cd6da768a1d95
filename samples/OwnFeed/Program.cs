// A feed of your own is an IObservable<Candle>: make candles at the door, guard their order, and go on from there.
// dotnet run --project samples/OwnFeed

using System.Reactive.Linq;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Feeds;
using BtcBandit.Indicators;

// In a program of yours this is a socket, a queue or a database. The third row is wrong, so a minute is missing.
string[] rows =
[
    "0,100.0,101.0,99.0,100.5,3",
    "1,100.5,102.0,100.0,101.5,2",
    "2,101.5,101.0,102.0,101.5,1",
    "3,101.5,103.0,101.0,102.5,4",
    "4,102.5,103.5,102.0,103.0,2",
];

var report = new FeedReport();
IObservable<Candle> candles = rows.ToObservable()
    .Select(row => Array.ConvertAll(row.Split(','), double.Parse))
    .SelectMany(AtTheDoor)
    .Guard(Timeframe.OneMinute, report, holdBack: false);

static IEnumerable<Candle> AtTheDoor(double[] row)
{
    var time = (long)row[0] * 60_000;
    if (Candle.TryCreate(time, row[1], row[2], row[3], row[4], row[5], out var candle, out var error))
    {
        Console.WriteLine(candle);
        yield return candle;
    }
    else
    {
        Console.WriteLine($"refused: {error.Message}");
    }
}

candles.Fold(Volatility.TrueRange).Subscribe(range => Console.WriteLine($"true range {range:F2}"));

foreach (var line in report.Lines())
    Console.WriteLine(line);
