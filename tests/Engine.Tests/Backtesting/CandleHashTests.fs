namespace BtcBandit.Engine.Tests.Backtesting

open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// The hash of candles.
[<TestFixture>]
type CandleHashTests() =

    let candles = List.ofSeq (Trading.market SyntheticWorld.Drifts 1L 50)

    let hashOf (candles: Candle seq) =
        let hash = CandleHash()

        for candle in candles do
            hash.Append &candle

        string hash

    let changed (candle: Candle) part =
        let time, o, h, l, c, v =
            candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume

        match part with
        | 0 -> Candle.Of(time + 1L, o, h, l, c, v)
        | 1 -> Candle.Of(time, (o + l) / 2.0 + 1e-9, h, l, c, v)
        | 2 -> Candle.Of(time, o, h + 1.0, l, c, v)
        | 3 -> Candle.Of(time, o, h, l - 1.0, c, v)
        | 4 -> Candle.Of(time, o, h, l, (c + l) / 2.0 + 1e-9, v)
        | _ -> Candle.Of(time, o, h, l, c, v + 1.0)

    [<Test>]
    member _.``any change of any candle changes the hash``() =
        let whole = hashOf candles
        Assert.That(whole, Does.Match "^[0-9a-f]{16}$")
        equal whole (hashOf candles)

        for place in 0..49 do
            for part in 0..5 do
                let other = candles |> List.mapi (fun i one -> if i = place then changed one part else one)
                Assert.That(hashOf other, Is.Not.EqualTo whole, $"{place} {part}")

    [<Test>]
    member _.``order and number of candles change the hash``() =
        Assert.That(hashOf (List.rev candles), Is.Not.EqualTo(hashOf candles))
        Assert.That(hashOf candles.Tail, Is.Not.EqualTo(hashOf candles))
