namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Threading.Channels
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds
open Scripted

/// When a feed doubts its stream, how long that takes, and what it costs.
module KlineDoubtTests =

    /// The first stream is given up within these seconds, once, for this reason, and the candles go on.
    let private isLeft (earliest: float) (latest: float) (reason: string) (followed: Followed) =
        match reconnects followed with
        | [ second, why ] ->
            isWithin earliest latest second
            contains reason why
        | others -> failtest $"%A{others}"

        equal [ 0; 1 ] [ for _, minute in candles followed -> minute ]

    let private arrival (followed: Followed) = fst (candles followed).Head

    /// A first stream that does something else with its messages than to bring them.
    let private playing (send: ChannelWriter<StreamMessage> -> int -> unit) (clock: TimeProvider) =
        let usual = well clock
        let first () = Task.FromResult(streamOf clock send (fun () -> Task.FromResult(())))

        {
            usual with
                Stream = fun number stop -> if number = 1 then first () else usual.Stream number stop
        }

    /// A first stream that says nothing after a second.
    let private until (limit: int) (clock: TimeProvider) =
        firstStream (fun second -> if second > limit then [] else [ shown second ]) clock

    /// The waits between the openings of streams.
    let private waits (followed: Followed) = [
        for one, next in List.pairwise followed.Streams -> Math.Round(next - one, 3)
    ]

    [<Tests>]
    let tests =
        testList "KlineDoubtTests" [
            testCase "a stream that falls silent is left before the candle closes"
            <| fun () ->
                let followed = follow 150.0 (until 40)
                isLeft 46.0 54.0 "silent, although there are trades" followed
                equal 60.0 (arrival followed)

            testCase "a stream that says old things now and then is left like a silent one"
            <| fun () ->
                let repeats second =
                    if second <= 40 then [ shown second ]
                    elif second % 10 = 0 then [ shown 40 ]
                    else []

                isLeft 46.0 54.0 "silent, although there are trades" (follow 150.0 (firstStream repeats))

            testCase "a stream that falls silent while nobody answers is left, too"
            <| fun () ->
                let mute (clock: TimeProvider) = { until 40 clock with Page = fun _ stop -> hangs clock stop }
                let followed = follow 150.0 mute
                isLeft 46.0 58.0 "silent, and nobody answers" followed
                equal 60.0 (arrival followed)

            testCase "a stream that shows the same again and again is left when a candle is overdue"
            <| fun () ->
                let followed = follow 150.0 (firstStream (fun second -> [ shown (min second 40) ]))
                isLeft 70.0 74.0 "did not bring the trades" followed
                isWithin 70.0 74.0 (arrival followed)

            testCase "a server that shuts down is left at once"
            <| fun () ->
                let shuts second = if second = 40 then [ message StreamMessageKind.Shutdown ] else [ shown second ]
                isLeft 40.0 40.0 "shuts down" (follow 150.0 (firstStream shuts))

            testCase "a stream that ends is followed by another, and the feed says when"
            <| fun () ->
                let closed second = if second = 40 then [ message StreamMessageKind.Closed ] else [ shown second ]

                let lost (writer: ChannelWriter<StreamMessage>) second =
                    if second = 40 then
                        writer.TryComplete(IOException "connection reset") |> ignore
                    else
                        writer.TryWrite(shown second) |> ignore

                for script, reason in [ firstStream closed, "closed the stream"; playing lost, "connection reset" ] do
                    let followed = follow 150.0 script
                    isLeft 40.0 40.0 reason followed
                    equal [ 30.0; 40.75 ] followed.Streams

                    let recovered = [
                        for second, event in followed.Events do
                            match event with
                            | :? FeedEvent.Recovered as back -> second, back.Outage
                            | _ -> ()
                    ]

                    equal [ 40.75, TimeSpan.FromSeconds 0.75 ] recovered

            testCase "a stream is replaced before the exchange cuts it, right after a close"
            <| fun () ->
                let young =
                    KlineFeedOptions(
                        IsInline = true,
                        Jitter = Func<float>(fun () -> 0.5),
                        PlannedLife = TimeSpan.FromSeconds 80.0
                    )

                isLeft 120.0 120.0 "renewed before the exchange cuts it" (followWith young 0 150.0 well)

            testCase "a stream that names a candle of which nobody has a row is left at once"
            <| fun () ->
                // The exchange has lost the minute, and does not know of the next one yet.
                let lost (clock: TimeProvider) = {
                    firstStream (fun second -> if second = 60 then [] else [ shown second ]) clock with
                        Page = fun _ _ -> pageOf []
                }

                let followed = follow 70.0 lost
                equal [ 64.0 ] (reconnects followed |> List.truncate 1 |> List.map fst)
                contains "does not have" (snd (reconnects followed).Head)
                equal 2 (followed.Pages |> List.filter (fun second -> second < 64.5)).Length

            testCase "pages that stay behind the stream are not asked for ever"
            <| fun () ->
                // They never show the last trades of a candle, and its closing frame is lost.
                let behind (clock: TimeProvider) = {
                    firstStream (fun second -> if second = 60 then [] else [ shown second ]) clock with
                        Page = fun from _ -> pageOf (rows from (min 55.0 (secondOf clock)))
                }

                let followed = follow 300.0 behind
                isWithin 70.0 85.0 (fst (reconnects followed).Head)
                equal [] (candles followed)

            testCase "a frame that was wrong stands in the way of its candle for five minutes at most"
            <| fun () ->
                let wrong = Kline(Candles.at noon 100.0 1.0, 1_000_000L, false)

                let lying (clock: TimeProvider) =
                    firstStream (fun second -> if second = 40 then [ frame wrong ] else [ shown second ]) clock

                let followed = follow 500.0 lying
                equal [ 0..7 ] [ for _, minute in candles followed -> minute ]

                for second, minute in candles followed do
                    if minute < 5 then
                        isWithin 360.0 395.0 second

            testCase "a candle that nobody has is asked for every ten seconds at most"
            <| fun () ->
                let none (clock: TimeProvider) = { until 58 clock with Page = fun _ _ -> pageOf [] }
                let followed = follow 330.0 none
                // The feed began with one question.
                isWithin 10 30 followed.Times.Length

            testCase "a market without trades is asked about ever more seldom, and its stream is left alone"
            <| fun () ->
                let quiet (clock: TimeProvider) =
                    let flat (opens: int64) = Kline(Candles.at opens 100.0 0.0, 0L, false)
                    let last () = noon + int64 (secondOf clock * 1_000.0)

                    {
                        firstStream (fun _ -> []) clock with
                            Page = fun from _ -> pageOf [ for opens in from..minute .. last () -> flat opens ]
                    }

                let followed = follow 630.0 quiet
                equal [] (reconnects followed)
                equal [ 0..8 ] [ for _, minute in candles followed |> List.truncate 9 -> minute ]
                // Once for each candle, and the first few minutes a little more often.
                isAtMost 20 followed.Times.Length

            testCase "the waits before a reconnect double, up to half a minute"
            <| fun () ->
                let refused (clock: TimeProvider) = {
                    well clock with
                        Stream = fun _ _ -> Task.FromException<IKlineStream>(IOException "refused")
                }

                equal [ 0.75; 1.5; 3.0; 6.0; 12.0; 22.5; 22.5 ] (waits (follow 110.0 refused))

            cases "a part of the wait is drawn, so that not all come at once" [ 0.0, 0.5; 0.9, 0.95 ]
            <| fun (drawn: float, wait: float) ->
                let refused (clock: TimeProvider) = {
                    well clock with
                        Stream = fun _ _ -> Task.FromException<IKlineStream>(IOException "refused")
                }

                let drawing = KlineFeedOptions(IsInline = true, Jitter = Func<float>(fun () -> drawn))
                equal wait (waits (followWith drawing 0 40.0 refused)).Head

            testCase "only a stream that has brought some frames begins the waits anew"
            <| fun () ->
                let ending (frames: int) (clock: TimeProvider) =
                    let usual = well clock

                    let cut () =
                        let left = ref frames

                        stream clock (fun second ->
                            left.Value <- left.Value - 1

                            if left.Value < 0 then
                                [ message StreamMessageKind.Closed ]
                            else
                                [ shown second ])

                    { usual with Stream = fun _ _ -> cut () }

                // The waits alone, without the lives of the streams.
                let pauses (followed: Followed) = [
                    for second, _ in reconnects followed do
                        match followed.Streams |> List.tryFind (fun opened -> opened > second) with
                        | Some opened -> Math.Round(opened - second, 3)
                        | None -> ()
                ]

                equal [ 0.75; 1.5; 3.0 ] (follow 58.0 (ending 1) |> pauses |> List.truncate 3)
                equal [ 0.75; 0.75; 0.75 ] (follow 100.0 (ending 4) |> pauses |> List.truncate 3)
        ]
