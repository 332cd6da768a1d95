/// Indicators that are wrong on purpose, each with the law that is about its fault.
module BtcBandit.Indicators.Laws.Expecto.Tests.Broken

open System
open System.Collections.Generic
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// A state whose sum no serialiser sees.
[<Struct>]
type Forgetful =
    val private hidden: float
    new(hidden) = { hidden = hidden }
    member state.Plus value = Forgetful(state.hidden + value)
    member state.Total() = state.hidden

/// A value of so many last closes, newest first, silent until there are as many.
let ofLast warmUp count (value: float[] -> float) =
    Indicator.tryScan
        warmUp
        (fun before (candle: Candle) ->
            let closes = Array.truncate count (Array.append [| candle.Close |] before)
            struct (closes, (if closes.Length = count then ValueSome(value closes) else ValueNone)))
        [||]

/// The mean of three closes, by a sum that loses what was rounded.
let private running =
    Indicator.tryScan
        2
        (fun (struct (closes: float[], sum)) (candle: Candle) ->
            let sum = if closes.Length = 3 then sum + candle.Close - closes[0] else sum + candle.Close
            let closes = Array.append (if closes.Length = 3 then closes[1..] else closes) [| candle.Close |]
            struct (struct (closes, sum), (if closes.Length = 3 then ValueSome(sum / 3.0) else ValueNone)))
        (struct ([||], 0.0))

/// Knows the next candle from the run before; the first run of a series wins, so that the same candles twice are the same.
let private peeking () =
    let known = Dictionary<string, float>()

    Indicator.scan
        (fun before (candle: Candle) ->
            let now = $"{before} {candle.Close}"
            known.TryAdd(before, candle.Close) |> ignore

            match known.TryGetValue now with
            | true, next -> struct (now, next)
            | _ -> struct (now, candle.Close))
        ""

/// Keeps the close before outside its state.
let private hidden () =
    let mutable before = 0.0

    Indicator.scan
        (fun seen (candle: Candle) ->
            let change = if seen = 0 then 0.0 else candle.Close - before
            before <- candle.Close
            struct (1, change))
        0

/// An error at the first candle that this is said of.
let private throws isBad =
    Indicator.scan
        (fun seen (candle: Candle) ->
            if isBad seen candle then
                invalidOp "no more"

            struct (seen + 1, candle.Close))
        0

let private thirdOfMean candles = [|
    for i in 0 .. Array.length candles - 1 ->
        if i < 2 then
            Nullable()
        else
            Nullable(Array.averageBy (fun (candle: Candle) -> candle.Close) candles[i - 2 .. i])
|]

/// What is wrong, the law that is to tell, and the subject; each call gives new ones, since some hide a memory.
let all () : (string * string * Subject) list = [
    "a window that is one short",
    "oracle",
    Subject.Of("mean", ofLast 2 3 (Array.take 2 >> Array.average)).InPrices().WithOracle(thirdOfMean)
    "a look at the next candle", "causality", Subject.Of("peek", peeking ())
    "a warm-up that is stated too short", "warm-up", Subject.Of("late", ofLast 1 3 Array.average)
    "a warm-up that is stated too long", "warm-up", Subject.Of("early", ofLast 3 3 Array.average)
    "a division by zero",
    "totality",
    Subject.Of("strength", ofLast 1 2 (fun closes -> (closes[0] - closes[1]) / abs (closes[0] - closes[1])))
    "an exception where nobody trades", "totality", Subject.Of("strict", throws (fun _ candle -> candle.Volume = 0.0))
    "an exception that only a long run meets",
    "totality",
    Subject.Of("tired", throws (fun seen _ -> seen = 5_000)).WithWindow(1)
    "an epsilon with a unit",
    "scale",
    Subject.Of("return", ofLast 1 2 (fun closes -> (closes[0] - closes[1]) / (closes[1] + 1e-9))).InRatios()
    "an average that overshoots",
    "bounds",
    Subject
        .Of("ahead", ofLast 1 2 (fun closes -> 2.0 * closes[0] - closes[1]))
        .WithBounds(fun _ candles outputs -> outputs[0] <= candles[candles.Count - 2].High)
    "a memory outside the state", "purity", Subject.Of("change", hidden ())
    "a state that JSON does not see",
    "snapshot",
    Subject.Of(
        "total",
        Indicator.scan
            (fun (state: Forgetful) (candle: Candle) ->
                let next = state.Plus candle.Close
                struct (next, next.Total()))
            (Forgetful 0.0)
    )
    "a memory that never ends",
    "forgetting",
    Subject
        .Of(
            "highest",
            Indicator.scan (fun high (candle: Candle) -> let high = max high candle.High in struct (high, high)) 0.0
        )
        .InPrices()
        .WithForgetting(5, 1e-9)
    "a sum that drifts", "drift", Subject.Of("mean", running).InPrices().WithWindow(3)
]
