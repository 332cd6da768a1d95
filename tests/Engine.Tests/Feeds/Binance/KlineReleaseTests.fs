namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.FakeExchange
open Scripted

/// How a feed ends, and the next one begins. A second subscription waits for the end of the first, so it begins when
/// the first has ended.
module KlineReleaseTests =

    let private never () = TaskCompletionSource().Task

    let private listen (events: IObservable<FeedEvent>) = events.Subscribe(fun (_: FeedEvent) -> ())

    let private eventsOf (exchange: ScriptedExchange) (start: unit -> FeedStart) (clock: TimeProvider) =
        KlineFeed.Events(exchange, Timeframe.OneMinute, (fun () -> start ()), options, clock)

    /// Subscribes, disposes of it a second later, and subscribes again: whether that begins at once.
    let private isReleased (from: float) (script: TimeProvider -> Script) =
        Virtual.run (fun () ->
            let clock = VirtualTime(moment from)
            let exchange = ScriptedExchange(script (clock :> TimeProvider), (fun () -> secondOf clock))
            let begun = ref 0

            let start () =
                begun.Value <- begun.Value + 1
                FeedStart(Nullable(), 1)

            let events = eventsOf exchange start clock
            let first = listen events
            clock.Run(never (), moment (from + 1.0)) |> ignore
            equal 1 begun.Value
            first.Dispose()
            use _ = listen events
            begun.Value = 2)

    let private now () = FeedStart(Nullable(), 0)

    let private refused (clock: TimeProvider) = {
        well clock with
            Stream = fun _ _ -> Task.FromException<IKlineStream>(IOException "refused")
    }

    [<Tests>]
    let tests =
        testList "KlineReleaseTests" [
            testCase "it lets go at once, whatever it waits for"
            <| fun () ->
                // The time, a page, a stream, the next reconnect, a frame.
                equal true (isReleased 30.0 (fun clock -> { well clock with Time = hangs clock }))
                equal true (isReleased 30.0 (fun clock -> { well clock with Page = fun _ stop -> hangs clock stop }))
                equal true (isReleased 30.0 (fun clock -> { well clock with Stream = fun _ stop -> hangs clock stop }))
                equal true (isReleased 30.0 refused)
                equal true (isReleased 30.0 well)
                // A second look at a candle that has just closed.
                equal true (isReleased 1.0 well)

            testCase "it lets go at once of a question about a silent stream"
            <| fun () ->
                Virtual.run (fun () ->
                    let clock = VirtualTime(moment 30.0)
                    let isStopped = ref false

                    let page (_: int64) (stop: CancellationToken) =
                        stop.Register(Action(fun () -> isStopped.Value <- true)) |> ignore
                        hangs clock stop

                    let exchange =
                        ScriptedExchange(
                            { firstStream (fun _ -> []) clock with Page = page },
                            (fun () -> secondOf clock)
                        )

                    let events = eventsOf exchange now clock
                    let first = listen events
                    clock.Run(never (), moment 40.0) |> ignore
                    equal 1 exchange.Pages.Count
                    first.Dispose()
                    equal true isStopped.Value
                    use _ = listen events
                    equal 2 exchange.Streams.Count)

            testCase "a second subscription waits until the first has let go of its stream"
            <| fun () ->
                Virtual.run (fun () ->
                    let clock = VirtualTime(moment 30.0)
                    let isOpen = ref 0
                    let most = ref 0

                    // Its end takes five seconds.
                    let slow (_: int) (_: CancellationToken) =
                        isOpen.Value <- isOpen.Value + 1
                        most.Value <- max most.Value isOpen.Value

                        let close () =
                            task {
                                do! wait 5.0 clock CancellationToken.None
                                isOpen.Value <- isOpen.Value - 1
                            }

                        Task.FromResult(
                            streamOf clock (fun writer second -> writer.TryWrite(shown second) |> ignore) close
                        )

                    let exchange = ScriptedExchange({ well clock with Stream = slow }, (fun () -> secondOf clock))
                    let events = eventsOf exchange now clock
                    let first = listen events
                    clock.Run(never (), moment 40.0) |> ignore
                    first.Dispose()
                    use _ = listen events
                    clock.Run(never (), moment 60.0) |> ignore
                    equal [ 30.0; 45.0 ] (List.ofSeq exchange.Times)
                    equal [ 30.0; 45.0 ] (List.ofSeq exchange.Streams)
                    equal 1 most.Value)
        ]
