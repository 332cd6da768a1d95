namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open System.Reactive.Linq
open System.Threading
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

/// The candles right before the first step of a session.
module WatchHistoryTests =

    let private history = 100

    let private market = lazy (Runs.market 1L |> Seq.truncate 12_000 |> List.ofSeq)

    let private set = FeatureSet.Of Catalogue.Default

    /// What the run itself computes of the market.
    let private observations = lazy ((Runs.feed market.Value).Observe(set).ToEnumerable() |> Array.ofSeq)

    let private planIn (folder: Temporary) (candles: Candle seq) (steps: int) =
        SessionPlan(
            Run = Runs.planOf Catalogue.Default Runs.parameters 1L,
            Candles = Runs.feed candles,
            DataDir = folder.Path,
            Steps = Nullable steps
        )

    /// A session that is prepared, and its steps.
    let private session plan (prepare: Session -> unit) =
        use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)
        let steps = ResizeArray<Step>()
        use _ = session.Steps.Subscribe steps.Add
        prepare session
        isNull' (session.RunAsync().GetAwaiter().GetResult().Error)
        List.ofSeq steps

    /// A session that is watched: what was told before the first step, and the steps.
    let private watched plan recorded =
        let seen = ResizeArray<Observation>()

        let steps =
            session plan (fun session ->
                session.WatchHistory((fun one -> seen.Add one), (fun error -> failwith error.Message), recorded))

        List.ofSeq seen, steps

    let private alone plan = session plan ignore |> ignore

    let private times (seen: Observation list) = [ for one in seen -> one.Candle.OpenTime ]

    let private marketTimes first last = [ for candle in market.Value[first..last] -> candle.OpenTime ]

    /// The indicators of a long history are the run's, once averages have forgotten where they began.
    let private isNear (seen: Observation list) =
        isNotEmpty seen

        for one in seen |> List.skip (seen.Length / 2) do
            let expected = observations.Value[int one.Index]
            equal expected.Candle one.Candle
            equal (Seq.length expected.Indicators) (Seq.length one.Indicators)

            for one, other in Seq.zip expected.Indicators one.Indicators do
                isNearPercent 1e-6 one other

    [<Tests>]
    let tests =
        testList "WatchHistoryTests" [
            testCase "a new run tells the candles before its first step, as it has seen them itself"
            <| fun () ->
                use folder = new Temporary()
                let seen, steps = watched (planIn folder market.Value 5) null
                equal (List.ofArray observations.Value[.. history - 1]) seen
                equal (int64 history) steps.Head.Observation.Index
                equal observations.Value[history] steps.Head.Observation

            testCase "a continued run tells the candles that its feed repeats, up to its newest"
            <| fun () ->
                let law (made: int) =
                    use folder = new Temporary()
                    alone (planIn folder market.Value made)
                    let seen, steps = watched (planIn folder market.Value 3) null
                    equal (marketTimes 0 (history + made - 1)) (times seen)
                    equal [ 0L .. int64 (history + made - 1) ] [ for one in seen -> one.Index ]
                    equal (int64 (history + made)) steps.Head.Observation.Index
                    // The feed begins where the run did, so nothing was forgotten.
                    equal (List.ofArray observations.Value[.. history + made - 1]) seen

                for made in [ 1; 2; 300; 1_000 ] do
                    law made

            testCase "of a long history the newest candles are told, more than a memory keeps"
            <| fun () ->
                use folder = new Temporary()
                alone (planIn folder market.Value 10_000)
                let seen, steps = watched (planIn folder market.Value 3) null
                equal (History.StepsKept + set.WarmUp) seen.Length
                equal (marketTimes (10_100 - seen.Length) 10_099) (times seen)
                equal (int64 10_100 - int64 seen.Length) seen.Head.Index
                equal (int64 10_100) steps.Head.Observation.Index
                isNear seen

            testCase "a feed that repeats only some candles is told from its first one on"
            <| fun () ->
                use folder = new Temporary()
                alone (planIn folder market.Value 1_000)
                let seen, _ = watched (planIn folder market.Value[800..] 3) null
                equal (marketTimes 800 1_099) (times seen)
                equal [ 800L .. 1_099L ] [ for one in seen -> one.Index ]

            /// Whole months are recorded, and a file may have earlier rows than those that the run began with.
            testCase "candles before those of the run are not told"
            <| fun () ->
                for made in [ 1; 400 ] do
                    use folder = new Temporary()
                    alone (planIn folder market.Value[200..] made)
                    let seen, steps = watched (planIn folder market.Value 3) null
                    equal (marketTimes 200 (200 + history + made - 1)) (times seen)
                    equal [ 0L .. int64 (history + made - 1) ] [ for one in seen -> one.Index ]
                    equal (int64 made + 1L) steps.Head.Number

                use folder = new Temporary()
                alone (planIn folder market.Value[200..] 400)
                let recorded = Func<_, _, _>(fun _ _ -> Seq.ofList market.Value)
                let seen, _ = watched (planIn folder market.Value[200 + history + 400 ..] 3) recorded
                equal (marketTimes 200 (200 + history + 399)) (times seen)

            testCase "a feed that repeats nothing tells nothing"
            <| fun () ->
                use folder = new Temporary()
                alone (planIn folder market.Value 50)
                let seen, steps = watched (planIn folder market.Value[150..] 3) null
                equal ([], 51L) (seen, steps.Head.Number)

            testCase "recorded candles are told at once, whatever lies before and after them"
            <| fun () ->
                use folder = new Temporary()
                alone (planIn folder market.Value 1_000)
                let mutable asked = None

                let recorded first last =
                    asked <- Some(first, last)
                    Seq.ofList market.Value

                let mutable atOnce = 0
                let seen = ResizeArray<Observation>()

                let steps =
                    session (planIn folder market.Value[1_100..] 3) (fun session ->
                        session.WatchHistory((fun one -> seen.Add one), ignore, recorded)
                        atOnce <- seen.Count)

                equal (Some(market.Value[0].OpenTime, market.Value[1_099].OpenTime)) asked
                equal (marketTimes 0 1_099) (times (List.ofSeq seen))
                equal (seen.Count, 1_001L) (atOnce, steps.Head.Number)

            testCase "of a run of years no more is read than is told"
            <| fun () ->
                use folder = new Temporary()
                alone (planIn folder market.Value 11_000)

                let recorded first last =
                    market.Value
                    |> Seq.filter (fun candle -> candle.OpenTime >= first && candle.OpenTime <= last)

                let seen, _ = watched (planIn folder market.Value[11_100..] 3) (Func<_, _, _> recorded)
                equal (marketTimes (11_100 - History.StepsKept - set.WarmUp) 11_099) (times seen)
                isNear seen

            testCase "recorded candles without the newest would leave a hole, so nothing is told"
            <| fun () ->
                use folder = new Temporary()
                alone (planIn folder market.Value 1_000)
                let recorded = Func<_, _, _>(fun _ _ -> Seq.ofList market.Value[..1_050])
                let seen, _ = watched (planIn folder market.Value[1_100..] 3) recorded
                equal [] seen

            cases "a watcher that throws is told of no more, once, and the run is the same" [
                "new"
                "continued"
                "recorded"
            ]
            <| fun (kind: string) ->
                use folder = new Temporary()
                use other = new Temporary()

                if kind <> "new" then
                    alone (planIn folder market.Value 50)
                    alone (planIn other market.Value 50)

                let candles = if kind = "recorded" then market.Value[150..] else market.Value

                let recorded: Func<int64, int64, Candle seq> | null =
                    if kind = "recorded" then Func<_, _, _>(fun _ _ -> market.Value) else null

                let calls, told = ref 0, ResizeArray<string>()

                session (planIn folder candles 200) (fun session ->
                    session.WatchHistory(
                        (fun _ ->
                            calls.Value <- calls.Value + 1

                            if calls.Value = 7 then
                                failwith "cannot take it"),
                        (fun error -> told.Add error.Message),
                        recorded
                    ))
                |> ignore

                alone (planIn other candles 200)
                equal (7, [ "cannot take it" ]) (calls.Value, List.ofSeq told)

                for file in [ "trades.csv"; "state.json" ] do
                    let bytes (folder: Temporary) = File.ReadAllBytes(folder.File file)
                    because file (fun () -> equal (bytes other) (bytes folder))

            testCase "two watchers at the same time are told everything, also if one of them throws"
            <| fun () ->
                for throws in [ false; true ] do
                    use folder = new Temporary()
                    alone (planIn folder market.Value 200)

                    let skipped, seen, more =
                        ResizeArray<Candle>(), ResizeArray<Observation>(), ResizeArray<Observation>()

                    let failed = ref 0

                    session (planIn folder market.Value 3) (fun session ->
                        session.WatchSkipped(
                            (fun candle ->
                                if throws then
                                    failwith "cannot take it"

                                skipped.Add candle),
                            fun _ -> failed.Value <- failed.Value + 1
                        )

                        session.WatchHistory((fun one -> seen.Add one), (fun error -> failwith error.Message))
                        session.WatchHistory((fun one -> more.Add one), (fun error -> failwith error.Message)))
                    |> ignore

                    equal (marketTimes 0 299) (times (List.ofSeq seen))
                    equal (times (List.ofSeq seen)) (times (List.ofSeq more))
                    let expected = if throws then [] else marketTimes 0 299
                    equal expected [ for candle in skipped -> candle.OpenTime ]
                    equal (if throws then 1 else 0) failed.Value
        ]
