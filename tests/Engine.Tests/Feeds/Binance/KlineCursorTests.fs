namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds

/// A clock that stands still until it is set.
type StillTime() =
    inherit TimeProvider()

    member val Seconds = 0.0 with get, set

    override _.TimestampFrequency = TimeSpan.TicksPerSecond
    override this.GetTimestamp() = int64 (this.Seconds * float TimeSpan.TicksPerSecond)

/// What a feed believes, and when: its memory alone.
module KlineCursorTests =

    let private minute = 60_000L

    let private noon = 1_709_553_600_000L

    /// The candle that opens so many minutes after noon.
    let private kline (index: int) (trades: int) isClosed =
        Kline(Candles.at (noon + int64 index * minute) 100.0 (float trades), int64 trades, isClosed)

    let private row index trades = kline index trades false

    let private cursorAt (clock: TimeProvider) =
        KlineCursor(Timeframe.OneMinute, noon, false, KlineFeedOptions(), clock)

    let private cursor () = cursorAt (StillTime())

    let private look (cursor: KlineCursor) (frame: Kline) = cursor.Look(&frame)

    let private next (cursor: KlineCursor) = int ((cursor.Next - noon) / minute)

    /// What a page proves: candles by the minute in which they open, gaps by the number of candles in them.
    let private take (cursor: KlineCursor) (known: int64) (page: Kline list) = [
        for proof in cursor.Take(page, known) do
            if proof.Missing.HasValue then
                $"{proof.Missing.Value.Missing} missing"
            else
                string ((proof.Closed.OpenTime - noon) / minute)
    ]

    /// Seconds after noon, as the exchange tells its time.
    let private at (seconds: float) = noon + int64 (seconds * 1_000.0)

    [<Tests>]
    let tests =
        testList "KlineCursorTests" [
            testCase "a closed frame of the next candle moves it by one"
            <| fun () ->
                let cursor = cursor ()
                equal FrameMeaning.Nothing (look cursor (kline 0 10 false))
                equal FrameMeaning.Closed (look cursor (kline 0 20 true))
                equal 1 (next cursor)
                equal FrameMeaning.Closed (look cursor (kline 1 5 true))
                equal 2 (next cursor)

            testCase "a closed frame with fewer trades than a frame before it is doubtful"
            <| fun () ->
                let cursor = cursor ()
                look cursor (kline 0 20 false) |> ignore
                // A frame that is late takes nothing back.
                look cursor (kline 0 10 false) |> ignore
                equal 20L cursor.TradesSeen
                equal FrameMeaning.Doubtful (look cursor (kline 0 19 true))
                equal 0 (next cursor)
                equal FrameMeaning.Closed (look cursor (kline 0 20 true))

            testCase "a frame that is ahead changes nothing"
            <| fun () ->
                let cursor = cursor ()
                equal FrameMeaning.Ahead (look cursor (kline 2 20 true))
                equal FrameMeaning.Ahead (look cursor (kline 1 20 false))
                equal 0 (next cursor)

            testCase "of older frames only the last closed one is told again"
            <| fun () ->
                let cursor = cursor ()
                look cursor (kline 0 20 true) |> ignore
                look cursor (kline 1 20 true) |> ignore
                equal FrameMeaning.Repeated (look cursor (kline 1 20 true))
                equal FrameMeaning.Nothing (look cursor (kline 1 20 false))
                equal FrameMeaning.Nothing (look cursor (kline 0 20 true))
                equal 2 (next cursor)

            testCase "what is off the grid means nothing"
            <| fun () ->
                let clock = StillTime()
                let cursor = cursorAt clock
                let odd = Kline(Candles.at (noon + 90_000L) 100.0 1.0, 1L, true)
                equal FrameMeaning.Nothing (look cursor odd)
                equal [ "0" ] (take cursor (at 300.0) [ row 0 20; odd ])
                clock.Seconds <- 2.0
                equal [] (take cursor (at 300.0) [ odd ])

            testCase "the last row is believed ten seconds after its close"
            <| fun () ->
                let cursor = cursor ()
                equal [] (take cursor 0L [ row 0 20 ])
                equal [] (take cursor (at 60.0) [ row 0 20 ])
                equal [] (take cursor (at 69.999) [ row 0 20 ])
                equal [ "0" ] (take cursor (at 70.0) [ row 0 20 ])

            testCase "a row is believed beside one that opens ten seconds after its close"
            <| fun () ->
                equal [] (take (cursor ()) 0L [ row 0 20; row 1 20 ])
                equal [ "0" ] (take (cursor ()) 0L [ row 0 20; row 1 20; row 2 20 ])
                equal [ "0"; "1" ] (take (cursor ()) 0L [ row 0 20; row 1 20; row 2 20; row 3 20 ])

            testCase "a younger row is believed when it is seen again after two seconds, unchanged"
            <| fun () ->
                let clock = StillTime()
                let cursor = cursorAt clock
                equal [] (take cursor 0L [ row 0 20; row 1 1 ])
                clock.Seconds <- 1.9
                equal [] (take cursor 0L [ row 0 20; row 1 2 ])
                clock.Seconds <- 2.0
                equal [ "0" ] (take cursor 0L [ row 0 20; row 1 3 ])

            testCase "a younger row that has changed is looked at again"
            <| fun () ->
                let clock = StillTime()
                let cursor = cursorAt clock
                equal [] (take cursor 0L [ row 0 19; row 1 1 ])
                clock.Seconds <- 2.0
                equal [] (take cursor 0L [ row 0 20; row 1 2 ])
                clock.Seconds <- 4.0
                equal [ "0" ] (take cursor 0L [ row 0 20; row 1 3 ])

            testCase "a row with fewer trades than a frame has shown is not believed for five minutes"
            <| fun () ->
                let cursor = cursor ()
                look cursor (kline 0 20 false) |> ignore
                equal [] (take cursor (at 359.9) [ row 0 19; row 1 20; row 2 20; row 3 20 ])
                let proofs = List.ofSeq (cursor.Take([ row 0 23 ], at 359.9))
                equal [ 3L ] [ for proof in proofs -> proof.Unseen ]

            testCase "the candles before a listing are no gap, those after it are"
            <| fun () ->
                let clock = StillTime()
                let cursor = KlineCursor(Timeframe.OneMinute, noon, true, KlineFeedOptions(), clock)
                let page = [ row 3 20; row 6 20; row 7 1 ]
                equal [] (take cursor (at 600.0) page)
                clock.Seconds <- 2.0
                equal [ "3" ] (take cursor (at 600.0) page)
                clock.Seconds <- 4.0
                equal [ "2 missing"; "6"; "7" ] (take cursor (at 600.0) page)

            cases "a row that is five minutes old is final, by the clock or by a later row" [ 360.0, 1; 0.0, 6 ]
            <| fun (known: float, later: int) ->
                let cursor = cursor ()
                look cursor (kline 0 20 false) |> ignore
                let proofs = List.ofSeq (cursor.Take([ row 0 19; row later 1 ], at known))
                equal 19L proofs.Head.Closed.Trades
                equal 0L proofs.Head.Unseen

            testCase "a gap is believed when it is seen again after two seconds"
            <| fun () ->
                let clock = StillTime()
                let cursor = cursorAt clock
                let page = [ row 0 20; row 3 20 ]
                equal [ "0" ] (take cursor (at 600.0) page)
                clock.Seconds <- 1.9
                equal [] (take cursor (at 600.0) page)
                clock.Seconds <- 2.0
                equal [ "2 missing"; "3" ] (take cursor (at 600.0) page)

            testCase "a gap that closes is none, and one that changes is looked at again"
            <| fun () ->
                let clock = StillTime()
                let cursor = cursorAt clock
                equal [ "0" ] (take cursor (at 600.0) [ row 0 20; row 3 20 ])
                clock.Seconds <- 2.0
                equal [] (take cursor (at 600.0) [ row 2 20; row 3 20 ])
                clock.Seconds <- 3.0
                equal [ "1"; "2"; "3" ] (take cursor (at 600.0) [ row 1 20; row 2 20; row 3 20 ])
        ]
