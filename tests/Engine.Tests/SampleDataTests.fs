namespace BtcBandit.Engine.Tests

open System
open System.Globalization
open System.IO
open System.IO.Compression
open System.Security.Cryptography
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Market

[<TestFixture>]
type SampleDataTests() =

    let lines =
        lazy
            (use file = File.OpenRead Repository.sampleWeek
             use text = new StreamReader(new GZipStream(file, CompressionMode.Decompress))
             text.ReadToEnd().TrimEnd('\n').Split '\n')

    let candle (line: string) =
        let number (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)

        match line.Split ',' with
        | [| time; first; high; low; last; volume |] ->
            match
                Candle.tryCreate (Int64.Parse time, number first, number high, number low, number last, number volume)
            with
            | Ok candle -> candle
            | Error error -> failwith $"{line}: {error.Message}"
        | cells -> failwith $"{line}: {cells.Length} columns"

    let utc year month day hour minute =
        DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()

    [<Test>]
    member _.``the sample week is every minute of seven days``() =
        let candles = lines.Value |> Array.skip 1 |> Array.map candle

        Assert.That(lines.Value[0], Is.EqualTo "open_time,open,high,low,close,volume")
        Assert.That(candles.Length, Is.EqualTo(7 * 24 * 60))
        Assert.That(candles[0].OpenTime, Is.EqualTo(utc 2024 3 4 0 0))
        Assert.That(candles[candles.Length - 1].OpenTime, Is.EqualTo(utc 2024 3 10 23 59))

        for before, after in Array.pairwise candles do
            Assert.That(after.OpenTime - before.OpenTime, Is.EqualTo Timeframe.OneMinute.Milliseconds)

    [<Test>]
    member _.``the sample week is the file that its page describes``() =
        let page = File.ReadAllText(Repository.path "data/README.md")

        let hash =
            File.ReadAllBytes Repository.sampleWeek
            |> SHA256.HashData
            |> Convert.ToHexStringLower

        Assert.That(hash, Is.EqualTo "760dc9ba367c826613ae4d9678acc2c1fe0c11293e24817c1591ada090bed4db")
        Assert.That(page, Does.Contain hash)
