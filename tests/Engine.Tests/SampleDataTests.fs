namespace BtcBandit.Engine.Tests

open System
open System.Globalization
open System.IO
open System.IO.Compression
open System.Security.Cryptography
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Market

module SampleDataTests =

    let private lines =
        lazy
            (use file = File.OpenRead Repository.sampleWeek
             use text = new StreamReader(new GZipStream(file, CompressionMode.Decompress))
             text.ReadToEnd().TrimEnd('\n').Split '\n')

    let private candle (line: string) =
        let number (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)

        match line.Split ',' with
        | [| time; first; high; low; last; volume |] ->
            match
                Candle.tryCreate (Int64.Parse time, number first, number high, number low, number last, number volume)
            with
            | Ok candle -> candle
            | Error error -> failwith $"{line}: {error.Message}"
        | cells -> failwith $"{line}: {cells.Length} columns"

    let private utc year month day hour minute =
        DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()

    [<Tests>]
    let tests =
        testList "SampleDataTests" [
            testCase "the sample week is every minute of seven days"
            <| fun () ->
                let candles = lines.Value |> Array.skip 1 |> Array.map candle

                equal "open_time,open,high,low,close,volume" lines.Value[0]
                equal (7 * 24 * 60) candles.Length
                equal (utc 2024 3 4 0 0) (candles[0].OpenTime)
                equal (utc 2024 3 10 23 59) (candles[candles.Length - 1].OpenTime)

                for before, after in Array.pairwise candles do
                    equal Timeframe.OneMinute.Milliseconds (after.OpenTime - before.OpenTime)

            testCase "the sample week is the file that its page describes"
            <| fun () ->
                let page = File.ReadAllText(Repository.path "data/README.md")

                let hash =
                    File.ReadAllBytes Repository.sampleWeek
                    |> SHA256.HashData
                    |> Convert.ToHexStringLower

                equal "760dc9ba367c826613ae4d9678acc2c1fe0c11293e24817c1591ada090bed4db" hash
                contains hash page
        ]
