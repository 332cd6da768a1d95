namespace BtcBandit.Indicators.Laws

open System
open FsCheck
open FsCheck.FSharp
open BtcBandit.Indicators

/// What a law is tried on.
[<NoComparison; NoEquality>]
type internal Case =
    {
        /// A past and a future.
        Candles: Candle[]
        /// How many of the candles are the past, 0 to all.
        Cut: int
        /// Another market, to follow the same past or to go before the same future.
        Other: Candle[]
        /// The power of two that prices are scaled by, -20..20.
        Exponent: int
        /// Decides what a law still has to draw.
        Seed: uint64
    }

    /// The candles before the cut.
    member case.Past = case.Candles[.. case.Cut - 1]

    /// The candles from the cut on.
    member case.Future = case.Candles[case.Cut ..]

/// Cases for FsCheck: a generator and a shrinker.
[<RequireQualifiedAccess>]
module internal Cases =

    let private someSeed =
        Gen.map2
            (fun (a: int) (b: int) -> (uint64 a <<< 32) ||| uint64 b)
            (Gen.choose (0, Int32.MaxValue))
            (Gen.choose (0, Int32.MaxValue))

    /// Cases whose series are long enough for an indicator of this warm-up to speak, and often too short.
    let generator warmUp =
        Gen.sized (fun size ->
            gen {
                let! seed = someSeed
                let! length = Gen.choose (0, 2 * warmUp + 20 + 2 * size)
                let! cut = Gen.choose (0, length)
                let! others = Gen.choose (0, 40)
                let! exponent = Gen.choose (-20, 20)

                return
                    {
                        Candles = Market.series length seed
                        Cut = cut
                        Other = Market.series others (seed + 1UL)
                        Exponent = exponent
                        Seed = seed
                    }
            })

    let private rebuilt openTime (c: Candle) = Market.candle openTime c.Open c.High c.Low c.Close c.Volume

    /// At regular times, a minute apart.
    let private regular (candles: Candle[]) = candles |> Array.mapi (fun i candle -> rebuilt (int64 i * 60_000L) candle)

    let private busy (c: Candle) =
        if c.Volume = 1.0 then
            None
        else
            Some(Market.candle c.OpenTime c.Open c.High c.Low c.Close 1.0)

    let private flat (c: Candle) =
        if c.High = c.Low then
            None
        else
            Some(Market.candle c.OpenTime c.Close c.Close c.Close c.Close c.Volume)

    let private whole (c: Candle) =
        let round (price: float) = Math.Max(1.0, Math.Round price)
        let prices = [ c.Open; c.High; c.Low; c.Close ]

        if prices |> List.forall (fun price -> round price = price) then
            None
        else
            Some(Market.candle c.OpenTime (round c.Open) (round c.High) (round c.Low) (round c.Close) c.Volume)

    /// The smallest price that is still one.
    let private one (c: Candle) =
        if c.High = 1.0 && c.Low = 1.0 then
            None
        else
            Some(Market.candle c.OpenTime 1.0 1.0 1.0 1.0 c.Volume)

    let private without first count (candles: 'a[]) = Array.append candles[.. first - 1] candles[first + count ..]

    /// Shorter series: without a half, a quarter, ... one candle, the last ones first.
    let private shorter (candles: 'a[]) =
        Seq.unfold (fun count -> if count = 0 then None else Some(count, count / 2)) ((candles.Length + 1) / 2)
        |> Seq.collect (fun count ->
            seq { for first in candles.Length - count .. -count .. 0 -> struct (first, count) })

    let private simpler (candles: Candle[]) =
        seq {
            if
                candles
                |> Array.indexed
                |> Array.exists (fun (i, candle) -> candle.OpenTime <> int64 i * 60_000L)
            then
                regular candles

            for simplify in [ one; flat; busy; whole ] do
                if candles |> Array.exists (fun candle -> (simplify candle).IsSome) then
                    candles |> Array.map (fun candle -> defaultArg (simplify candle) candle)

            for simplify in [ one; flat; busy; whole ] do
                for i in candles.Length - 1 .. -1 .. 0 do
                    match simplify candles[i] with
                    | Some candle -> Array.updateAt i candle candles
                    | None -> ()
        }

    /// Simpler cases: shorter series first, then flat, round, regular and equal candles.
    let shrink (case: Case) =
        seq {
            for struct (first, count) in shorter case.Candles do
                let gone = max 0 (min case.Cut (first + count) - first)
                { case with Candles = without first count case.Candles; Cut = case.Cut - gone }

            for struct (first, count) in shorter case.Other do
                { case with Other = without first count case.Other }

            if abs case.Exponent > 1 then
                { case with Exponent = sign case.Exponent }

            for candles in simpler case.Candles do
                { case with Candles = candles }

            for other in simpler case.Other do
                { case with Other = other }
        }

    /// Generator and shrinker together.
    let arbitrary warmUp = Arb.fromGenShrink (generator warmUp, shrink)
