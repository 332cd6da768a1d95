/// An indicator of your own, made of parts, over a week of real candles.
/// dotnet run --project samples/PipelineFSharp
module PipelineFSharp

open System
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Linq
open BtcBandit.Engine.Market
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

let week =
    let file = Path.Combine(AppContext.BaseDirectory, "BTCUSDT-1m-2024-03-04_10.csv.gz")

    Archive.Candles(
        ArchiveOptions([| file |], TradingPair("BTC", "USDT"), Timeframe.OneMinute),
        FeedReport(),
        Scheduler.CurrentThread
    )

/// How far the close is below its highest so far. The state is that highest close; there is no warm-up.
let fall =
    Indicator.scan
        (fun highest (candle: Candle) ->
            let highest = max highest candle.Close
            struct (highest, highest - candle.Close))
        0.0

/// The fall of the close in average true ranges, smoothed over an hour.
let depth =
    indicator {
        let! fall = fall
        and! range = Volatility.atr 14
        return fall / range
    }
    |> Indicator.andThen (Averages.ema 60)

let daysEnd (candle: Candle) = (candle.OpenTime + 60_000L) % 86_400_000L = 0L

printfn $"warm-up: {depth.WarmUp} candles"

week
    .Publish(fun candles -> candles.Skip(depth.WarmUp).Zip(candles.Scan depth))
    .Where(fun (struct (candle, _)) -> daysEnd candle)
    .Subscribe(fun (struct (candle, depth)) -> printfn $"{candle}  {depth:F1} true ranges below the top")
|> ignore
