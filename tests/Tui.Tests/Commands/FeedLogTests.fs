namespace BtcBandit.Tui.Tests.Commands

open System
open System.Collections.Generic
open System.Reactive.Subjects
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Tests.Programs

/// A clock that is set.
type SetTime() =
    inherit TimeProvider()

    member val Seconds = 0.0 with get, set

    override _.TimestampFrequency = TimeSpan.TicksPerSecond
    override this.GetTimestamp() = int64 (this.Seconds * float TimeSpan.TicksPerSecond)
    override this.GetUtcNow() = DateTimeOffset(2024, 3, 4, 12, 0, 0, TimeSpan.Zero).AddSeconds this.Seconds

module FeedLogTests =

    let private live =
        FeedHealth(IsConnected = true, Phase = FeedPhase.Live, LastMessage = Nullable DateTimeOffset.UnixEpoch)

    /// The lines that healths leave, each told at a second.
    let private linesOf tellsGaps (healths: (float * FeedHealth) list) =
        let clock = SetTime()
        use health = new BehaviorSubject<FeedHealth>(FeedHealth.NotConnected)
        let lines = List<string>()
        use _ = new FeedLog(health, clock, (fun line -> lines.Add line), tellsGaps)

        for second, now in healths do
            clock.Seconds <- second
            health.OnNext now

        List.ofSeq lines

    let private waiting reason =
        FeedHealth(
            Phase = FeedPhase.Waiting,
            Detail = reason,
            Until = Nullable(DateTimeOffset(2024, 3, 4, 12, 1, 0, TimeSpan.Zero))
        )

    [<Tests>]
    let tests =
        testList "FeedLogTests" [
            testCase "a loss and the recovery are dated, and say how long it took"
            <| fun () ->
                equal
                    [
                        "2024-03-04 12:00:01 UTC  live: candles come as they close"
                        "2024-03-04 12:00:05 UTC  connection lost: reset"
                        "2024-03-04 12:02:10 UTC  connected again after 125 s"
                    ]
                    (linesOf true [
                        1.0, live
                        5.0, FeedHealth(Phase = FeedPhase.Waiting, Detail = "reset", LastMessage = live.LastMessage)
                        130.0,
                        FeedHealth(
                            IsConnected = true,
                            Phase = FeedPhase.Live,
                            LastMessage = live.LastMessage,
                            Reconnects = 1L
                        )
                    ])

            testCase "a reason to wait is told once, until candles come"
            <| fun () ->
                let fetching = FeedHealth(Phase = FeedPhase.Backfilling, Detail = "20 candles")

                equal
                    [
                        "2024-03-04 12:00:01 UTC  waiting: HTTP 503; next attempt 12:01:00 UTC"
                        "2024-03-04 12:00:05 UTC  waiting: refused; next attempt 12:01:00 UTC"
                        "2024-03-04 12:00:06 UTC  live: candles come as they close"
                    ]
                    (linesOf true [
                        1.0, waiting "HTTP 503"
                        2.0, fetching
                        3.0, waiting "HTTP 503"
                        4.0, fetching
                        5.0, waiting "refused"
                        6.0, live
                    ])

            cases "gaps are left to a log that has them" [ true, 2; false, 1 ]
            <| fun (tellsGaps: bool, lines: int) ->
                let holed = FeedHealth(IsConnected = true, Phase = FeedPhase.Live, MissingCandles = 3L)
                equal lines (linesOf tellsGaps [ 1.0, live; 2.0, holed ]).Length
        ]
