namespace BtcBandit.Web.Tests

open System
open System.Collections.Generic
open System.Net
open System.Net.ServerSentEvents
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Text.Json
open System.Threading
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Trading
open BtcBandit.Web

/// A stream that time and steps are given to.
type Stream(steps: Step list, count: int) =
    let clock = VirtualClock()
    let run = Runs.watched clock
    let mutable made = 0

    let make upTo =
        for step in steps[made .. upTo - 1] do
            run.OnNext step

        made <- upTo

    do make count
    let feed = new Feed(run, WebOptions(IPAddress.Loopback, 0, null), clock)

    new(count) = Stream(Runs.steps 2_000, count)
    member _.Clock = clock
    member _.Run = run
    member _.Feed = feed
    member _.Id = (nonNull run.Memory.Now).Run.Id

    /// Makes steps up to a number, and lets the stream look.
    member _.Make upTo =
        make upTo
        feed.Look()

    /// Begins another run.
    member _.Again() =
        made <- 0
        make 5
        feed.Look()

/// A watcher that reads one event at a time.
type Reader(feed: Feed, last: string | null) =
    let stop = new CancellationTokenSource()
    let mutable aborted = 0

    let events =
        feed.Watch(last, (fun () -> aborted <- aborted + 1), stop.Token).GetAsyncEnumerator stop.Token

    let mutable pending: Tasks.Task<bool> | null = null

    let ask () =
        if isNull pending then
            pending <- events.MoveNextAsync().AsTask()

        nonNull pending

    member _.Aborted = aborted

    /// The next event.
    member _.Next() : SseItem<string> =
        let asked = ask ()
        Expect.isTrue (asked.Wait(TimeSpan.FromSeconds 20.0)) "no event came"
        pending <- null
        Expect.isTrue asked.Result "the stream has ended"
        events.Current

    /// Whether nothing is to be read now. In real time: an event is handed over by the pool, which has no clock.
    member _.IsSilent = not ((ask ()).Wait(TimeSpan.FromMilliseconds 60.0))

    /// Whether the stream has ended.
    member _.HasEnded = (ask ()).Wait(TimeSpan.FromSeconds 20.0) && not (ask ()).Result

    member _.Leave() =
        stop.Cancel()
        (ask ()).Wait(TimeSpan.FromSeconds 20.0) |> ignore

