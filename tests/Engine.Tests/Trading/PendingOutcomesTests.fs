namespace BtcBandit.Engine.Tests.Trading

open System
open System.Collections.Immutable
open System.IO
open FsCheck
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

module PendingOutcomesTests =

    let private start horizon saved =
        PendingOutcomes([| horizon |], 1, Timeframe.OneMinute, 1, ReadOnlySpan<PendingOutcome>(Array.ofList saved))

    let private openOf minute = 100.0 + float ((minute * 37) % 11)

    let private candle minute =
        let price = openOf minute
        Make.candle (Candles.newYear + int64 minute * Candles.minute) price price

    let private decisionOver horizon minute =
        PendingOutcome(
            Candles.newYear + int64 minute * Candles.minute,
            ImmutableArray.Create(float minute),
            0.001,
            Nullable TradeAction.Buy,
            horizon,
            0.0,
            Nullable()
        )

    let private decision = decisionOver 1

    /// What matures at each of these minutes: (minute of the decision, return, spans a gap).
    let private feedOver horizon (pending: PendingOutcomes) minutes = [
        for minute in minutes do
            let candle = candle minute

            let matured =
                if pending.Mature(candle.OpenTime, candle.Open) then
                    Some(int pending.MaturedFeatures[0], pending.Returns[0], pending.SpansGap)
                else
                    None

            let decision = decisionOver horizon minute
            pending.Add(&decision, decision.Features.AsSpan())
            matured
    ]

    let private feed pending minutes = feedOver 1 pending minutes

    [<Tests>]
    let tests =
        testList "PendingOutcomesTests" [
            // Here and below many, being cheap: a horizon and a number of candles are to meet at each border.
            propertyOf 300 "a decision matures exactly horizon + 1 candles later, from open to open"
            <| fun (horizon: byte) (count: byte) ->
                let horizon = int horizon % 20 + 1

                let expected = [
                    for minute in 0 .. int count ->
                        let decided = minute - horizon - 1

                        if decided < 0 then
                            None
                        else
                            Some(decided, openOf minute / openOf (decided + 1) - 1.0, false)
                ]

                equal expected (feed (start horizon []) [ 0 .. int count ])

            propertyOf 300 "every horizon's return is from the same entry"
            <| fun (count: byte) (toFill: bool) ->
                let horizons = [| 1; 2; 7; 12 |]
                let lag = if toFill then 1 else 0
                let pending = PendingOutcomes(horizons, lag, Timeframe.OneMinute, 1, ReadOnlySpan())

                for minute in 0 .. int count do
                    let candle = candle minute
                    let matured = pending.Mature(candle.OpenTime, candle.Open)
                    let one = decision minute

                    let one =
                        if toFill then
                            one
                        else
                            PendingOutcome(
                                one.OpenTime,
                                one.Features,
                                one.UnitFraction,
                                one.Action,
                                1,
                                0.0,
                                Nullable candle.Open
                            )

                    pending.Add(&one, one.Features.AsSpan())
                    let decided = minute - 12 - lag
                    equal (decided >= 0) matured

                    if decided >= 0 then
                        for k in 0 .. horizons.Length - 1 do
                            let expected = openOf (decided + lag + horizons[k]) / openOf (decided + lag) - 1.0
                            equal expected pending.Returns[k]
                            equal k (pending.IndexOf horizons[k])

                thrown<InvalidOperationException>(fun () -> pending.IndexOf 3 |> ignore)
                |> ignore

            propertyOf 300 "a missing candle marks exactly the outcomes that span it"
            <| fun (horizon: byte) (gap: byte) (length: byte) ->
                let horizon = int horizon % 10 + 1
                let gap, length = int gap % 40 + 1, int length % 3 + 1
                let minutes = [ 0 .. gap - 1 ] @ [ gap + length .. 80 ]

                let matured =
                    List.zip minutes (feedOver horizon (start horizon []) minutes)
                    |> List.choose (fun (minute, matured) -> matured |> Option.map (fun outcome -> minute, outcome))

                equal (minutes.Length - horizon - 1) matured.Length

                for minute, (decided, _, spans) in matured do
                    equal (decided < gap && minute >= gap) spans

                // As many as were pending when the gap came.
                equal (min (horizon + 1) gap) (matured |> List.filter (fun (_, (_, _, spans)) -> spans) |> List.length)

            propertyOf 300 "saved and continued it is the same"
            <| fun (horizon: byte) (before: byte) (after: byte) ->
                let horizon = int horizon % 20 + 1
                let feed pending minutes = feedOver horizon pending minutes
                let whole = start horizon []
                feed whole [ 0 .. int before ] |> ignore
                let saved = whole.ToArray() |> List.ofArray
                equal (min (int before + 1) (horizon + 1)) saved.Length
                let later = [ int before + 1 .. int before + int after ]
                equal (feed whole later) (feed (start horizon saved) later)

            testCase "a copy is a copy"
            <| fun () ->
                let pending = start 3 []
                feed pending [ 0..5 ] |> ignore
                let copy = pending.ToArray()
                feed pending [ 6..9 ] |> ignore
                equal [ 2.0; 3.0; 4.0; 5.0 ] [ for one in copy -> one.Features[0] ]
                equal false copy[3].EntryPrice.HasValue

            testCase "a horizon below 1 and more than fits are refused"
            <| fun () ->
                thrown<ArgumentOutOfRangeException>(fun () -> start 0 [] |> ignore) |> ignore

                thrown<InvalidDataException>(fun () -> start 1 [ for i in 0..2 -> decision i ] |> ignore)
                |> ignore

            testCase "a saved decision over a horizon that is not one of these is refused"
            <| fun () ->
                start 2 [ decisionOver 2 0 ] |> ignore

                equal
                    "a pending outcome looks 1 candle ahead, the agent 2"
                    (thrown<InvalidDataException>(fun () -> start 2 [ decisionOver 1 0 ] |> ignore)).Message

            testCase "a saved decision with another number of features is refused"
            <| fun () ->
                let wider =
                    PendingOutcome(
                        Candles.newYear,
                        ImmutableArray.Create(0.0, 1.0),
                        0.001,
                        Nullable TradeAction.Buy,
                        2,
                        0.0,
                        Nullable()
                    )

                equal
                    "a pending outcome has 2 features, not 1"
                    (thrown<InvalidDataException>(fun () -> start 2 [ wider ] |> ignore)).Message

            cases "fewer saved decisions than the steps have left are refused" [ 0, 1L; 1, 2L; 1, 1000L ]
            <| fun (saved: int, steps: int64) ->
                let decisions = [| for i in 0 .. saved - 1 -> decision i |]

                thrown<InvalidDataException>(fun () ->
                    PendingOutcomes([| 1 |], 1, Timeframe.OneMinute, 1, ReadOnlySpan<PendingOutcome> decisions, steps)
                    |> ignore)
                |> ignore
        ]
