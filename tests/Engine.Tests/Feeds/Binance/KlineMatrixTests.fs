namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Globalization
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests
open BtcBandit.FakeExchange

/// What came of a run against the fake exchange.
type Ran = {
    Fault: string option
    Candles: int
    WorstLate: TimeSpan
    Market: Market
    Plan: FaultPlan
    Reconnects: int
}

module KlineMatrix =
    let minute = Row.Length

    let week = lazy (Row.Read Repository.sampleWeek |> Array.ofSeq)

    let private number (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)

    /// Whether a candle is the recorded one.
    let same (candle: Candle) (row: Row) =
        candle.OpenTime = row.OpenTime
        && candle.Open = number row.Open
        && candle.High = number row.High
        && candle.Low = number row.Low
        && candle.Close = number row.Close
        && candle.Volume = number row.Volume

    /// The gaps between recorded candles.
    let holes (rows: Row array) =
        rows
        |> Array.pairwise
        |> Array.filter (fun (one, next) -> next.OpenTime - one.OpenTime > minute)
        |> Array.map (fun (one, next) -> Gap(one.OpenTime, next.OpenTime, (next.OpenTime - one.OpenTime) / minute - 1L))

    type Setup = {
        Seed: int
        Hours: int
        History: int
        Kinds: Fault list
        Rate: float
        Skew: TimeSpan
        /// Changes the recorded candles, for instance to a quiet market.
        Rows: Row array -> Row array
        SilentWhenQuiet: bool
        /// Milliseconds into the minute at which the feed starts; drawn from the seed if there is none.
        StartsAt: int64 option
    }

    let setup = {
        Seed = 1
        Hours = 24
        History = 1_440
        Kinds = []
        Rate = 0.05
        Skew = TimeSpan.Zero
        Rows = id
        SilentWhenQuiet = false
        StartsAt = None
    }

    let private runHere (setup: Setup) =
        let all = week.Value
        let hours = setup.Hours
        let need = setup.History + hours * 60 + 20 * 60
        let from = (setup.Seed * 7919) % (all.Length - need)
        let rows = setup.Rows(Array.sub all from need)
        let first = rows[setup.History].OpenTime
        let startsAt = defaultArg setup.StartsAt (int64 setup.Seed * 977L % minute)

        let began = DateTimeOffset.FromUnixTimeMilliseconds(first + startsAt) - setup.Skew

        let clock = VirtualTime began
        let plan = FaultPlan(setup.Kinds, setup.Rate, setup.Seed)
        let outage = rows[setup.History + hours * 20].OpenTime
        let market = Market(rows, plan, clock, setup.Skew, outage, IsSilentWhenQuiet = setup.SilentWhenQuiet)
        let dice = Random setup.Seed

        let options =
            BinanceOptions(Jitter = Func<float>(fun () -> dice.NextDouble()), GiveUpAfter = Nullable())

        let exchange = MemoryExchange.client market clock options
        let feedOptions = KlineFeedOptions(IsInline = true, Jitter = Func<float>(fun () -> dice.NextDouble()))

        let events =
            KlineFeed.Events(
                exchange,
                Timeframe.OneMinute,
                (fun () -> FeedStart(Nullable rows[0].OpenTime, 0)),
                feedOptions,
                clock
            )

        let last = first + int64 hours * 60L * minute
        let expected = market.Rows |> Seq.filter (fun row -> row.OpenTime <= last) |> Array.ofSeq
        let finished = TaskCompletionSource()
        let candles = ResizeArray<Candle>()
        let gaps = ResizeArray<Gap>()
        let worst = ref 0L
        let isLive = ref false
        let reconnects = ref 0
        let error = ref (None: string option)

        let hear (event: FeedEvent) =
            match event with
            // What was handed on comes again when the exchange says it again; the guard drops it.
            | :? FeedEvent.Arrived as arrived when
                candles.Count > 0
                && arrived.Candle.OpenTime <= candles[candles.Count - 1].OpenTime
                ->
                if arrived.Candle.OpenTime < candles[candles.Count - 1].OpenTime then
                    error.Value <- Some "an older candle came again"
            | :? FeedEvent.Arrived as arrived ->
                candles.Add arrived.Candle
                let late = market.Now - arrived.Candle.OpenTime - minute
                isLive.Value <- isLive.Value || late < minute

                if
                    isLive.Value
                    && arrived.Candle.OpenTime >= first
                    && arrived.Candle.OpenTime > market.OutageEnd + 2L * minute
                then
                    worst.Value <- max worst.Value late

                if candles.Count = expected.Length then
                    finished.TrySetResult() |> ignore
            | :? FeedEvent.Missing as missing -> gaps.Add missing.Gap
            | :? FeedEvent.Reconnecting -> reconnects.Value <- reconnects.Value + 1
            | _ -> ()

        let subscription =
            events.Subscribe(
                hear,
                fun (failure: exn) ->
                    error.Value <- Some failure.Message
                    finished.TrySetResult() |> ignore
            )

        let ended = clock.Run(finished.Task, began.AddHours(float (hours + 20)))
        subscription.Dispose()

        let holes = holes expected

        let fault =
            if error.Value.IsSome then
                error.Value
            elif not ended then
                Some $"stuck after {candles.Count} of {expected.Length} candles"
            else
                match
                    Seq.zip candles expected
                    |> Seq.tryFindIndex (fun (candle, row) -> not (same candle row))
                with
                | Some index -> Some $"candle {index}: {candles[index]}, recorded {expected[index]}"
                | None when Seq.toArray gaps <> holes -> Some $"gaps %A{Seq.toList gaps}, in the file %A{holes}"
                | None when market.RequestsWhileBanned > 0 -> Some "asked while banned"
                | None when market.MostOpenStreams > 1 -> Some "two streams at once"
                | None when market.MostWeight > 4_800 -> Some $"weight {market.MostWeight}"
                | None -> None

        {
            Fault = fault
            Candles = candles.Count
            WorstLate = TimeSpan.FromMilliseconds(float worst.Value)
            Market = market
            Plan = plan
            Reconnects = reconnects.Value
        }

    /// Runs the feed in virtual time until all candles of the hours have come, and compares them with the file.
    let run (setup: Setup) = Virtual.run (fun () -> runHere setup)

    let sound (ran: Ran) =
        match ran.Fault with
        | Some fault -> failtest fault
        | None -> ()

    let streamFaults = [
        Fault.CleanClose
        Fault.Reset
        Fault.HalfOpen
        Fault.NoClosingFrame
        Fault.Duplicates
        Fault.OutOfOrder
        Fault.Junk
        Fault.Shutdown
        Fault.Restated
        Fault.ThinClosingFrame
        Fault.Frozen
        Fault.Future
        Fault.Refuse
    ]

    let restFaults = [
        Fault.Throttle
        Fault.Ban
        Fault.ServerError
        Fault.Timeout
        Fault.SlowBody
        Fault.CutBody
        Fault.RestReset
        Fault.Lag
        Fault.StaleRow
        Fault.PassingHole
    ]

    let all = Fault.Outage :: streamFaults @ restFaults

