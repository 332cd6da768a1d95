namespace BtcBandit.Indicators.Tests

open System
open System.Globalization
open System.IO
open System.IO.Compression
open BtcBandit.Indicators.Laws

/// A week of real minutes.
module Week =

    let private read =
        lazy
            (let path = Path.Combine(AppContext.BaseDirectory, "BTCUSDT-1m-2024-03-04_10.csv.gz")
             use reader = new StreamReader(new GZipStream(File.OpenRead path, CompressionMode.Decompress))

             reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
             |> Array.skip 1
             |> Array.map (fun line ->
                 let fields = line.Split ','
                 let number i = Double.Parse(fields[i], CultureInfo.InvariantCulture)
                 Market.candle (Int64.Parse fields[0]) (number 1) (number 2) (number 3) (number 4) (number 5)))

    let candles () = read.Value
