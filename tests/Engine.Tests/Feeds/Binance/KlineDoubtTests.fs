namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Threading.Channels
open System.Threading.Tasks
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds
open Scripted

/// When a feed doubts its stream, how long that takes, and what it costs.
[<TestFixture>]
type KlineDoubtTests() =

    /// The first stream is given up within these seconds, once, for this reason, and the candles go on.
    let isLeft (earliest: float) (latest: float) (reason: string) (followed: Followed) =
        match reconnects followed with
        | [ second, why ] ->
            Assert.That(second, Is.InRange(earliest, latest))
            Assert.That(why, Does.Contain reason)
        | others -> Assert.Fail $"%A{others}"

        equal [ 0; 1 ] [ for _, minute in candles followed -> minute ]

    let arrival (followed: Followed) = fst (candles followed).Head

    /// A first stream that does something else with its messages than to bring them.
    let playing (send: ChannelWriter<StreamMessage> -> int -> unit) (clock: TimeProvider) =
        let usual = well clock
        let first () = Task.FromResult(streamOf clock send (fun () -> Task.FromResult(())))

        { usual with
            Stream = fun number stop -> if number = 1 then first () else usual.Stream number stop
        }

    /// A first stream that says nothing after a second.
    let until (limit: int) (clock: TimeProvider) =
        firstStream (fun second -> if second > limit then [] else [ shown second ]) clock

    /// The waits between the openings of streams.
    let waits (followed: Followed) = [ for one, next in List.pairwise followed.Streams -> Math.Round(next - one, 3) ]

    [<Test>]
    member _.``a stream that falls silent is left before the candle closes``() =
        let followed = follow 150.0 (until 40)
        isLeft 46.0 54.0 "silent, although there are trades" followed
        equal 60.0 (arrival followed)

    [<Test>]
    member _.``a stream that says old things now and then is left like a silent one``() =
        let repeats second =
            if second <= 40 then [ shown second ]
            elif second % 10 = 0 then [ shown 40 ]
            else []

        isLeft 46.0 54.0 "silent, although there are trades" (follow 150.0 (firstStream repeats))

    [<Test>]
    member _.``a stream that falls silent while nobody answers is left, too``() =
        let mute (clock: TimeProvider) = { until 40 clock with Page = fun _ stop -> hangs clock stop }
        let followed = follow 150.0 mute
        isLeft 46.0 58.0 "silent, and nobody answers" followed
        equal 60.0 (arrival followed)

    [<Test>]
    member _.``a stream that shows the same again and again is left when a candle is overdue``() =
        let followed = follow 150.0 (firstStream (fun second -> [ shown (min second 40) ]))
        isLeft 70.0 74.0 "did not bring the trades" followed
        Assert.That(arrival followed, Is.InRange(70.0, 74.0))

    [<Test>]
    member _.``a server that shuts down is left at once``() =
        let shuts second = if second = 40 then [ message StreamMessageKind.Shutdown ] else [ shown second ]
        isLeft 40.0 40.0 "shuts down" (follow 150.0 (firstStream shuts))

    [<Test>]
    member _.``a stream that ends is followed by another, and the feed says when``() =
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

            let recovered =
                [
                    for second, event in followed.Events do
                        match event with
                        | :? FeedEvent.Recovered as back -> second, back.Outage
                        | _ -> ()
                ]

            equal [ 40.75, TimeSpan.FromSeconds 0.75 ] recovered

    [<Test>]
    member _.``a stream is replaced before the exchange cuts it, right after a close``() =
        let young =
            KlineFeedOptions(
                IsInline = true,
                Jitter = Func<float>(fun () -> 0.5),
                PlannedLife = TimeSpan.FromSeconds 80.0
            )

        isLeft 120.0 120.0 "renewed before the exchange cuts it" (followWith young 0 150.0 well)

    [<Test>]
    member _.``a stream that names a candle of which nobody has a row is left at once``() =
        // The exchange has lost the minute, and does not know of the next one yet.
        let lost (clock: TimeProvider) =
            { firstStream (fun second -> if second = 60 then [] else [ shown second ]) clock with
                Page = fun _ _ -> pageOf []
            }

        let followed = follow 70.0 lost
        equal [ 64.0 ] (reconnects followed |> List.truncate 1 |> List.map fst)
        Assert.That(snd (reconnects followed).Head, Does.Contain "does not have")
        equal 2 (followed.Pages |> List.filter (fun second -> second < 64.5)).Length

    [<Test>]
    member _.``pages that stay behind the stream are not asked for ever``() =
        // They never show the last trades of a candle, and its closing frame is lost.
        let behind (clock: TimeProvider) =
            { firstStream (fun second -> if second = 60 then [] else [ shown second ]) clock with
                Page = fun from _ -> pageOf (rows from (min 55.0 (secondOf clock)))
            }

        let followed = follow 300.0 behind
        Assert.That(fst (reconnects followed).Head, Is.InRange(70.0, 85.0))
        equal [] (candles followed)

    [<Test>]
    member _.``a frame that was wrong stands in the way of its candle for five minutes at most``() =
        let wrong = Kline(Candles.at noon 100.0 1.0, 1_000_000L, false)

        let lying (clock: TimeProvider) =
            firstStream (fun second -> if second = 40 then [ frame wrong ] else [ shown second ]) clock

        let followed = follow 500.0 lying
        equal [ 0..7 ] [ for _, minute in candles followed -> minute ]

        for second, minute in candles followed do
            if minute < 5 then
                Assert.That(second, Is.InRange(360.0, 395.0))

    [<Test>]
    member _.``a candle that nobody has is asked for every ten seconds at most``() =
        let none (clock: TimeProvider) = { until 58 clock with Page = fun _ _ -> pageOf [] }
        let followed = follow 330.0 none
        // The feed began with one question.
        Assert.That(followed.Times.Length, Is.InRange(10, 30))

    [<Test>]
    member _.``a market without trades is asked about ever more seldom, and its stream is left alone``() =
        let quiet (clock: TimeProvider) =
            let flat (opens: int64) = Kline(Candles.at opens 100.0 0.0, 0L, false)
            let last () = noon + int64 (secondOf clock * 1_000.0)

            { firstStream (fun _ -> []) clock with
                Page = fun from _ -> pageOf [ for opens in from..minute .. last () -> flat opens ]
            }

        let followed = follow 630.0 quiet
        equal [] (reconnects followed)
        equal [ 0..8 ] [ for _, minute in candles followed |> List.truncate 9 -> minute ]
        // Once for each candle, and the first few minutes a little more often.
        Assert.That(followed.Times.Length, Is.LessThanOrEqualTo 20)

    [<Test>]
    member _.``the waits before a reconnect double, up to half a minute``() =
        let refused (clock: TimeProvider) =
            { well clock with
                Stream = fun _ _ -> Task.FromException<IKlineStream>(IOException "refused")
            }

        equal [ 0.75; 1.5; 3.0; 6.0; 12.0; 22.5; 22.5 ] (waits (follow 110.0 refused))

    [<TestCase(0.0, 0.5)>]
    [<TestCase(0.9, 0.95)>]
    member _.``a part of the wait is drawn, so that not all come at once``(drawn: float, wait: float) =
        let refused (clock: TimeProvider) =
            { well clock with
                Stream = fun _ _ -> Task.FromException<IKlineStream>(IOException "refused")
            }

        let drawing = KlineFeedOptions(IsInline = true, Jitter = Func<float>(fun () -> drawn))
        equal wait (waits (followWith drawing 0 40.0 refused)).Head

    [<Test>]
    member _.``only a stream that has brought some frames begins the waits anew``() =
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
        let pauses (followed: Followed) =
            [
                for second, _ in reconnects followed do
                    match followed.Streams |> List.tryFind (fun opened -> opened > second) with
                    | Some opened -> Math.Round(opened - second, 3)
                    | None -> ()
            ]

        equal [ 0.75; 1.5; 3.0 ] (follow 58.0 (ending 1) |> pauses |> List.truncate 3)
        equal [ 0.75; 0.75; 0.75 ] (follow 100.0 (ending 4) |> pauses |> List.truncate 3)
