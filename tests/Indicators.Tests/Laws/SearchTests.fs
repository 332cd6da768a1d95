namespace BtcBandit.Indicators.Tests

open System
open System.Collections.Generic
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// Which law a fault is told as, and what is shown of it.
[<TestFixture; Parallelizable(ParallelScope.Children)>]
type SearchTests() =

    let throwsAt (number: int) =
        ofFunction 0 0 (fun seen (candle: Candle) ->
            if seen + 1 = number then
                invalidOp "that was one too many"

            struct (seen + 1, ValueSome candle.Close))

    let broken (check: unit -> unit) = thrown<LawBrokenException> check

    let rows (message: string) =
        message.Split '\n'
        |> Array.filter (fun line -> line.StartsWith "> " || line.StartsWith "  ")

    let law (name: string) (report: LawReport) = report.Verdicts |> Array.find (fun verdict -> verdict.Law.Name = name)

    let outOfRange (parameter: string) (value: obj) (action: unit -> unit) =
        let error = thrown<ArgumentOutOfRangeException> action
        Assert.That(error.ParamName, Is.EqualTo parameter)
        Assert.That(error.ActualValue, Is.EqualTo value)

    [<Test>]
    member _.``a throw is told as totality, at the candle where it threw``() =
        let error = broken (fun () -> Laws.Check(Subject.Of("late", throwsAt 31)))
        Assert.That(error.Law.Name, Is.EqualTo "totality")

        Assert.That(
            error.Message,
            Does.Contain "It threw InvalidOperationException at candle 31: that was one too many."
        )

        let rows = rows error.Message
        Assert.That(rows, Has.Length.EqualTo 32, error.Message)
        Assert.That(rows[31], Does.StartWith "> ")
        Assert.That(rows[31], Does.EndWith "a finite number")

    [<Test>]
    member _.``a report tells a throw once``() =
        let report = Laws.Report(Subject.Of("late", throwsAt 31), 100)
        Assert.That(report.Holds, Is.False)
        Assert.That((law "totality" report).Message, Does.Contain "It threw")
        let text = string report
        Assert.That(text.Split("It threw").Length, Is.EqualTo 2, text)
        Assert.That(text, Does.Contain " 2 causality   not decided, it breaks law 4, totality\n")
        Assert.That(text, Does.Contain " 4 totality    BROKEN\n")

    [<Test>]
    member _.``what throws only after a long run is told by the report, with the last candles``() =
        let subject = Subject.Of("late", throwsAt 15_000).InPrices().WithWindow 1
        let report = Laws.Report(subject, 20)
        let message = (law "totality" report).Message
        Assert.That(message, Does.Contain "It threw InvalidOperationException at candle 15000:")
        Assert.That(message, Does.Contain "Seed 1, met by the law of drift;")
        Assert.That((rows message |> Array.last), Does.StartWith "> ")
        Assert.That((broken (fun () -> Laws.Check(subject, 20))).Law.Name, Is.EqualTo "totality")
        Assert.That((broken (fun () -> Laws.Drift(subject, 20_000L))).Law.Name, Is.EqualTo "totality")

    [<Test>]
    member _.``what is drawn at random, shared or kept outside is told as purity``() =
        let random = Random 5

        let noisy =
            ofFunction 0 0 (fun seen (candle: Candle) -> struct (seen, ValueSome(candle.Close + random.NextDouble())))

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
            Assert.That(error.Law.Name, Is.EqualTo "purity", error.Message)
            Assert.That(error.Message, Does.Contain "The same candles gave other outputs the second time")
            Assert.That(error.Message, Does.Contain "\n>  ")
            let report = Laws.Report(subject, 50)
            Assert.That((law "purity" report).IsBroken)
            Assert.That(string report, Does.Contain "causality   not decided, it breaks law 7, purity")

        demand (Subject.Of("noisy", noisy))
        demand (Subject.Of("shared", shared))
        demand (Subject.Of("outside", outside))
        demand (Subject.Of("peeking", peeking))

    [<Test>]
    member _.``bounds show the whole row``() =
        let bands =
            ofFunction 0 0 (fun state (candle: Candle) ->
                struct (state, ValueSome [| candle.Close; candle.Low - 2.0; candle.High |]))

        let subject =
            Subject
                .Of("bands", bands, [| "middle"; "lower"; "upper" |], Func<_, _> id)
                .WithBounds(fun _ _ outputs -> outputs[1] > 0.0)

        let message = (broken (fun () -> Laws.Check subject)).Message
        Assert.That(message, Does.Contain "It left its bounds, middle; lower; upper.")
        Assert.That(message, Does.Contain "1; -1; 1  within bounds")

    [<Test>]
    member _.``a claim that throws is told as such``() =
        let close = Subject.Of("close", throwsAt 0)

        let message =
            (broken (fun () -> Laws.Bounds(close.WithBounds(fun _ _ outputs -> outputs[7] > 0.0)))).Message

        Assert.That(message, Does.Contain "What is claimed threw IndexOutOfRangeException")

    [<TestCase(0)>]
    [<TestCase(-1)>]
    member _.``no cases prove nothing``(cases: int) =
        let subject = (Subject.Of("close", throwsAt 0)).InPrices().WithWindow 1
        outOfRange "cases" cases (fun () -> Laws.Check(subject, cases))
        outOfRange "cases" cases (fun () -> Laws.Report(subject, cases) |> ignore)

        for law in Laws.All do
            outOfRange "cases" cases (fun () -> Laws.Try(law, subject, cases) |> ignore)

        outOfRange "cases" cases (fun () -> Laws.Oracle(subject, cases))
        outOfRange "cases" cases (fun () -> Laws.Purity(subject, cases))
        outOfRange "candles" (int64 cases) (fun () -> Laws.Drift(subject, int64 cases))

    [<Test>]
    member _.``a run no longer than the window proves nothing``() =
        let subject = (Subject.Of("close", throwsAt 0)).InPrices().WithWindow 30_000
        outOfRange "candles" 30_000L (fun () -> Laws.Drift(subject, 30_000L))
        // Check makes its run as long as it takes.
        let early = (Subject.Of("close", throwsAt 50_000)).InPrices().WithWindow 30_000
        Assert.That((broken (fun () -> Laws.Check(early, 1))).Law.Name, Is.EqualTo "totality")
