namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Collections.Generic
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.FakeExchange

/// Live candles over sockets of this machine, in accelerated time.
module SocketTests =

    /// A port of this machine on which nobody listens.
    let private closedPort () =
        use listener = new TcpListener(IPAddress.Loopback, 0)
        listener.Start()
        (listener.LocalEndpoint :?> IPEndPoint).Port

    let private feedOf rest stream history clock =
        let start = FeedStart(Nullable(), history)
        BinanceFeed.Open(OverSockets.pair, Timeframe.OneMinute, BinanceHosts(rest, stream), (fun () -> start), clock)

    [<Tests>]
    let tests =
        testList "SocketTests" [
            testCaseTask "everything but an outage at once, for two hours"
            <| fun () ->
                OverSockets.test (fun () ->
                    task {
                        let setup = { OverSockets.setup with Faults = OverSockets.everything }
                        let! ran, fault = OverSockets.run setup OverSockets.undisturbed
                        equal None fault
                        Expect.isGreaterThan ran.Plan.Struck.Count 12 "hardly anything went wrong"
                    })

            testCaseTask "the feed that the program opens brings history and then each candle"
            <| fun () ->
                OverSockets.test (fun () ->
                    task {
                        let rows = OverSockets.minutes 0 200
                        let clock = ScaledTime(20.0, (OverSockets.momentOf rows[100]).AddSeconds 45.0)
                        let market = Market(rows, FaultPlan([], 0.0, 1), clock, TimeSpan.Zero)
                        use! exchange = WebExchange.Start(market, clock, 0)
                        // What is compiled for the first request takes its time, which is not the exchange's.
                        use http = new HttpClient()
                        let! _ = http.GetStringAsync(Uri(exchange.Address, "/api/v3/time"))

                        let feed = feedOf exchange.Address (OverSockets.streamOf exchange.Address) 100 clock
                        let candles = List<Candle>()
                        let finished = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
                        let health = ref FeedHealth.NotConnected
                        use changes = feed.Health.Subscribe(fun (now: FeedHealth) -> health.Value <- now)

                        let hear (candle: Candle) =
                            candles.Add candle

                            if candles.Count = 102 then
                                finished.TrySetResult() |> ignore

                        let fail (error: exn) = finished.TrySetException error |> ignore
                        use subscription = feed.Candles.Subscribe(hear, fail)
                        do! finished.Task.WaitAsync(TimeSpan.FromSeconds 30.0)
                        equal true health.Value.IsConnected
                        subscription.Dispose()
                        equal FeedPhase.Ended health.Value.Phase
                        equal 0L feed.Report.MissingCandles

                        // On a busy machine a minute or more may pass before the first page is asked for.
                        let first = rows |> Array.findIndex (fun row -> row.OpenTime = candles[0].OpenTime)

                        for candle, row in Seq.zip candles (Array.skip first rows) do
                            Expect.isTrue (KlineMatrix.same candle row) $"{candle}, recorded {row}"
                    })

            testCaseTask "the plug is pulled for minutes and put back"
            <| fun () ->
                OverSockets.test (fun () ->
                    task {
                        let pull (following: Following) =
                            task {
                                let! isLive =
                                    OverSockets.becomes (TimeSpan.FromSeconds 20.0) (fun () ->
                                        following.Heard.Count >= 205)

                                equal true isLive
                                following.Exchange.IsUnplugged <- true
                                // Real time: the exchange, the feed and the sockets between them run on.
                                do! Task.Delay 500
                                following.Exchange.IsUnplugged <- false
                            }

                        let! ran, fault = OverSockets.run { OverSockets.setup with Minutes = 30 } pull
                        equal None fault
                        isAbove 0 ran.Heard.Reconnects
                        isAbove 0 ran.Heard.Recoveries
                    })

            casesTask "it lets go within two seconds of" [
                "a page that never comes"
                "live"
                "a stream that is half open"
                "a ban"
                "a wait before a reconnect"
            ]
            <| fun (phase: string) ->
                OverSockets.test (fun () ->
                    task {
                        // The first request is answered, the second one is not.
                        let hanging =
                            Seq.initInfinite (fun seed -> FaultPlan([ Fault.Timeout ], 0.125, seed))
                            |> Seq.find (fun plan ->
                                plan.Draw(1L, int Fault.Timeout) >= 0.5
                                && plan.Draw(2L, int Fault.Timeout) < 0.5)

                        let plan, speed, wanted =
                            match phase with
                            | "live" -> FaultPlan([], 0.0, 1), 10.0, FeedPhase.Live
                            | "a stream that is half open" ->
                                FaultPlan([ Fault.HalfOpen ], 1.0, 1), 60.0, FeedPhase.Live
                            | "a ban" -> FaultPlan([ Fault.Ban ], 1.0, 1), 1.0, FeedPhase.Banned
                            | "a wait before a reconnect" ->
                                FaultPlan([ Fault.Refuse ], 1.0, 1), 1.0, FeedPhase.Waiting
                            | _ -> hanging, 1.0, FeedPhase.Backfilling

                        let rows = OverSockets.minutes 0 300
                        let clock = ScaledTime(speed, OverSockets.momentOf rows[200])
                        let market = Market(rows, plan, clock, TimeSpan.Zero)
                        use! exchange = WebExchange.Start(market, clock, 0)
                        let ledger = Ledger()
                        let client = OverSockets.client exchange.Address ledger (OverSockets.patience speed) clock
                        let long = TimeSpan.FromHours 1.0

                        let doubts =
                            KlineFeedOptions(Silence = long, Overdue = long, FirstBackoff = long, MaxBackoff = long)

                        let begun = ref 0
                        let phaseNow = ref FeedPhase.Ended

                        let start () =
                            begun.Value <- begun.Value + 1
                            FeedStart(Nullable rows[0].OpenTime, 0)

                        let events = KlineFeed.Events(client, Timeframe.OneMinute, (fun () -> start ()), doubts, clock)

                        let hear (event: FeedEvent) =
                            match event with
                            | :? FeedEvent.Progress as progress -> phaseNow.Value <- progress.Phase
                            | _ -> ()

                        let isThere () =
                            phaseNow.Value = wanted
                            && (not (plan.Has Fault.HalfOpen) || plan.Struck.ContainsKey Fault.HalfOpen)

                        use first = events.Subscribe(fun (event: FeedEvent) -> hear event)
                        let! hasCome = OverSockets.becomes (TimeSpan.FromSeconds 20.0) isThere
                        equal true hasCome
                        // Real time: into the middle of what a socket does.
                        do! Task.Delay 200
                        first.Dispose()
                        // A second subscription waits for the end of the first one.
                        use second = events.Subscribe(fun (event: FeedEvent) -> hear event)
                        let! hasEnded = OverSockets.becomes (TimeSpan.FromSeconds 2.0) (fun () -> begun.Value = 2)
                        equal true hasEnded
                        second.Dispose()

                        let! isFree =
                            OverSockets.becomes (TimeSpan.FromSeconds 2.0) (fun () ->
                                market.OpenStreams = 0 && ledger.Open = 0)

                        equal true isFree
                        isAtMost 1 ledger.Most
                    })

            casesTask "without a network it gives up within ten seconds and names the host" [
                "a port on which nobody listens"
                "a host that does not exist"
            ]
            <| fun (network: string) ->
                OverSockets.test (fun () ->
                    task {
                        let host, rest =
                            if network = "a host that does not exist" then
                                "no-such-host.invalid", Uri "http://no-such-host.invalid"
                            else
                                "127.0.0.1", Uri $"http://127.0.0.1:{closedPort ()}"

                        let speed = 4.0
                        let clock = ScaledTime(speed, DateTimeOffset(2024, 3, 4, 12, 0, 0, TimeSpan.Zero))
                        let feed = feedOf rest (Uri "ws://127.0.0.1:1") 10 clock
                        let failed = TaskCompletionSource<exn>(TaskCreationOptions.RunContinuationsAsynchronously)
                        let fail (error: exn) = failed.TrySetResult error |> ignore
                        use subscription = feed.Candles.Subscribe((fun (_: Candle) -> ()), fail)
                        // A turn takes a little longer than its ten milliseconds.
                        let limit = TimeSpan.FromSeconds(0.95 * 10.0 / speed)
                        let! hasFailed = OverSockets.becomes limit (fun () -> failed.Task.IsCompleted)
                        equal true hasFailed
                        let! error = failed.Task

                        match error with
                        | :? FeedException as failure ->
                            match failure.Fault with
                            | :? FeedFault.ExchangeUnreachable as unreachable -> equal host unreachable.Host
                            | other -> failtest $"{other}"
                        | other -> failtest $"{other}"
                    })
        ]
