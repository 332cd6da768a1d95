namespace BtcBandit.Indicators.Tests

open System
open System.Collections.Generic
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// Which law a fault is told as, and what is shown of it.
module SearchTests =

    let private throwsAt (number: int) =
        ofFunction 0 0 (fun seen (candle: Candle) ->
            if seen + 1 = number then
                invalidOp "that was one too many"

            struct (seen + 1, ValueSome candle.Close))

    let private broken (check: unit -> unit) = thrown<LawBrokenException> check

    let private rows (message: string) =
        message.Split '\n'
        |> Array.filter (fun line -> line.StartsWith "> " || line.StartsWith "  ")

    let private law (name: string) (report: LawReport) =
        report.Verdicts |> Array.find (fun verdict -> verdict.Law.Name = name)

    let private outOfRange (parameter: string) (value: obj) (action: unit -> unit) =
        let error = thrown<ArgumentOutOfRangeException> action
        equalText parameter error.ParamName
        equal value (nonNull error.ActualValue)

    [<Tests>]
    let tests =
        testList "SearchTests" [
            testCase "a throw is told as totality, at the candle where it threw"
            <| fun () ->
                let error = broken (fun () -> Laws.Check(Subject.Of("late", throwsAt 31)))
                equal "totality" error.Law.Name

                contains "It threw InvalidOperationException at candle 31: that was one too many." error.Message

                let rows = rows error.Message
                Expect.hasLength rows 32 error.Message
                startsWith "> " rows[31]
                endsWith "a finite number" rows[31]

            testCase "a report tells a throw once"
            <| fun () ->
                let report = Laws.Report(Subject.Of("late", throwsAt 31), 100)
                fails report.Holds
                contains "It threw" ((law "totality" report).Message)
                let text = string report
                Expect.equal (text.Split("It threw").Length) 2 text
                contains " 2 causality   not decided, it breaks law 4, totality\n" text
                contains " 4 totality    BROKEN\n" text

            testCase "what throws only after a long run is told by the report, with the last candles"
            <| fun () ->
                let subject = Subject.Of("late", throwsAt 15_000).InPrices().WithWindow 1
                let report = Laws.Report(subject, 20)
                let message = (law "totality" report).Message
                contains "It threw InvalidOperationException at candle 15000:" message
                contains "Seed 1, met by the law of drift;" message
                startsWith "> " (rows message |> Array.last)
                equal "totality" ((broken (fun () -> Laws.Check(subject, 20))).Law.Name)
                equal "totality" ((broken (fun () -> Laws.Drift(subject, 20_000L))).Law.Name)

            testCase "what is drawn at random, shared or kept outside is told as purity"
            <| fun () ->
                let random = Random 5

                let noisy =
                    ofFunction 0 0 (fun seen (candle: Candle) ->
                        struct (seen, ValueSome(candle.Close + random.NextDouble())))

                let shared =
                    ofFunction 0 (List<float>()) (fun closes (candle: Candle) ->
                        closes.Add candle.Close
                        struct (closes, ValueSome(float closes.Count)))

                let mutable before = 1.0

                let outside =
                    ofFunction 0 0 (fun seen (candle: Candle) ->
                        let change = candle.Close - before
                        before <- candle.Close
                        struct (seen, ValueSome change))

                let buffer = Dictionary<int64, float>()

                let peeking =
                    ofFunction 0 0L (fun at (candle: Candle) ->
                        buffer[at] <- candle.Close

                        match buffer.TryGetValue(at + 1L) with
                        | true, next -> struct (at + 1L, ValueSome next)
                        | _ -> struct (at + 1L, ValueSome candle.Close))

                let demand (subject: Subject) =
                    let error = broken (fun () -> Laws.Check subject)
                    Expect.equal error.Law.Name "purity" error.Message
                    contains "The same candles gave other outputs the second time" error.Message
                    contains "\n>  " error.Message
                    let report = Laws.Report(subject, 50)
                    holds ((law "purity" report).IsBroken)
                    contains "causality   not decided, it breaks law 7, purity" (string report)

                demand (Subject.Of("noisy", noisy))
                demand (Subject.Of("shared", shared))
                demand (Subject.Of("outside", outside))
                demand (Subject.Of("peeking", peeking))

            testCase "bounds show the whole row"
            <| fun () ->
                let bands =
                    ofFunction 0 0 (fun state (candle: Candle) ->
                        struct (state, ValueSome [| candle.Close; candle.Low - 2.0; candle.High |]))

                let subject =
                    Subject
                        .Of("bands", bands, [| "middle"; "lower"; "upper" |], Func<_, _> id)
                        .WithBounds(fun _ _ outputs -> outputs[1] > 0.0)

                let message = (broken (fun () -> Laws.Check subject)).Message
                contains "It left its bounds, middle; lower; upper." message
                contains "1; -1; 1  within bounds" message

            testCase "a claim that throws is told as such"
            <| fun () ->
                let close = Subject.Of("close", throwsAt 0)

                let message =
                    (broken (fun () -> Laws.Bounds(close.WithBounds(fun _ _ outputs -> outputs[7] > 0.0)))).Message

                contains "What is claimed threw IndexOutOfRangeException" message

            cases "no cases prove nothing" [ 0; -1 ]
            <| fun (cases: int) ->
                let subject = (Subject.Of("close", throwsAt 0)).InPrices().WithWindow 1
                outOfRange "cases" cases (fun () -> Laws.Check(subject, cases))
                outOfRange "cases" cases (fun () -> Laws.Report(subject, cases) |> ignore)

                for law in Laws.All do
                    outOfRange "cases" cases (fun () -> Laws.Try(law, subject, cases) |> ignore)

                outOfRange "cases" cases (fun () -> Laws.Oracle(subject, cases))
                outOfRange "cases" cases (fun () -> Laws.Purity(subject, cases))
                outOfRange "candles" (int64 cases) (fun () -> Laws.Drift(subject, int64 cases))

            testCase "a run no longer than the window proves nothing"
            <| fun () ->
                let subject = (Subject.Of("close", throwsAt 0)).InPrices().WithWindow 30_000
                outOfRange "candles" 30_000L (fun () -> Laws.Drift(subject, 30_000L))
                // Check makes its run as long as it takes.
                let early = (Subject.Of("close", throwsAt 50_000)).InPrices().WithWindow 30_000
                equal "totality" ((broken (fun () -> Laws.Check(early, 1))).Law.Name)
        ]
