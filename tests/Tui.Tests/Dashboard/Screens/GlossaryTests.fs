namespace BtcBandit.Tui.Tests.Dashboard.Screens

open System
open System.Collections.Immutable
open System.Text.RegularExpressions
open Terminal.Gui.Input
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard
open BtcBandit.Tui.Tests.Gui

/// The words on the screen, and what the documentation says of them.
module GlossaryTests =

    let private glossary =
        lazy
            (let text = Repository.read "docs/dashboard.md"
             let from = text.IndexOf("## Words on the screen", StringComparison.Ordinal)
             let until = text.IndexOf("\n## ", from + 1, StringComparison.Ordinal)

             [
                 for row in text.Substring(from, until - from).Split '\n' do
                     if row.StartsWith "| " then
                         for name in Regex.Matches(row.Split('|')[1], "`([^`]+)`") do
                             name.Groups[1].Value, row
             ])

    /// Currencies and the time zone are no labels.
    let private units = set [ "BTC"; "USDT"; "UTC" ]

    let private labelsOf (text: string) = [
        for found in Regex.Matches(text, @"(?<![\w/])[A-Z][A-Z+]+(?: [A-Z][A-Z+]+)*(?![\w/])") do
            if not (units.Contains found.Value) then
                found.Value
    ]

    let private experts =
        ExpertSample(
            2_999L,
            ImmutableArray.Create(
                ExpertStanding(1, 0.01, 3L, 0.0, 0.5, 3.0, false, false),
                ExpertStanding(15, 0.02, 3L, 0.0, 1.5, 3.0, true, false)
            )
        )

    let private models = [
        RunInfo(Mode = RunMode.Archive(), Progress = Nullable 0.3)
        RunInfo(Mode = RunMode.Archive(), IsPaused = true)
        RunInfo(Mode = RunMode.Live(FeedHealth(IsConnected = false, Detail = "the server closed the stream")))
        RunInfo(Mode = RunMode.WarmUp(3, TimeSpan.FromHours 24.0, 0.01, Nullable 0.0042))
    ]

    /// Every page as it is on a large screen and on a small one, during runs of all kinds.
    let private texts =
        lazy
            [
                for width, height in [ 200, 53; 59, 16 ] do
                    use dashboard = new OpenDashboard(Recorded.week.Value, width, height)

                    for run in models do
                        dashboard.Info <- run

                        for page in Pages.All do
                            dashboard.Press(Key page.Key)
                            let log = dashboard.Log.ToArray()

                            dashboard.Window.Show(
                                ViewModel(dashboard.Recall, run, log, dashboard.State, Experts = [| experts |])
                            )

                            dashboard.App.LayoutAndDraw()
                            dashboard.Text
            ]

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "GlossaryTests" [
            testCase "every label on the screen is explained"
            <| fun () ->
                let labels = texts.Value |> List.collect labelsOf |> List.distinct
                has "CHOSEN SO FAR" labels
                has "BELOW PEAK" labels
                has "LOOKS AHEAD" labels
                let known = glossary.Value |> List.map fst |> Set.ofList
                // Two columns of a table may have a single space between their heads.
                let isKnown (label: string) = known.Contains label || label.Split ' ' |> Array.forall known.Contains
                Expect.isEmpty (labels |> List.filter (isKnown >> not)) "Add them to docs/dashboard.md."

            testCase "every word is explained once, in a sentence"
            <| fun () ->
                unique (glossary.Value |> List.map fst)

                for name, row in glossary.Value do
                    Expect.stringEnds (row.TrimEnd([| '|'; ' ' |])) "." name

            testCase "words of statistics stay out of the panes"
            <| fun () ->
                for text in texts.Value do
                    for word in [ "posterior"; "sd bps"; "draw"; "mean"; "contribution"; "exploit"; "explore" ] do
                        Expect.isFalse (Regex.IsMatch(text, $@"\b{word}\b")) ($"{word}\n{text}")
        ]
