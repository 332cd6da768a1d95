namespace BtcBandit.Engine.Tests.Backtesting

open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// The hash of candles.
module CandleHashTests =

    let private candles = List.ofSeq (Trading.market SyntheticWorld.Drifts 1L 50)

    let private hashOf (candles: Candle seq) =
        let hash = CandleHash()

        for candle in candles do
            hash.Append &candle

        string hash

    let private changed (candle: Candle) part =
        let time, o, h, l, c, v =
            candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume

        match part with
        | 0 -> Candle.Of(time + 1L, o, h, l, c, v)
        | 1 -> Candle.Of(time, (o + l) / 2.0 + 1e-9, h, l, c, v)
        | 2 -> Candle.Of(time, o, h + 1.0, l, c, v)
        | 3 -> Candle.Of(time, o, h, l - 1.0, c, v)
        | 4 -> Candle.Of(time, o, h, l, (c + l) / 2.0 + 1e-9, v)
        | _ -> Candle.Of(time, o, h, l, c, v + 1.0)

    [<Tests>]
    let tests =
        testList "CandleHashTests" [
            testCase "any change of any candle changes the hash"
            <| fun () ->
                let whole = hashOf candles
                matches "^[0-9a-f]{16}$" whole
                equal whole (hashOf candles)

                for place in 0..49 do
                    for part in 0..5 do
                        let other = candles |> List.mapi (fun i one -> if i = place then changed one part else one)
                        Expect.notEqual (hashOf other) whole $"{place} {part}"

            testCase "order and number of candles change the hash"
            <| fun () ->
                differs (hashOf candles) (hashOf (List.rev candles))
                differs (hashOf candles) (hashOf candles.Tail)
        ]
