/// Candles, and files that hold them.
module BtcBandit.Sweep.Tests.Markets.Candles

open System
open System.IO
open System.IO.Compression
open System.Globalization
open BtcBandit.Indicators

let newYear = 1_704_067_200_000L
let minute = 60_000L
let hour = 60L * minute
let day = 24L * hour

/// A price that wanders, the same for the same seed.
let wander (seed: int) (times: int64 seq) =
    let random = Random seed
    let mutable price = 50_000.0

    [|
        for time in times do
            let before = price
            price <- Math.Round(price * (1.0 + 0.004 * (random.NextDouble() - 0.49)), 2)
            Candle.Of(time, before, max before price + 1.0, min before price - 1.0, price, 3.0)
    |]

let hourly seed days = wander seed (Seq.init (days * 24) (fun place -> newYear + int64 place * hour))

let private text (candles: Candle seq) =
    let show (value: float) = value.ToString("R", CultureInfo.InvariantCulture)

    let rows = [
        for c in candles -> $"{c.OpenTime},{show c.Open},{show c.High},{show c.Low},{show c.Close},{show c.Volume}"
    ]

    String.Join('\n', "open_time,open,high,low,close,volume" :: rows) + "\n"

let write (path: string) candles = File.WriteAllText(path, text candles)

let writePacked (path: string) candles =
    use file = File.Create path
    use packed = new GZipStream(file, CompressionLevel.Fastest)
    use writer = new StreamWriter(packed)
    writer.Write(text candles)
