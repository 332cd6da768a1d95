namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Reactive.Subjects
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds
open Scripted

/// What a feed hands on and says, second by second.
module KlineFeedTests =

    let private opened (followed: Followed) = [
        for second, minute in candles followed -> Math.Round(second, 1), minute
    ]

    /// A page that lacks a candle, whenever it is asked for.
    let private without (opens: int64) (clock: TimeProvider) =
        let usual = well clock

        {
            usual with
                Page =
                    fun from _ ->
                        rows from (secondOf clock)
                        |> List.filter (fun row -> row.OpenTime <> noon + opens * minute)
                        |> pageOf
        }

    [<Tests>]
    let tests =
        testList "KlineFeedTests" [
            testCase "history comes first, page by page, and then each candle as it closes"
            <| fun () ->
                let short (clock: TimeProvider) =
                    let usual = well clock
                    { usual with Page = fun from _ -> pageOf (List.truncate 2 (rows from (secondOf clock))) }

                let followed = followWith options 5 150.0 short
                equal [ 30.0, -5; 30.0, -4; 30.0, -3; 30.0, -2; 30.0, -1; 60.0, 0; 120.0, 1 ] (opened followed)
                equal [] (reconnects followed)
                equal [ 30.0 ] followed.Times
                equal 3 followed.Pages.Length

            testCase "a candle that exists nowhere is a gap, and the feed says so"
            <| fun () ->
                let followed = followWith options 3 100.0 (without -2L)
                equal [ 30.0, -3; 32.0, -1; 60.0, 0 ] (opened followed)

                let gaps = [
                    for second, event in followed.Events do
                        match event with
                        | :? FeedEvent.Missing as missing -> second, missing.Gap
                        | _ -> ()
                ]

                equal [ 32.0, Gap(noon - 3L * minute, noon - minute, 1L) ] gaps

            testCase "a closing frame that is lost costs some seconds, and no reconnect"
            <| fun () ->
                let followed = follow 130.0 (firstStream (fun second -> if second = 60 then [] else [ shown second ]))

                equal [ 64.0, 0; 120.0, 1 ] (opened followed)
                equal [] (reconnects followed)

            testCase "a closing frame with too few trades is not believed"
            <| fun () ->
                let thin second = if second = 60 then frame (klineAt 0 55.0 true) else shown second
                let followed = follow 100.0 (firstStream (fun second -> [ thin second ]))
                equal [ 62.0, 0 ] (opened followed)

                for _, event in followed.Events do
                    match event with
                    | :? FeedEvent.Arrived as arrived -> equal 600.0 arrived.Candle.Volume
                    | _ -> ()

            testCase "a candle of tomorrow is ignored after one question"
            <| fun () ->
                let tomorrow = frame (klineAt 86_400 86_460.0 true)

                let followed =
                    follow
                        100.0
                        (firstStream (fun second -> if second = 40 then [ tomorrow; shown 40 ] else [ shown second ]))

                equal [ 60.0, 0 ] (opened followed)
                equal [] (reconnects followed)
                equal 1 followed.Pages.Length

            testCase "the last candle is told again when the exchange tells it again"
            <| fun () ->
                let again = frame (Kline(Candles.at noon 100.0 1.0, 600L, true))

                let followed =
                    follow
                        100.0
                        (firstStream (fun second -> if second = 62 then [ again; shown 62 ] else [ shown second ]))

                equal [ 60.0, 0; 62.0, 0 ] (opened followed)

            testCase "without a stream the pages bring the candles"
            <| fun () ->
                let refused (clock: TimeProvider) =
                    let usual = well clock
                    { usual with Stream = fun _ _ -> Task.FromException<IKlineStream>(IOException "refused") }

                let followed = follow 300.0 refused
                equal [ 0; 1; 2 ] (List.truncate 3 [ for _, minute in candles followed -> minute ])

            testCase "the time that counts is that before the page was asked for"
            <| fun () ->
                // A page takes a quarter of a minute, and shows the candles as they stood when it was asked for.
                let slow (clock: TimeProvider) =
                    let usual = firstStream (fun second -> if second > 50 then [] else [ shown second ]) clock

                    {
                        usual with
                            Page =
                                fun from stop ->
                                    task {
                                        let page = rows from (secondOf clock)
                                        do! wait 15.0 clock stop
                                        return! pageOf page
                                    }
                    }

                let followed = follow 200.0 slow

                let volumes = [
                    for _, event in followed.Events do
                        match event with
                        | :? FeedEvent.Arrived as arrived -> arrived.Candle.Volume
                        | _ -> ()
                ]

                equal 600.0 volumes.Head

            cases "what the exchange asks for is told, with the time at which it goes on" [
                ExchangeNoticeKind.Banned, FeedPhase.Banned
                ExchangeNoticeKind.Throttled, FeedPhase.Throttled
                ExchangeNoticeKind.Retrying, FeedPhase.Waiting
            ]
            <| fun (kind: ExchangeNoticeKind, phase: FeedPhase) ->
                let notices = new Subject<ExchangeNotice>()

                let script (clock: TimeProvider) =
                    let say second =
                        if second = 40 then
                            notices.OnNext(ExchangeNotice(kind, TimeSpan.FromSeconds 121.0, "HTTP 418", 17))

                        [ shown second ]

                    { firstStream say clock with Notices = notices :> IObservable<ExchangeNotice> }

                let told = [
                    for _, event in (follow 41.0 script).Events do
                        match event with
                        | :? FeedEvent.Progress as progress when progress.Phase = phase -> progress
                        | _ -> ()
                ]

                equal 1 told.Length
                equal (Nullable(moment 161.0)) told.Head.Until
                equal ("HTTP 418", 17) (told.Head.Detail, told.Head.UsedWeight)

            testCase "a weight that has changed is told at once, in the phase that goes on"
            <| fun () ->
                let notices = new Subject<ExchangeNotice>()

                let script (clock: TimeProvider) =
                    let say second =
                        if second >= 40 then
                            notices.OnNext(ExchangeNotice(ExchangeNoticeKind.Answered, TimeSpan.Zero, "", 19))

                        [ shown second ]

                    { firstStream say clock with Notices = notices :> IObservable<ExchangeNotice> }

                let told = [
                    for second, event in (follow 45.0 script).Events do
                        match event with
                        | :? FeedEvent.Progress as progress when progress.UsedWeight = 19 -> second, progress.Phase
                        | _ -> ()
                ]

                equal [ 40.0, FeedPhase.Live ] told

            testCase "the time of an answer that was waited for says how far the clocks are apart"
            <| fun () ->
                // The answer is two seconds ahead, and takes a minute of retries.
                let late (clock: TimeProvider) = {
                    well clock with
                        Time =
                            fun stop ->
                                task {
                                    do! wait 60.0 clock stop
                                    return now clock + 2_000L
                                }
                }

                let told = [
                    for _, event in (follow 200.0 late).Events do
                        match event with
                        | :? FeedEvent.Progress as progress when progress.ClockSkew <> TimeSpan.Zero ->
                            progress.ClockSkew
                        | _ -> ()
                ]

                equal [ TimeSpan.FromSeconds 2.0 ] (List.distinct told)

            testCase "a run that is ahead of the exchange waits for it, and says so"
            <| fun () ->
                let behind (clock: TimeProvider) = {
                    well clock with
                        Time = fun _ -> Task.FromResult(now clock - 150_000L)
                }

                let ran = followFrom (noon + minute) 300.0 behind

                let told = [
                    for time, event in ran.Events do
                        match event with
                        | :? FeedEvent.Progress as progress -> time, progress.Phase, progress.Detail
                        | _ -> ()
                ]

                let waits =
                    told
                    |> List.filter (fun (_, _, detail) -> detail.Contains "ahead of the exchange")

                isNotEmpty waits
                holds (waits |> List.forall (fun (_, phase, _) -> phase = FeedPhase.Waiting))

                Expect.isTrue
                    (waits
                     |> List.forall (fun (_, _, detail) ->
                         detail.Contains "its newest candle is of 2024-03-04 12:01 UTC"))
                    $"%A{waits}"

                // Nothing is followed before the exchange's clock is there.
                let opened = told |> List.find (fun (_, phase, _) -> phase = FeedPhase.Live)
                let last = List.last waits
                let timeOf (time, _, _) = time
                isAbove (timeOf last) (timeOf opened)

            testCase "what no attempt can better ends the feed"
            <| fun () ->
                let refusal = FeedException(FeedFault.ExchangeRefuses("exchange.test", 451, 0))

                let refused (clock: TimeProvider) = {
                    well clock with
                        Time = fun _ -> Task.FromException<int64>(refusal)
                }

                equal (Some(refusal :> exn)) (follow 60.0 refused).Error
        ]
