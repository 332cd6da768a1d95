namespace BtcBandit.Indicators.Tests

open FsCheck
open FsCheck.FSharp
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

[<AutoOpen>]
module Functions =
    /// An indicator of a function, the function last: it is the longest argument.
    let ofFunction warmUp initial next = Indicator.tryScan warmUp next initial


/// Candles in whole cents, so that sums are exact, with flat runs, gaps, jumps and minutes without a trade.
module Generators =

    let private candle openTime (o: int) (h: int) (l: int) (c: int) (volume: int) =
        let price cents = float cents / 128.0

        match Candle.tryCreate (openTime, price o, price h, price l, price c, float volume / 16.0) with
        | Ok candle -> candle
        | Error error -> failwith error.Message

    let private move =
        Gen.frequency [
            3, Gen.constant 0
            6, Gen.choose (-200, 200)
            1, Gen.choose (-20_000, 20_000)
        ]

    let private next (openTime, before: int) =
        gen {
            let! gap, change, up, down, volume =
                Gen.map5
                    (fun a b c d e -> a, b, c, d, e)
                    (Gen.frequency [ 9, Gen.constant 0; 1, move ])
                    move
                    (Gen.choose (0, 300))
                    (Gen.choose (0, 300))
                    (Gen.frequency [ 1, Gen.constant 0; 4, Gen.choose (1, 10_000) ])

            let! flat = Gen.frequency [ 4, Gen.constant false; 1, Gen.constant true ]
            let inside cents = max 1_000 (min 10_000_000 cents)
            let o = inside (before + gap)
            let c = if flat then o else inside (o + change)
            let h = if flat then o else max o c + up
            let l = if flat then o else max 100 (min o c - down)
            return candle openTime o h l c volume, (openTime + 60_000L, c)
        }

    let candlesOf count =
        gen {
            let mutable state = 1_700_000_040_000L, 6_000_000
            let! start = Gen.choose (2_000, 9_000_000)
            state <- fst state, start
            let candles = ResizeArray()

            for _ in 1..count do
                let! made, after = next state
                candles.Add made
                state <- after

            return candles.ToArray()
        }

    let candles = Gen.sized (fun size -> Gen.choose (0, 20 + 4 * size) >>= candlesOf)

    /// Shorter series, then flat, round, regular and equal candles, as the laws shrink theirs.
    let shrunk (candles: Candle[]) : Candle[] seq =
        Cases.shrink { Candles = candles; Cut = 0; Other = [||]; Exponent = 0; Seed = 0UL }
        |> Seq.map _.Candles

    /// The same market in another unit of price.
    let scaled (factor: float) (candle: Candle) =
        match
            Candle.tryCreate (
                candle.OpenTime,
                candle.Open * factor,
                candle.High * factor,
                candle.Low * factor,
                candle.Close * factor,
                candle.Volume
            )
        with
        | Ok candle -> candle
        | Error error -> failwith error.Message

type CandleSeries =
    | CandleSeries of Candle[]

    override series.ToString() =
        let (CandleSeries candles) = series
        candles |> Array.map string |> String.concat "\n"

type Period = Period of int

type Arbitraries =
    static member Series() =
        Arb.fromGenShrink (Generators.candles, Generators.shrunk)
        |> Arb.convert CandleSeries (fun (CandleSeries candles) -> candles)

    static member Periods() = [ 1..40 ] |> List.map Period |> Shrinking.oneOf
