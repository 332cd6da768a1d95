// Indicators and laws from their packages.
// dotnet pack src/Indicators.fs -o artifacts; dotnet pack src/Indicators.Laws -o artifacts
// dotnet run --project samples/packages/FromPackages -p:RestoreAdditionalProjectSources=$PWD/artifacts

using BtcBandit.Indicators;
using BtcBandit.Indicators.Laws;

var candles = Enumerable.Range(0, 30).Select(i => Candle.Of(i * 60_000L, 100 + i, 102 + i, 99 + i, 101 + i, 5));

var fold = Averages.Ema(14).OfCloses().Start();
foreach (var candle in candles)
{
    if (fold.TryNext(candle, out var average))
        Console.WriteLine($"{candle.Close} {average:F2}");
}

Laws.Check(Subject.OfCloses("ema of 14 closes", Averages.Ema(14)).InPrices());
Console.WriteLine("every law is kept");
