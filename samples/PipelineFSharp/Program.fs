/// An indicator of your own, made of parts, over a week of real candles.
/// dotnet run --project samples/PipelineFSharp
module PipelineFSharp

open System
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Linq
open BtcBandit.Engine.Domain
open BtcBandit.Engine.Feeds
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

let week =
    let file = Path.Combine(AppContext.BaseDirectory, "BTCUSDT-1m-2024-03-04_10.csv.gz")
    Archive.Candles(ArchiveOptions([| file |], "BTC/USDT", Timeframe.OneMinute), FeedReport(), Scheduler.CurrentThread)

/// How far a number has fallen from its highest so far. The state is that highest number; it is never silent.
let fall =
    Indicator.create
        0
        0.0
        (Step<float, float, float>(fun highest input output ->
            highest <- max highest input
            output <- highest - input
            true))

/// The fall of the close in average true ranges, smoothed: a candle's usual range is its unit.
let depth =
    Indicator.zip (fall |> Indicator.contramap (fun (candle: Candle) -> candle.Close)) (Volatility.atr 14)
    |> Indicator.map (fun (struct (fall, range)) -> fall / range)
    |> Indicator.andThen (Averages.ema 60)

let daysEnd (candle: Candle) = (candle.OpenTime + 60_000L) % 86_400_000L = 0L

printfn $"silent for {depth.WarmUp} candles"

week
    .Publish(fun candles -> candles.Skip(depth.WarmUp).Zip(candles.Fold depth))
    .Where(fun (struct (candle, _)) -> daysEnd candle)
    .Subscribe(fun (struct (candle, depth)) -> printfn $"{candle}  {depth:F1} true ranges below the top")
|> ignore
