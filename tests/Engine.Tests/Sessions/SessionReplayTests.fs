namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Tests.Feeds

module SessionReplayTests =

    let private candles = Runs.market 1L |> Seq.truncate 600 |> Array.ofSeq

    /// A session over candles, and what a replay of the recorded ones says.
    let private replayOf (folder: Temporary) steps (recorded: Candle seq) change =
        let plan =
            SessionPlan(
                Run = Runs.planOf Catalogue.Default Runs.parameters 1L,
                Candles = Runs.feed candles,
                DataDir = folder.Path,
                Steps = Nullable steps
            )

        use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)
        session.RunAsync().GetAwaiter().GetResult() |> ignore
        change ()
        session.Replay recorded

    [<Tests>]
    let tests =
        testList "SessionReplayTests" [
            // Few: each case is two sessions and their replays.
            propertyOf 20 "every session of a run is equal to its replay"
            <| fun (first: byte) (second: byte) ->
                use folder = new Temporary()

                // Both sessions together have fewer steps than there are candles for.
                for steps in [ 1 + int first % 240; 1 + int second % 240 ] do
                    match replayOf folder steps candles ignore with
                    | :? ReplayResult.Same as same ->
                        isAtLeast (int64 steps) same.Candles
                        equal 16 same.Hash.Length
                    | other -> failtest $"after {steps} steps: %A{other}"

            testCase "the hash is that of the candles"
            <| fun () ->
                let hash (recorded: Candle array) =
                    use folder = new Temporary()

                    match replayOf folder 50 recorded ignore with
                    | :? ReplayResult.Same as same -> same.Candles, same.Hash
                    | other -> failwith $"%A{other}"

                equal (hash candles) (hash candles)
                // The candles after the session are not of it.
                equal (hash candles) (hash (Array.truncate 400 candles))

            testCase "a candle with another close is found at its step"
            <| fun () ->
                use folder = new Temporary()
                let changed = Array.copy candles
                let at = 120
                let old = candles[at]

                changed[at] <-
                    match
                        Candle.tryCreate (old.OpenTime, old.Open, old.High + 5.0, old.Low, old.Close + 1.0, old.Volume)
                    with
                    | Ok candle -> candle
                    | Error error -> failwith error.Message

                match replayOf folder 50 changed ignore with
                | :? ReplayResult.Differs as differs ->
                    equal old.OpenTime differs.OpenTime
                    holds (differs.Live <> differs.Replayed)
                    startsWith $"{old.OpenTime}," differs.Live
                | other -> failtest $"%A{other}"

            testCase "a difference that no row shows is found in the state"
            <| fun () ->
                use folder = new Temporary()
                let changed = Array.copy candles
                let old = changed[60]

                changed[60] <-
                    match
                        Candle.tryCreate (
                            old.OpenTime,
                            old.Open,
                            old.High,
                            old.Low,
                            old.Close,
                            old.Volume * (1.0 + 1e-14)
                        )
                    with
                    | Ok candle -> candle
                    | Error error -> failwith error.Message

                match replayOf folder 50 changed ignore with
                | :? ReplayResult.Differs as differs -> equal ("", "") (differs.Live, differs.Replayed)
                | other -> failtest $"%A{other}"

            testCase "a candle that was not recorded is missed"
            <| fun () ->
                use folder = new Temporary()
                let last = Array.truncate (100 + 50 - 1) candles

                match replayOf folder 50 last ignore with
                | :? ReplayResult.Incomplete as few -> equal (149L, 150L) (few.Recorded, few.Taken)
                | other -> failtest $"%A{other}"

                let holed = Array.append candles[..19] candles[21..]
                use folder = new Temporary()
                fails (replayOf folder 50 holed ignore :? ReplayResult.Same)

            testCase "a row that was changed is found"
            <| fun () ->
                use folder = new Temporary()

                let change () =
                    let path = folder.File "trades.csv"
                    let lines = File.ReadAllLines path
                    lines[30] <- lines[30].Replace(",hold,", ",buy,").Replace(",sell,", ",buy,") + " "
                    File.WriteAllText(path, String.Join('\n', lines) + "\n")

                match replayOf folder 50 candles change with
                | :? ReplayResult.Differs as differs -> endsWith " " differs.Live
                | other -> failtest $"%A{other}"

            testCase "without a step there is nothing to replay"
            <| fun () ->
                use folder = new Temporary()

                let plan =
                    SessionPlan(
                        Run = Runs.planOf Catalogue.Default Runs.parameters 1L,
                        Candles = Runs.feed candles[..20],
                        DataDir = folder.Path
                    )

                use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)
                session.RunAsync().GetAwaiter().GetResult() |> ignore
                holds (session.Replay candles |> isNull)
        ]
