namespace BtcBandit.Engine.Tests.Watching

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

module DayRangeTests =

    let private candleAt (time: int64) (one: int) (other: int) (third: int) =
        let prices = [ float one; float other; float third ]

        match Candle.TryCreate(time, prices[0], List.max prices, List.min prices, prices[2], 1.0) with
        | true, candle, _ -> candle
        | _, _, error -> failwith $"{error}"

    let private dayOf (candle: Candle) = (DateTimeOffset.FromUnixTimeMilliseconds candle.OpenTime).UtcDateTime.Date

    let private rangeOf candles = (DayRange(), candles) ||> List.fold (fun range candle -> range.With &candle)

    /// As anybody would look it up.
    let private naive (candles: Candle list) =
        let today = candles |> List.filter (fun candle -> dayOf candle = dayOf (List.last candles))
        let high = today |> List.map _.High |> List.max
        let low = today |> List.map _.Low |> List.min
        DayRange(today.Head.OpenTime, today.Head.Open, high, low)

    let private markets =
        gen {
            let! length = Gen.elements [ 1_000L; 60_000L; 3_600_000L; 86_400_000L ]
            let! first = Gen.choose (0, 20_000)
            // Most candles follow one another, some come after a gap.
            let! gaps = Gen.listOf (Gen.frequency [ 9, Gen.constant 1; 1, Gen.choose (2, 3_000) ])
            let gaps = first :: gaps
            let! prices = Gen.listOfLength gaps.Length (Gen.three (Gen.choose (1, 90)))
            return length, List.zip gaps prices
        }

    /// The length of the candles; of each, how many lengths it comes after the one before, and three prices.
    let private scenes =
        let lengths = [ 60_000L; 3_600_000L; 86_400_000L; 1_000L ]

        let simplerPrices (one, other, third) =
            let simpler = Shrinking.towards 1

            Shrinking.both simpler (Shrinking.both simpler simpler) (one, (other, third))
            |> Seq.map (fun (one, (other, third)) -> one, other, third)

        let simpler = Shrinking.both (Shrinking.towards 1) simplerPrices
        Arb.fromGenShrink (markets, Shrinking.both (Shrinking.before lengths) (Shrinking.listOver 1 simpler))

    let private marketOf (length: int64, steps) =
        let places = List.scan (+) 0 (List.map fst steps) |> List.tail

        [
            for place, (_, (one, other, third)) in List.zip places steps ->
                candleAt (int64 place * length) one other third
        ]

    [<Tests>]
    let tests =
        testList "DayRangeTests" [
            // Many: what matters is a gap over midnight, which is rare.
            propertyOf 500 "the day is that of the last candle, from its first candle on"
            <| fun () ->
                Prop.forAll scenes (fun scene ->
                    let candles = marketOf scene
                    equal (naive candles) (rangeOf candles))

            testCase "a day is whole if its first candle is that of midnight"
            <| fun () ->
                let midnight = Candles.newYear
                holds ((rangeOf [ candleAt midnight 5 6 7 ]).IsWhole)
                holds ((rangeOf [ candleAt (midnight - 60_000L) 5 6 7; candleAt midnight 5 6 7 ]).IsWhole)
                fails ((rangeOf [ candleAt (midnight + 60_000L) 5 6 7 ]).IsWhole)
                // A gap over midnight.
                let gap = rangeOf [ candleAt (midnight - 60_000L) 5 6 7; candleAt (midnight + 60_000L) 5 6 7 ]
                fails gap.IsWhole
        ]
