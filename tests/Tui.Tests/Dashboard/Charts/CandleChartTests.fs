namespace BtcBandit.Tui.Tests.Dashboard.Charts

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// The candle chart as text.
[<TestFixture>]
type CandleChartTests() =

    let recallAt (step: int64) =
        let before, steps = Recorded.begun.Value
        nonNull ((Recorded.historyAfter before steps).Now(Nullable step, 200))

    let drawn (recall: Recall) (ui: UiState) width height =
        let frame = Frame(width, height)
        CandleChart.Draw(frame.Canvas, recall, ui)
        frame.Lines()

    let columnOf (lines: string[]) x = String [| for line in lines -> line[x] |]

    [<Test>]
    member _.``a chart begins with the history: at the first step it is full of candles``() =
        let recall = recallAt 1L
        equal 199 recall.Before.Count
        let bars = CandleChart.Shown(100, recall, UiState())
        // The free columns on the right are at most an eighth.
        Assert.That(bars.Count, Is.InRange(77, 88))
        equal 1L bars[bars.Count - 1].Number
        equal 0L bars[bars.Count - 2].Number

    [<Test>]
    member _.``a line shows where the run begins, and none where that is not in sight``() =
        let lines = drawn (recallAt 20L) (UiState()) 100 20

        let places =
            [
                for x in 0..87 do
                    if (columnOf lines x).Contains '┊' then
                        x
            ]

        equal 1 places.Length
        let bar = nonNull (CandleChart.BarAt(100, recallAt 20L, UiState(), places[0]))
        equal 1L bar.Number
        let later = drawn (recallAt 200L) (UiState()) 100 20
        Assert.That(String.Join('\n', later), Does.Not.Contain "┊")

    [<Test>]
    member _.``the time axis names its zone and the candles of a column``() =
        let last (lines: string[]) = lines[lines.Length - 1]
        contains "UTC, 1 candle a column" (last (drawn (recallAt 200L) (UiState()) 100 20))
        contains "UTC, 3 candles a column" (last (drawn (recallAt 200L) (UiState(ZoomPlace = 2)) 100 20))
        contains "UTC, 1 candle" (last (drawn (recallAt 200L) (UiState()) 40 20))

    [<Test>]
    member _.``volume has its unit``() =
        let lines = drawn (recallAt 200L) (UiState()) 100 20
        let top = lines |> Array.find (fun line -> line.Contains " BTC")
        let bars = CandleChart.Shown(100, recallAt 200L, UiState())
        contains $"{Figures.Volume(Seq.max [ for bar in bars -> bar.Volume ])} BTC" top
        contains "volume" lines[Array.IndexOf(lines, top) + 1]

    [<Test>]
    member _.``round levels stand on the price axis, and the last price is marked``() =
        let recall = recallAt 200L
        let lines = drawn recall (UiState()) 100 30
        let marked = lines |> Array.filter (fun line -> line.Contains '◀')
        equal 1 marked.Length
        contains (Figures.Price recall.Step.Candle.Close) marked[0]

        let levels =
            [
                for line in lines do
                    if line.Contains '┤' && not (line.Contains "BTC") then
                        Double.Parse(line.Split('┤')[1])
            ]

        Assert.That(levels.Length, Is.GreaterThan 2)
        Assert.That(levels |> List.forall (fun level -> level % 10.0 = 0.0))