open KlineMatrix

/// Every candle that the file has, once and in order, whatever goes wrong.
module KlineMatrixTests =

    [<Tests>]
    let tests =
        testList "KlineMatrixTests" [
            cases "nothing goes wrong, whatever the clock says" [ 0; 3; -3; 86_400 ]
            <| fun (skew: int) ->
                let ran = run { setup with Skew = TimeSpan.FromSeconds(float skew) }
                sound ran
                isBelow (TimeSpan.FromSeconds 0.5) ran.WorstLate
                // The time, two pages of history, and a third look at a candle that has just closed.
                isAtMost 6 ran.Market.Requests
                isAtMost 1 ran.Reconnects

            cases "a fault of the stream, for a day" streamFaults
            <| fun (fault: Fault) ->
                // Only who comes back can be refused.
                let kinds = if fault = Fault.Refuse then [ fault; Fault.CleanClose ] else [ fault ]
                let ran = run { setup with Kinds = kinds }
                sound ran
                Expect.isTrue (ran.Plan.Struck.ContainsKey fault) "it never happened"
                isBelow (TimeSpan.FromSeconds 20.0) ran.WorstLate

            cases "a fault of the pages, for a day with lost closing frames" restFaults
            <| fun (fault: Fault) ->
                // Without a fault of the stream hardly a page is asked for.
                let ran = run { setup with Kinds = [ fault; Fault.NoClosingFrame ] }
                sound ran
                Expect.isTrue (ran.Plan.Struck.ContainsKey fault) "it never happened"

            cases "what is wrong with single frames costs seconds, and no reconnect" [
                Fault.NoClosingFrame
                Fault.Duplicates
                Fault.OutOfOrder
                Fault.Junk
                Fault.Restated
                Fault.ThinClosingFrame
                Fault.Future
            ]
            <| fun (fault: Fault) ->
                let ran = run { setup with Kinds = [ fault ] }
                sound ran
                isBelow (TimeSpan.FromSeconds 6.0) ran.WorstLate
                // One is due before the day is over.
                isAtMost 1 ran.Reconnects

            testCase "an outage is a gap"
            <| fun () ->
                let ran = run { setup with Kinds = [ Fault.Outage ] }
                sound ran

            cases "a market with few trades neither reconnects in a loop nor loses a candle" [ true; false ]
            <| fun (silent: bool) ->
                // Two of three minutes without a trade.
                let quiet (rows: Row array) =
                    rows
                    |> Array.map (fun row ->
                        if row.OpenTime / minute % 3L = 0L then
                            row
                        else
                            Row(row.OpenTime, row.Open, row.Open, row.Open, row.Open, "0.00000000"))

                let ran = run { setup with Hours = 12; Rows = quiet; SilentWhenQuiet = silent }

                sound ran
                isAtMost 1 ran.Reconnects
                isBelow (TimeSpan.FromSeconds 20.0) ran.WorstLate
                isAtMost 60 ran.Market.MostWeight

            testCase "who starts right after a close does not believe a server that is behind"
            <| fun () ->
                for start in [ 100L; 500L; 1_500L; 3_000L ] do
                    let ran =
                        run {
                            setup with
                                Hours = 2
                                History = 200
                                Kinds = [ Fault.Lag; Fault.StaleRow ]
                                Rate = 0.2
                                StartsAt = Some start
                        }

                    sound ran

            testCase "everything at once, for two hours from many seeds"
            <| fun () ->
                let seeds =
                    match Environment.GetEnvironmentVariable "BTCBANDIT_SEEDS" with
                    | null -> 20
                    | count -> int count

                for seed in 1..seeds do
                    let ran =
                        run {
                            setup with
                                Seed = seed
                                Hours = 2
                                History = 200
                                Kinds = all
                                Skew = TimeSpan.FromSeconds(float (seed % 3 - 1) * 3.0)
                        }

                    match ran.Fault with
                    | Some fault -> failtest $"seed {seed}: {fault}"
                    | None -> ()

            testCase "the same seed makes the same run"
            <| fun () ->
                let once () =
                    let ran = run { setup with Hours = 2; Kinds = all }
                    ran.Candles, ran.WorstLate, ran.Market.Requests, ran.Market.Connects, ran.Reconnects

                equal (once ()) (once ())
        ]