module FeedTests =

    let private json (event: SseItem<string>) = JsonDocument.Parse(event.Data).RootElement

    let private number (name: string) (event: SseItem<string>) = (json event).GetProperty(name).GetInt64()

    let private stepsOf (event: SseItem<string>) = [
        for step in (json event).GetProperty("bars").GetProperty("step").EnumerateArray() -> step.GetInt64()
    ]

    [<Tests>]
    let tests =
        testList "FeedTests" [
            testCase "a watcher begins with a snapshot, then sees every step once"
            <| fun () ->
                let stream = Stream 10
                let reader = Reader(stream.Feed, null)
                let first = reader.Next()
                equal ("snapshot", 10L) (first.EventType, number "step" first)
                equal 10L ((json first).GetProperty("latest").GetProperty("step").GetInt64())
                stream.Make 13
                let second = reader.Next()
                equal ("steps", [ 11L; 12L; 13L ]) (second.EventType, stepsOf second)
                matches ($"^{stream.Id}\\.13\\.[0-9a-f]{{8}}$") (string second.EventId)
                stream.Make 14
                equal [ 14L ] (stepsOf (reader.Next()))

            testCase "experts have the trades of their paper accounts, as they are in the saved state"
            <| fun () ->
                use folder = new Temporary()
                let run = Runs.watched TimeProvider.System
                Runs.session folder 1_000 (Some run)
                use feed = new Feed(run, WebOptions(IPAddress.Loopback, 0, null), TimeProvider.System)
                let latest = (json (Reader(feed, null).Next())).GetProperty "latest"
                let trades (element: JsonElement) = (element.GetProperty "trades").GetInt64()

                let rec wallets (element: JsonElement) = [
                    match element.ValueKind with
                    | JsonValueKind.Object ->
                        for part in element.EnumerateObject() do
                            if part.NameEquals "wallets" then
                                for wallet in part.Value.EnumerateArray() -> trades wallet
                            else
                                yield! wallets part.Value
                    | _ -> ()
                ]

                use saved = JsonDocument.Parse(IO.File.ReadAllText(folder.File "state.json"))
                let expected = wallets saved.RootElement

                equal expected [
                    for expert in (latest.GetProperty "experts").EnumerateArray() -> trades expert
                ]

                isAbove 10L (List.max expected)

            testCase "the verdict is that of the saved state"
            <| fun () ->
                use folder = new Temporary()
                let run = Runs.watched TimeProvider.System
                Runs.session folder 1_000 (Some run)
                use feed = new Feed(run, WebOptions(IPAddress.Loopback, 0, null), TimeProvider.System)
                let latest = (json (Reader(feed, null).Next())).GetProperty "latest"
                let skill = latest.GetProperty "skill"
                let saved = nonNull (StateFile.Read(folder.File "state.json"))
                let verdict = saved.Run.Judge()
                isAbove 127 verdict.Blocks
                equal $"{verdict}" (string (skill.GetProperty "verdict"))
                equal verdict.Trials (skill.GetProperty("trials").GetInt32())
                equal (nonNull verdict.OverFlat).Sum ((skill.GetProperty "over_flat").GetProperty("sum").GetDouble())

            testCase "a watcher that says where it was goes on there"
            <| fun () ->
                let stream = Stream 10
                let first = Reader(stream.Feed, null).Next()
                stream.Make 25
                let reader = Reader(stream.Feed, first.EventId)
                equal [ 11L .. 25L ] (stepsOf (reader.Next()))
                let last = Reader(stream.Feed, $"{stream.Id}.25")
                equal [] (stepsOf (last.Next()))
                Expect.isTrue last.IsSilent "it has seen everything"
                stream.Make 26
                equal [ 26L ] (stepsOf (last.Next()))

            testCase "a watcher that comes back after the last step learns that the run has ended"
            <| fun () ->
                let stream = Stream 10
                stream.Run.OnCompleted()
                stream.Feed.Look()
                let event = Reader(stream.Feed, $"{stream.Id}.10").Next()
                holds ((json event).GetProperty("latest").GetProperty("is_over").GetBoolean())

            testCase "until it is known which run it is, a watcher keeps its place"
            <| fun () ->
                let stream = Stream 0
                stream.Run.IsReady <- false
                stream.Feed.Look()
                // As a feed that begins before the run is known.
                let feed = new Feed(stream.Run, WebOptions(IPAddress.Loopback, 0, null), stream.Clock)
                let id = (Stream 1).Id
                let known, other = Reader(feed, $"{id}.3"), Reader(feed, null)

                for reader in [ known; other ] do
                    let beat = reader.Next()
                    equal ("beat", "{}") (beat.EventType, beat.Data)
                    isNull' beat.EventId
                    holds reader.IsSilent

                stream.Make 5
                feed.Look()
                equal [ 4L; 5L ] (stepsOf (known.Next()))
                equal "snapshot" (other.Next().EventType)

            testCase "a new run is known before its first step"
            <| fun () ->
                let stream = Stream 0
                stream.Run.IsReady <- false
                let feed = new Feed(stream.Run, WebOptions(IPAddress.Loopback, 0, null), stream.Clock)
                let reader = Reader(feed, null)
                equal "beat" (reader.Next().EventType)
                stream.Run.IsReady <- true
                feed.Look()
                let first = reader.Next()
                equal ("snapshot", "new.0") (first.EventType, string first.EventId)

            testCase "a run that ends before it is known tells nothing"
            <| fun () ->
                let stream = Stream 0
                stream.Run.IsReady <- false
                let feed = new Feed(stream.Run, WebOptions(IPAddress.Loopback, 0, null), stream.Clock)
                let reader = Reader(feed, "0123456789abcdef.5")
                equal "beat" (reader.Next().EventType)
                feed.End ignore
                holds reader.HasEnded

            testCase "a look that fails is told, and the streams end all the same"
            <| fun () ->
                let stream = Stream 10
                let reader = Reader(stream.Feed, null)
                reader.Next() |> ignore
                let told = List<string>()
                stream.Run.OnCompleted()
                stream.Clock.Fault <- "no clock"
                stream.Feed.End(fun error -> told.Add error.Message)
                equal [ "no clock" ] (List.ofSeq told)
                holds reader.HasEnded

            testCase "an id of another run, of a later step, or none at all begins with a snapshot"
            <| fun () ->
                let stream = Stream 10
                let id = stream.Id

                for last in
                    [
                        "other.5"
                        $"{id}.11"
                        $"{id}."
                        $"{id}.-1"
                        $"{id}.5x"
                        $".5"
                        "\r\nX: 1"
                        $"{id}.99999999999999999999"
                        $"{id}.5.00000000"
                        $"{id}.5."
                        $"{id}.10.0.0"
                    ] do
                    equal "snapshot" (Reader(stream.Feed, last).Next().EventType)

            testCase "a run of the same name on other prices begins with a snapshot"
            <| fun () ->
                let half (candle: Candle) =
                    let of' price = price / 2.0
                    let high, low = of' candle.High, of' candle.Low

                    match
                        Candle.TryCreate(candle.OpenTime, of' candle.Open, high, low, of' candle.Close, candle.Volume)
                    with
                    | true, other, _ -> other
                    | _, _, error -> failwith $"{error}"

                let others =
                    (Runs.candles.Value |> List.map half)
                        .ToObservable(CurrentThreadScheduler.Instance)
                        .Trade(Runs.planAt Costs.None)
                        .Take(50)
                        .ToEnumerable()
                    |> List.ofSeq

                let one, other = Stream 10, Stream(others, 20)
                equal one.Id other.Id
                let place = string (Reader(one.Feed, null).Next().EventId)
                equal "snapshot" (Reader(other.Feed, place).Next().EventType)
                // Without its check the place is one of either run.
                equal "steps" (Reader(other.Feed, place[.. place.LastIndexOf '.' - 1]).Next().EventType)

            testCase "more than 100 new steps are a leap"
            <| fun () ->
                let stream = Stream 10
                let reader = Reader(stream.Feed, null)
                reader.Next() |> ignore
                stream.Make 110
                let steps = reader.Next()
                equal ("steps", 100) (steps.EventType, (stepsOf steps).Length)
                stream.Make 211
                let leap = reader.Next()
                equal ("leap", 110L, 211L) (leap.EventType, number "since" leap, number "step" leap)
                equal 1L stream.Feed.Leaps
                stream.Make 212
                equal [ 212L ] (stepsOf (reader.Next()))

            testCase "watchers at many places get what is theirs"
            <| fun () ->
                let stream = Stream 200

                for at in 100..199 do
                    let event = Reader(stream.Feed, $"{stream.Id}.{at}").Next()
                    equal [ int64 at + 1L .. 200L ] (stepsOf event)

            testCase "another run begins with a snapshot"
            <| fun () ->
                let stream = Stream 10
                let reader = Reader(stream.Feed, null)
                let first = reader.Next()
                stream.Again()
                let second = reader.Next()
                equal ("snapshot", 5L) (second.EventType, number "step" second)
                differs first.EventId second.EventId

            testCase "a step that comes at any moment of a look is told at this one or at the next"
            <| fun () ->
                let next = List.item 10 (Runs.steps 11)
                let mutable reached = 0

                // A look asks for the time a few times.
                for moment in 1..6 do
                    let stream = Stream 10
                    let reader = Reader(stream.Feed, null)
                    reader.Next() |> ignore
                    // Without news the look is a beat.
                    stream.Clock.Pass(TimeSpan.FromSeconds 10.0)
                    let asked = ref 0

                    stream.Clock.Asked <-
                        fun () ->
                            asked.Value <- asked.Value + 1

                            if asked.Value = moment then
                                stream.Run.OnNext next

                    stream.Feed.Look()
                    stream.Clock.Asked <- ignore

                    if asked.Value >= moment then
                        reached <- reached + 1
                        let first = reader.Next()

                        let told =
                            if first.EventType = "beat" then
                                // Who comes back with the place of the beat misses nothing either.
                                equal 10L (int64 ((string first.EventId).Split('.')[1]))
                                stream.Feed.Look()
                                reader.Next()
                            else
                                first

                        equal [ 11L ] (stepsOf told)

                isAtLeast 2 reached

            testCase "without news a watcher hears every ten seconds that the connection is alive"
            <| fun () ->
                let stream = Stream 10
                let reader = Reader(stream.Feed, null)
                reader.Next() |> ignore
                stream.Feed.Look()
                holds reader.IsSilent
                stream.Clock.Pass(TimeSpan.FromSeconds 10.0)
                stream.Feed.Look()
                let beat = reader.Next()
                equal ("beat", "{}") (beat.EventType, beat.Data)

            testCase "a watcher that does not read is disconnected after its patience, and one that waits is not"
            <| fun () ->
                let stream = Stream 10
                let stalled, waiting = Reader(stream.Feed, null), Reader(stream.Feed, null)
                stalled.Next() |> ignore
                waiting.Next() |> ignore
                holds waiting.IsSilent
                stream.Clock.Pass(TimeSpan.FromSeconds 29.0)
                equal (0, 0) (stalled.Aborted, waiting.Aborted)
                stream.Clock.Pass(TimeSpan.FromSeconds 2.0)
                equal (1, 0) (stalled.Aborted, waiting.Aborted)

            testCase "watchers are counted"
            <| fun () ->
                let stream = Stream 10
                let one, two = Reader(stream.Feed, null), Reader(stream.Feed, null)
                one.Next() |> ignore
                two.Next() |> ignore
                equal 2 stream.Feed.Watchers
                one.Leave()
                equal 1 stream.Feed.Watchers

            testCase "the end of the server is the end of the stream, after the last news"
            <| fun () ->
                let stream = Stream 10
                let reader = Reader(stream.Feed, null)
                reader.Next() |> ignore
                holds reader.IsSilent
                stream.Run.OnCompleted()
                stream.Feed.Look()
                stream.Feed.Dispose()
                let last = reader.Next()
                holds ((json last).GetProperty("latest").GetProperty("is_over").GetBoolean())

            testCase "a watcher that comes and goes at any step misses none and sees none twice"
            <| fun () ->
                let stream = Stream 1
                let seen = List<int64>()
                let mutable last = Reader(stream.Feed, null).Next().EventId

                for i in 1..60 do
                    stream.Make(1 + i * 7 % 11 + 12 * i)
                    let event = Reader(stream.Feed, last).Next()
                    seen.AddRange(stepsOf event)
                    last <- event.EventId

                equal [ 2L .. int64 (1 + 60 * 7 % 11 + 12 * 60) ] (List.ofSeq seen)
        ]
