namespace BtcBandit.Indicators.Tests

open System
open System.Collections.Generic
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// A state that is not a value: whoever copies it shares it.
type Shared() =
    member val Sum = 0.0 with get, set

/// A state whose sum no serialiser sees.
[<Struct>]
type Forgetful =
    val private hidden: float
    new(hidden) = { hidden = hidden }
    member state.Plus value = Forgetful(state.hidden + value)
    member state.Total() = state.hidden

/// The laws can fail: indicators that are wrong on purpose, each caught by the law that is about its fault.
module LawsTests =

    let private close (candle: Candle) = candle.Close

    /// An indicator of the last closes, kept as a list, newest first.
    let private ofLast warmUp count (calculate: float list -> float) =
        ofFunction warmUp (Array.empty: float[]) (fun closes (candle: Candle) ->
            let closes = Array.truncate count (Array.append [| candle.Close |] closes)

            struct (closes,
                    (if closes.Length = count then
                         ValueSome(calculate (List.ofArray closes))
                     else
                         ValueNone)))

    let private mean (values: float list) = List.average values

    let private definedAs (definition: Candle[] -> float[] voption[]) (subject: Subject) =
        subject.InPrices() |> CatalogueSubjects.oracle definition

    let private messageOf (action: unit -> unit) = (caught<exn> action).Message

    /// The check throws, names the law and prints a table with the candle that gives it away.
    let private isCaught (law: string) (check: unit -> unit) =
        let error = thrown<LawBrokenException> check
        equal law error.Law.Name
        contains $", {law}: {error.Law.Sentence}" error.Message
        contains "Seed 1" error.Message
        contains "time (UTC)" error.Message
        contains "actual" error.Message
        contains "expected" error.Message
        contains "\n>  " error.Message

    [<Tests>]
    let tests =
        testList "LawsTests" [
            testCase "a right one passes all ten"
            <| fun () ->
                let subject =
                    (Subject.Of("mean3", ofLast 2 3 mean) |> definedAs (Oracles.sma 3))
                        .WithBounds(fun _ candles outputs -> outputs[0] > 0.0 && candles.Count > 2)
                        .WithWindow(3)
                        .WithForgetting(3, 1e-12)

                let report = Laws.Report(subject, 200)
                Expect.isTrue report.Holds (string report)
                equal 10 report.Verdicts.Length
                equal 10 (Seq.length (report.Verdicts |> Array.filter (fun verdict -> verdict.Cases > 0)))

            testCase "a window that is one short is caught by its definition, shrunk to a window"
            <| fun () ->
                let subject =
                    Subject.Of("mean3", ofLast 2 3 (List.take 2 >> mean))
                    |> definedAs (Oracles.sma 3)

                isCaught "oracle" (fun () -> Laws.Check subject)
                let report = Laws.Report subject
                let table = report.Verdicts[0].Message.Split('\n')
                // A sentence, a sentence, a blank line, the header and three candles.
                Expect.hasLength table 7 (report.Verdicts[0].Message)

            testCase "a seed with the first input is caught by the definition"
            <| fun () ->
                let fromFirst =
                    ofFunction 2 (struct (0, 0.0)) (fun (struct (seen, before)) (candle: Candle) ->
                        let next = if seen = 0 then candle.Close else before + (candle.Close - before) / 2.0
                        struct (struct (seen + 1, next), (if seen < 2 then ValueNone else ValueSome next)))

                isCaught "oracle" (fun () -> Laws.Check(Subject.Of("ema3", fromFirst) |> definedAs (Oracles.ema 3)))

            testCase "a sample deviation is caught by the definition of the population's"
            <| fun () ->
                let sample closes = sqrt (List.sumBy (fun close -> (close - mean closes) ** 2.0) closes / 3.0)

                isCaught "oracle" (fun () ->
                    Laws.Check(Subject.Of("stdev4", ofLast 3 4 sample) |> definedAs (Oracles.stdev 4)))

            testCase "a look at the next candle, known from the run before, is caught by causality"
            <| fun () ->
                // The first run of a series wins, so that the same candles twice are the same.
                let known = Dictionary<string, float>()

                let peeking =
                    ofFunction 0 "" (fun before (candle: Candle) ->
                        let now = $"{before} {candle.Close}"
                        known.TryAdd(before, candle.Close) |> ignore

                        match known.TryGetValue now with
                        | true, next -> struct (now, ValueSome next)
                        | _ -> struct (now, ValueSome candle.Close))

                isCaught "causality" (fun () -> Laws.Check(Subject.Of("peek", peeking)))

            testCase "a wrong warm-up is caught, too long and too short"
            <| fun () ->
                isCaught "warm-up" (fun () -> Laws.Check(Subject.Of("late", ofLast 1 3 mean)))
                isCaught "warm-up" (fun () -> Laws.Check(Subject.Of("early", ofLast 3 3 mean)))

            testCase "not a number on a flat market is caught by totality"
            <| fun () ->
                let strength (closes: float list) = (closes[0] - closes[1]) / abs (closes[0] - closes[1])
                isCaught "totality" (fun () -> Laws.Check(Subject.Of("strength", ofLast 1 2 strength)))

            testCase "an epsilon with a unit is caught by scale"
            <| fun () ->
                let guarded (closes: float list) = (closes[0] - closes[1]) / (closes[1] + 1e-9)
                isCaught "scale" (fun () -> Laws.Check(Subject.Of("return", ofLast 1 2 guarded).InRatios()))

            testCase "a level taken for a difference is caught by scale, and one output of several"
            <| fun () ->
                isCaught "scale" (fun () ->
                    Laws.Check(Subject.Of("mean3", ofLast 2 3 mean).WithShifting Shifting.Stays))

                let withTop = ofLast 2 3 mean |> Indicator.map (fun mean -> [| mean; mean / 2.0 |])
                let subject = Subject.Of("means", withTop, [| "mean"; "half" |], Func<_, _> id)
                Laws.Scale(subject.WithShifting(Shifting.Follows, Shifting.Unstated))
                let message = messageOf (fun () -> Laws.Scale(subject.WithShifting(Shifting.Follows, Shifting.Follows)))
                contains "added to every price did not move it as stated, half." message

            testCase "a ratio is caught where its formula does not answer a shift"
            <| fun () ->
                let change (closes: float list) = closes[0] / closes[1] - 1.0
                let subject = Subject.Of("change", ofLast 1 2 change).InRatios()
                isCaught "scale" (fun () -> Laws.Check(subject.WithShifting Shifting.Stays))

                let answer (candles: ArraySegment<Candle>) (outputs: float[]) amount =
                    let before = candles[candles.Count - 2].Close
                    [| outputs[0] * before / (before + amount) |]

                Laws.Check(subject.WithShifting(Func<_, _, _, _> answer))

            testCase "as many shiftings as outputs"
            <| fun () ->
                let message =
                    messageOf (fun () ->
                        Subject.Of("mean3", ofLast 2 3 mean).WithShifting(Shifting.Stays, Shifting.Stays)
                        |> ignore)

                startsWith "2 shiftings for 1 outputs" message

            testCase "an average that overshoots is caught by bounds"
            <| fun () ->
                let ahead (closes: float list) = 2.0 * closes[0] - closes[1]

                let within _ (candles: ArraySegment<Candle>) (outputs: float[]) =
                    let closes = candles |> Seq.map close
                    outputs[0] >= Seq.min closes && outputs[0] <= Seq.max closes

                isCaught "bounds" (fun () ->
                    Laws.Check(Subject.Of("ahead", ofLast 1 2 ahead).WithBounds(Func<_, _, _, _> within)))

            testCase "a state that is changed in place is caught by purity"
            <| fun () ->
                let inPlace =
                    ofFunction 0 (Shared()) (fun state (candle: Candle) ->
                        state.Sum <- state.Sum + candle.Close
                        struct (state, ValueSome state.Sum))

                isCaught "purity" (fun () -> Laws.Purity(Subject.Of("total", inPlace)))

            testCase "something kept outside the state is caught by purity"
            <| fun () ->
                let mutable before = 0.0

                let hidden =
                    ofFunction 0 0 (fun seen (candle: Candle) ->
                        let change = if seen = 0 then 0.0 else candle.Close - before
                        before <- candle.Close
                        struct (1, ValueSome change))

                isCaught "purity" (fun () -> Laws.Check(Subject.Of("change", hidden)))

            testCase "what JSON does not see is caught by snapshot"
            <| fun () ->
                let total =
                    ofFunction 0 (Forgetful 0.0) (fun (state: Forgetful) (candle: Candle) ->
                        let next = state.Plus candle.Close
                        struct (next, ValueSome(next.Total())))

                isCaught "snapshot" (fun () -> Laws.Check(Subject.Of("total", total)))

            testCase "a memory that never ends is caught by forgetting"
            <| fun () ->
                let highest =
                    ofFunction 0 0.0 (fun highest (candle: Candle) ->
                        let next = max highest candle.High
                        struct (next, ValueSome next))

                let message =
                    messageOf (fun () -> Laws.Check(Subject.Of("highest", highest).InPrices().WithForgetting(5, 1e-9)))

                contains "law 9, forgetting" message

            testCase "a sum that subtracts is caught by drift"
            <| fun () ->
                let running =
                    ofFunction 2 (struct ([||], 0.0)) (fun (struct (closes: float[], sum)) (candle: Candle) ->
                        let sum = sum + candle.Close
                        let sum = if closes.Length = 3 then sum - closes[0] else sum

                        let closes =
                            Array.append (if closes.Length = 3 then closes[1..] else closes) [| candle.Close |]

                        let output = if closes.Length = 3 then ValueSome(sum / 3.0) else ValueNone
                        struct (struct (closes, sum), output))

                let message =
                    messageOf (fun () -> Laws.Drift(Subject.Of("mean3", running).InPrices().WithWindow(3), 20_000L))

                contains "law 10, drift" message
                contains "actual" message

            testCase "an indicator that throws breaks totality"
            <| fun () ->
                let strict =
                    ofFunction 0 0 (fun seen (candle: Candle) ->
                        if candle.Volume = 0.0 then
                            invalidOp "no volume"

                        struct (seen, ValueSome candle.Volume))

                let message = messageOf (fun () -> Laws.Totality(Subject.Of("strict", strict)))
                contains "It threw InvalidOperationException at candle 1: no volume." message

            testCase "a law that needs a claim says which"
            <| fun () ->
                let message = messageOf (fun () -> Laws.Oracle(Subject.Of("mean3", ofLast 2 3 mean)))
                startsWith "The law of oracle needs WithOracle." message

            testCase "the same seed finds the same counterexample, another seed another market"
            <| fun () ->
                let subject = Subject.Of("late", ofLast 1 3 mean)
                let message seed = (Laws.Report(subject, 100, seed)).Verdicts[2].Message
                equal (message 7UL) (message 7UL)
                holds (Market.series 50 7UL = Market.series 50 7UL)
                holds (Market.series 50 7UL <> Market.series 50 8UL)

            testCase "the markets have what is hard: flat runs, gaps, no volume, jumps, tiny and huge prices"
            <| fun () ->
                let markets = [| for seed in 1UL .. 200UL -> Market.series 100 seed |]
                let any condition = markets |> Array.exists condition
                let pairs condition = any (Array.pairwise >> Array.exists condition)
                holds (any (Array.forall (fun candle -> candle.Close < 1e-5)))
                holds (any (Array.forall (fun candle -> candle.Close > 5e8)))
                holds (any (Array.forall (fun candle -> candle.Volume = 0.0)))
                holds (pairs (fun (a, b) -> b.OpenTime - a.OpenTime > 60_000L))
                holds (pairs (fun (a, b) -> b.Open <> a.Close))
                holds (pairs (fun (a, b) -> b.Close > 1.3 * a.Close))
                holds (pairs (fun (a, b) -> a.High = a.Low && b.High = b.Low && a.Close = b.Close))
        ]
