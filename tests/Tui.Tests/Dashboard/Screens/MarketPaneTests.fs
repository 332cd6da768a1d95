namespace BtcBandit.Tui.Tests.Dashboard.Screens

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// The headline and the legend of the candles.
module MarketPaneTests =

    let private all =
        (Overlays.None, OverlayGroups.All)
        ||> Seq.fold (fun all (struct (group, _, _)) -> all ||| group)

    let private model ui = Recorded.ofWeek.Value Recorded.archive ui 140

    let private drawn (model: ViewModel) width height =
        let frame = Frame(width, height)
        MarketPane.Draw(frame.Canvas, model)
        String.Join('\n', frame.Lines())

    [<Tests>]
    let tests =
        testList "MarketPaneTests" [
            testCase "the headline has the last price and the day's change, high and low"
            <| fun () ->
                // 52 candles of warm-up, then the steps: number 2,000 is in the middle of the second day.
                let shown = model (UiState(At = Nullable 2_000L))
                let steps = Recorded.week.Value |> Seq.truncate 2_000
                let day = shown.Step.Candle.OpenTime / 86_400_000L

                let today = [
                    for step in steps do
                        if step.Candle.OpenTime / 86_400_000L = day then
                            step.Candle
                ]

                let text = drawn shown 120 30
                contains $"LAST {Figures.Price shown.Step.Candle.Close}" text
                contains $"DAY {Figures.Percent(Nullable(shown.Step.Candle.Close / today.Head.Open - 1.0))}" text
                contains $"high {Figures.Price(today |> List.map _.High |> List.max)}" text
                contains $"low {Figures.Price(today |> List.map _.Low |> List.min)}" text
                contains "since 00:00 UTC" text

            testCase "a day that is not known from midnight on says from when it is"
            <| fun () -> contains "since 00:52 UTC" (drawn (model (UiState(At = Nullable 100L))) 120 30)

            testCase "every line that is shown has its value in the legend"
            <| fun () ->
                let shown = model (UiState(At = Nullable 2_000L, Overlays = all))
                let text = drawn shown 140 50

                for line in OverlayLine.Of shown.Step.Header do
                    let value = line.At shown.Step.Observation
                    Expect.isTrue value.HasValue line.Name
                    contains $"{line.Glyph} {line.Name} {Figures.Price value.Value}" text

            testCase "under the cross-hair the legend has the values of that candle"
            <| fun () ->
                let ui = UiState(At = Nullable 2_000L, CrossHair = Nullable(ChartPoint(30, 5)))
                let shown = model ui
                let text = drawn shown 140 50
                let bar = nonNull (CandleChart.BarAt(136, shown.Recall, ui, 30))
                isBelow 2_000L bar.Number
                let sma = OverlayLine.Of shown.Step.Header |> Seq.find (fun line -> line.Name = "sma")
                contains $"sma {Figures.Price((sma.At bar.Last).Value)}" text

            testCase "groups that are not shown are named with their keys"
            <| fun () ->
                let text = drawn (model (UiState(At = Nullable 2_000L))) 140 50
                contains "m averages on" text
                contains "b Bollinger off" text
                contains "v VWAP off" text
        ]
