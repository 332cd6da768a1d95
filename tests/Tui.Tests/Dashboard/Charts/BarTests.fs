namespace BtcBandit.Tui.Tests.Dashboard.Charts

open System
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// Candles joined into the columns of a chart.
module BarTests =

    let private scene =
        gen {
            let! before = Gen.choose (0, 300)
            let! steps = Gen.choose (1, 399)
            let! back = Gen.choose (0, steps - 1)
            let! wanted = Gen.choose (1, 800)
            let! zoom = Gen.elements [ 1; 2; 3; 5; 10; 60 ]
            let! most = Gen.choose (1, 200)
            return before, steps, back, wanted, zoom, most
        }

    let private simpler (before, steps, back, wanted, zoom, most) =
        seq {
            for fewer in Shrinking.towards 0 before -> fewer, steps, back, wanted, zoom, most
            for fewer in Shrinking.towards (back + 1) steps -> before, fewer, back, wanted, zoom, most
            for nearer in Shrinking.towards 0 back -> before, steps, nearer, wanted, zoom, most
            for fewer in Shrinking.towards 1 wanted -> before, steps, back, fewer, zoom, most
            for finer in Shrinking.towards 1 zoom -> before, steps, back, wanted, finer, most
            for fewer in Shrinking.towards 1 most -> before, steps, back, wanted, zoom, fewer
        }

    let private recallOf (before, steps, back, wanted) =
        let observations, all = Recorded.begun.Value
        let given = Seq.skip (observations.Count - before) observations
        let history = Recorded.historyAfter given (Seq.truncate steps all)
        nonNull (history.Now(Nullable(int64 (steps - back)), wanted))

    /// Number, candle and fill of each candle, as the definition says.
    let private candlesOf (before, steps, back, wanted) : (int64 * Candle * Fill option) list =
        let observations, all = Recorded.begun.Value

        [
            for i in 0 .. before - 1 ->
                int64 (i - before + 1), observations[observations.Count - before + i].Candle, None
            for i in 0 .. steps - back - 1 -> int64 (i + 1), all[i].Candle, Option.ofObj all[i].Fill
        ]
        |> fun list -> List.skip (max (list.Length - wanted) 0) list

    [<Tests>]
    let tests =
        testList "BarTests" [
            testCase "bars are the candles of the same groups, newest last"
            <| fun () ->
                let law (before, steps, back, wanted, zoom, most) =
                    let naive =
                        candlesOf (before, steps, back, wanted)
                        |> List.groupBy (fun (number, _, _) -> (number - 1L + 1_000_000L * int64 zoom) / int64 zoom)
                        |> List.map snd
                        |> fun groups -> List.skip (max (groups.Length - most) 0) groups

                    let bars = Bar.Join(ChartCandles(recallOf (before, steps, back, wanted)), zoom, most)

                    bars.Count = naive.Length
                    && Seq.forall2
                        (fun (bar: Bar) (group: (int64 * Candle * Fill option) list) ->
                            let _, first, _ = List.head group
                            let number, last, _ = List.last group
                            let candles = group |> List.map (fun (_, candle, _) -> candle)

                            bar.Open = first.Open
                            && bar.Close = last.Close
                            && bar.High = (candles |> List.map _.High |> List.max)
                            && bar.Low = (candles |> List.map _.Low |> List.min)
                            && abs (bar.Volume - List.sumBy (fun (candle: Candle) -> candle.Volume) candles)
                               <= 1e-9 * bar.Volume
                            && bar.Candles = candles.Length
                            && bar.Number = number
                            && bar.Last.Candle.OpenTime = last.OpenTime
                            && bar.Traded =
                                (group
                                 |> List.choose (fun (_, _, fill) -> fill)
                                 |> List.tryLast
                                 |> Option.map _.Side
                                 |> Option.toNullable))
                        bars
                        naive

                Check.QuickThrowOnFailure(Prop.forAll (Arb.fromGenShrink (scene, simpler)) law)

            testCase "borders of columns stay where they are while the run goes on"
            <| fun () ->
                let borders back =
                    let recall = recallOf (50, 200, back, 1_000)

                    [
                        for bar in Bar.Join(ChartCandles recall, 10, 100) -> bar.Last.Candle.OpenTime
                    ]

                // The last bar is not complete; those before it are the same nine candles later.
                let earlier, later = borders 10, borders 1
                equal (List.truncate (earlier.Length - 1) earlier) (List.truncate (earlier.Length - 1) later)

            testCase "executions of earlier sessions stand on the candles before the first step"
            <| fun () ->
                let recall = recallOf (50, 20, 0, 100)
                let time = recall.Before[10].Candle.OpenTime

                let seeded =
                    Recall(
                        recall.Steps,
                        recall.Newest,
                        recall.Oldest,
                        recall.Trades,
                        recall.Curve,
                        recall.Mix,
                        Before = recall.Before,
                        TradedBefore = readOnlyDict [ time, TradeAction.Buy ]
                    )

                let traded = [
                    for bar in Bar.Join(ChartCandles seeded, 1, 100) do
                        if bar.Number <= 0L && bar.Traded.HasValue then
                            bar.Last.Candle.OpenTime, bar.Traded.Value
                ]

                equal [ time, TradeAction.Buy ] traded
        ]
