namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// What a continued run makes of the candles that it is given: old ones, the newest one again, and the first new one.
module CandleLedgerTests =

    let private market = Runs.market 1L |> Seq.take 1_000 |> Array.ofSeq

    let private planOf (folder: Temporary) (candles: Candle seq) =
        SessionPlan(Run = (Runs.plan folder.Path 1).Run, Candles = Runs.feed candles, DataDir = folder.Path)

    let private runOn folder candles = Runs.run (planOf folder candles)

    let private files (folder: Temporary) = [
        for name in [ "state.json"; "trades.csv" ] -> File.ReadAllBytes(folder.File name)
    ]

    let private scaled factor (candle: Candle) =
        Candle.Of(
            candle.OpenTime,
            candle.Open * factor,
            candle.High * factor,
            candle.Low * factor,
            candle.Close * factor,
            candle.Volume
        )

    let private row (candle: Candle) =
        CandleRow(candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume)

    let private fault (result: SessionResult) =
        match result.Error with
        | :? SessionException as error -> error.Fault
        | other -> failwith $"no fault, but {other}"

    let private isContinued (told: SessionNote list) =
        match told with
        | [ :? SessionNote.Continuing ] -> ()
        | other -> failtest $"{other}"

    let private older (result: SessionResult) =
        Option.ofObj result.OlderCandles
        |> Option.map (fun span -> span.Count, span.FirstOpenTime, span.LastOpenTime)

    [<Tests>]
    let tests =
        testList "CandleLedgerTests" [
            testCase "candles of a run without gaps are known to be in it, history and all"
            <| fun () ->
                use folder = new Temporary()
                runOn folder market[100..299] |> ignore
                let again, _ = runOn folder market[100..399]
                equal (200L, None) (again.CandlesSkipped, older again)

            testCase "candles before the first one of the run are older, not in it"
            <| fun () ->
                use folder = new Temporary()
                runOn folder market[100..299] |> ignore
                let again, _ = runOn folder market[60..399]
                equal 240L again.CandlesSkipped
                equal (Some(40L, market[60].OpenTime, market[99].OpenTime)) (older again)

            testCase "January, then March, then February: nothing says that February is in the run"
            <| fun () ->
                use folder = new Temporary()
                runOn folder market[0..299] |> ignore
                runOn folder market[600..899] |> ignore
                let before = files folder
                let between, _ = runOn folder market[300..599]
                equal (300L, 0L) (between.CandlesSkipped, between.StepsMade)
                equal (Some(300L, market[300].OpenTime, market[599].OpenTime)) (older between)
                equal before (files folder)

            testCase "the newest candle of a run with gaps is known to be in it"
            <| fun () ->
                use folder = new Temporary()
                runOn folder market[0..299] |> ignore
                runOn folder market[600..899] |> ignore
                let again, _ = runOn folder market[890..899]
                equal 10L again.CandlesSkipped
                equal (Some(9L, market[890].OpenTime, market[898].OpenTime)) (older again)

            cases "a first new candle of another market is refused with both prices and times, and nothing is written" [
                0.05
                0.4
                3.0
                20.0
            ]
            <| fun (factor: float) ->
                use folder = new Temporary()
                runOn folder market[0..299] |> ignore
                let before = files folder
                let result, told = runOn folder (market[310..399] |> Array.map (scaled factor))

                equal
                    (SessionFault.OtherMarket(
                        market[299].OpenTime,
                        market[299].Close,
                        market[310].OpenTime,
                        market[310].Open * factor,
                        folder.Path
                    )
                    :> SessionFault)
                    (fault result)

                equal 0L result.StepsMade
                equal before (files folder)
                // Nothing is said of a gap that is none.
                isContinued told
                // The run goes on with its own candles.
                equal 100L (fst (runOn folder market[0..399])).StepsMade

            cases "a move that a market can make is continued" [ 0.6; 1.8 ]
            <| fun (factor: float) ->
                use folder = new Temporary()
                runOn folder market[0..299] |> ignore
                let result, told = runOn folder (market[300..399] |> Array.map (scaled factor))
                equal (null, 100L) (result.Error, result.StepsMade)
                isContinued told

            testCase "a last candle that was not complete is told, and the run goes on from it"
            <| fun () ->
                use folder = new Temporary()
                let whole = market[299]
                // As it stands after its first trades.
                let partial =
                    Candle.Of(whole.OpenTime, whole.Open, whole.Open, whole.Open, whole.Open, whole.Volume / 10.0)

                runOn folder (Array.append market[0..298] [| partial |]) |> ignore
                let result, told = runOn folder market[0..399]
                equal (null, 300L, 100L) (result.Error, result.CandlesSkipped, result.StepsMade)

                match told with
                | [ :? SessionNote.Continuing; note ] ->
                    equal (SessionNote.LastCandleRestated(row partial, row whole) :> SessionNote) note
                | other -> failtest $"{other}"

            testCase "the run keeps what it traded on"
            <| fun () ->
                use folder = new Temporary()
                let whole = market[299]

                let restated =
                    Candle.Of(
                        whole.OpenTime,
                        whole.Open,
                        whole.High * 1.001,
                        whole.Low,
                        whole.Close,
                        whole.Volume * 2.0
                    )

                runOn folder market[0..299] |> ignore
                let result, told = runOn folder (Array.concat [ [| restated |]; market[300..399] ])
                equal (SessionNote.LastCandleRestated(row whole, row restated) :> SessionNote) (List.last told)
                use other = new Temporary()
                let expected, _ = runOn other market[0..399]
                let summary (result: SessionResult) = (nonNull result.Run).Summarise().ToJson()
                equal (summary expected) (summary result)
                equal (List.last (files other)) (List.last (files folder))

            cases "a last candle of another source of the same market is restated" [ 1.01; 0.99 ]
            <| fun (factor: float) ->
                use folder = new Temporary()
                runOn folder market[0..299] |> ignore
                let result, told = runOn folder (market[290..399] |> Array.map (scaled factor))
                equal (null, 100L) (result.Error, result.StepsMade)

                holds (
                    told
                    |> List.exists (fun note ->
                        match note with
                        | :? SessionNote.LastCandleRestated -> true
                        | _ -> false)
                )

            cases "a last candle of another market is refused, and nothing is written" [ 1.2; 0.05 ]
            <| fun (factor: float) ->
                use folder = new Temporary()
                runOn folder market[0..299] |> ignore
                let before = files folder
                let result, _ = runOn folder (market[290..399] |> Array.map (scaled factor))

                equal
                    (SessionFault.OtherCandles(
                        market[299].OpenTime,
                        market[299].Close * factor,
                        market[299].Close,
                        folder.Path
                    )
                    :> SessionFault)
                    (fault result)

                equal before (files folder)

            testCase "one missing candle is one"
            <| fun () ->
                use folder = new Temporary()
                runOn folder market[0..299] |> ignore
                let _, told = runOn folder market[301..399]
                equal (SessionNote.CandlesMissing 1L :> SessionNote) (List.last told)
        ]
