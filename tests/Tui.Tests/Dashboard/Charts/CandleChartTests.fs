namespace BtcBandit.Tui.Tests.Dashboard.Charts

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// The candle chart as text.
module CandleChartTests =

    let private recallAt (step: int64) =
        let before, steps = Recorded.begun.Value
        nonNull ((Recorded.historyAfter before steps).Now(Nullable step, 200))

    let private drawn (recall: Recall) (ui: UiState) width height =
        let frame = Frame(width, height)
        CandleChart.Draw(frame.Canvas, recall, ui)
        frame.Lines()

    let private columnOf (lines: string[]) x = String [| for line in lines -> line[x] |]

    [<Tests>]
    let tests =
        testList "CandleChartTests" [
            testCase "a chart begins with the history: at the first step it is full of candles"
            <| fun () ->
                let recall = recallAt 1L
                equal 199 recall.Before.Count
                let bars = CandleChart.Shown(100, recall, UiState())
                // The free columns on the right are at most an eighth.
                isWithin 77 88 bars.Count
                equal 1L bars[bars.Count - 1].Number
                equal 0L bars[bars.Count - 2].Number

            testCase "a line shows where the run begins, and none where that is not in sight"
            <| fun () ->
                let lines = drawn (recallAt 20L) (UiState()) 100 20

                let places = [
                    for x in 0..87 do
                        if (columnOf lines x).Contains '┊' then
                            x
                ]

                equal 1 places.Length
                let bar = nonNull (CandleChart.BarAt(100, recallAt 20L, UiState(), places[0]))
                equal 1L bar.Number
                let later = drawn (recallAt 200L) (UiState()) 100 20
                lacks "┊" (String.Join('\n', later))

            testCase "the time axis names its zone and the candles of a column"
            <| fun () ->
                let last (lines: string[]) = lines[lines.Length - 1]
                contains "UTC, 1 candle a column" (last (drawn (recallAt 200L) (UiState()) 100 20))
                contains "UTC, 3 candles a column" (last (drawn (recallAt 200L) (UiState(ZoomPlace = 2)) 100 20))
                contains "UTC, 1 candle" (last (drawn (recallAt 200L) (UiState()) 40 20))

            testCase "volume has its unit"
            <| fun () ->
                let lines = drawn (recallAt 200L) (UiState()) 100 20
                let top = lines |> Array.find (fun line -> line.Contains " BTC")
                let bars = CandleChart.Shown(100, recallAt 200L, UiState())
                contains $"{Figures.Volume(Seq.max [ for bar in bars -> bar.Volume ])} BTC" top
                contains "volume" lines[Array.IndexOf(lines, top) + 1]

            testCase "round levels stand on the price axis, and the last price is marked"
            <| fun () ->
                let recall = recallAt 200L
                let lines = drawn recall (UiState()) 100 30
                let marked = lines |> Array.filter (fun line -> line.Contains '◀')
                equal 1 marked.Length
                contains (Figures.Price recall.Step.Candle.Close) marked[0]

                let levels = [
                    for line in lines do
                        if line.Contains '┤' && not (line.Contains "BTC") then
                            Double.Parse(line.Split('┤')[1])
                ]

                isAbove 2 levels.Length
                holds (levels |> List.forall (fun level -> level % 10.0 = 0.0))
        ]
