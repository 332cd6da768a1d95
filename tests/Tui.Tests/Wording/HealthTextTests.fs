namespace BtcBandit.Tui.Tests.Wording

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Wording
open BtcBandit.Tui.Tests.Programs

module HealthTextTests =

    let private time = DateTimeOffset(2024, 3, 4, 12, 0, 5, TimeSpan.Zero)

    let private live = FeedHealth(IsConnected = true, Phase = FeedPhase.Live, LastMessage = Nullable time)

    let private lost =
        FeedHealth(Phase = FeedPhase.Waiting, Detail = "the server closed the stream", LastMessage = Nullable time)

    let private change (before: FeedHealth) (now: FeedHealth) = HealthText.Change(before, now) |> Option.ofObj

    [<Tests>]
    let tests =
        testList "HealthTextTests" [
            testCase "a loss, its attempts and the recovery are two lines"
            <| fun () ->
                let again = FeedHealth(Phase = FeedPhase.Waiting, Detail = "refused", LastMessage = Nullable time)
                let opening = FeedHealth(Phase = FeedPhase.Connecting, LastMessage = Nullable time)

                let back =
                    FeedHealth(IsConnected = true, Phase = FeedPhase.Live, LastMessage = Nullable time, Reconnects = 1L)

                equal
                    [
                        Some "connection lost: the server closed the stream"
                        None
                        None
                        None
                        Some "connected again"
                        None
                    ]
                    ([ live; lost; opening; again; lost; back; back ]
                     |> List.pairwise
                     |> List.map (fun (one, two) -> change one two))

            testCase "before the first connection, each new reason to wait is a line"
            <| fun () ->
                let waiting reason = FeedHealth(Phase = FeedPhase.Waiting, Detail = reason, Until = Nullable time)

                equal
                    (Some "waiting: refused; next attempt 12:00:05 UTC")
                    (change FeedHealth.NotConnected (waiting "refused"))

                equal None (change (waiting "refused") (waiting "refused"))

                equal
                    (Some "waiting: no answer; next attempt 12:00:05 UTC")
                    (change (waiting "refused") (waiting "no answer"))

            testCase "a ban and missing candles are told, whatever the connection does"
            <| fun () ->
                let banned =
                    FeedHealth(
                        IsConnected = true,
                        Phase = FeedPhase.Banned,
                        Detail = "HTTP 418",
                        Until = Nullable time,
                        LastMessage = Nullable time
                    )

                equal (Some "banned by the exchange: HTTP 418; next attempt 12:00:05 UTC") (change live banned)
                let holed count = FeedHealth(IsConnected = true, Phase = FeedPhase.Live, MissingCandles = count)
                equal (Some "1 candle is missing: the exchange has no such candles") (change live (holed 1L))
                equal (Some "89 candles are missing: the exchange has no such candles") (change (holed 1L) (holed 90L))

            testCase "before the first step the dashboard says what the feed does"
            <| fun () ->
                let lines (health: FeedHealth) =
                    let mode = RunMode.Live health
                    let run = RunInfo(Mode = mode, NextClose = Nullable(TimeSpan.FromSeconds 23.0))
                    List.ofSeq (WaitingText.Of(run, [| LogLine(1L, RunNote.Remark "continuing") |]))

                let banned = FeedHealth(Phase = FeedPhase.Banned, Detail = "HTTP 418", Until = Nullable time)

                equal
                    [
                        "The candles before the first step are being fetched."
                        "feed: banned by the exchange: HTTP 418; next attempt 12:00:05 UTC"
                        "continuing"
                    ]
                    (lines banned)

                equal
                    [
                        "The history is there. The first step comes with the next candle, which closes in 23 s."
                        "feed: live"
                        "continuing"
                    ]
                    (lines live)

            testCase "the end of the feed is no loss"
            <| fun () ->
                equal None (change live (FeedHealth(Phase = FeedPhase.Ended, LastMessage = Nullable time)))
                equal None (change live live)
        ]
