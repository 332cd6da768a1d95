namespace BtcBandit.Tui.Tests.Dashboard.Screens

open System
open System.Collections.Immutable
open System.Text.RegularExpressions
open NUnit.Framework
open Terminal.Gui.Input
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
[<TestFixture; NonParallelizable>]
type GlossaryTests() =

    static let glossary =
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
    static let units = set [ "BTC"; "USDT"; "UTC" ]

    static let labelsOf (text: string) =
        [
            for found in Regex.Matches(text, @"(?<![\w/])[A-Z][A-Z+]+(?: [A-Z][A-Z+]+)*(?![\w/])") do
                if not (units.Contains found.Value) then
                    found.Value
        ]

    static let experts =
        ExpertSample(
            2_999L,
            ImmutableArray.Create(
                ExpertStanding(1, 0.01, 3L, 0.0, 0.5, 3.0, false),
                ExpertStanding(15, 0.02, 3L, 0.0, 1.5, 3.0, true)
            )
        )

    static let models =
        [
            RunInfo(Mode = RunMode.Archive(), Progress = Nullable 0.3)
            RunInfo(Mode = RunMode.Archive(), IsPaused = true)
            RunInfo(Mode = RunMode.Live(FeedHealth(IsConnected = false, Detail = "the server closed the stream")))
            RunInfo(Mode = RunMode.WarmUp(3, TimeSpan.FromHours 24.0, 0.01, Nullable 0.0042))
        ]

    /// Every page as it is on a large screen and on a small one, during runs of all kinds.
    static let texts =
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

    [<Test>]
    member _.``every label on the screen is explained``() =
        let labels = texts.Value |> List.collect labelsOf |> List.distinct
        Assert.That(labels, Does.Contain("CHOSEN SO FAR").And.Contain("BELOW PEAK").And.Contain("LOOKS AHEAD"))
        let known = glossary.Value |> List.map fst |> Set.ofList
        // Two columns of a table may have a single space between their heads.
        let isKnown (label: string) = known.Contains label || label.Split ' ' |> Array.forall known.Contains
        Assert.That(labels |> List.filter (isKnown >> not), Is.Empty, "Add them to docs/dashboard.md.")

    [<Test>]
    member _.``every word is explained once, in a sentence``() =
        Assert.That(glossary.Value |> List.map fst, Is.Unique)

        for name, row in glossary.Value do
            Assert.That(row.TrimEnd([| '|'; ' ' |]), Does.EndWith ".", name)

    [<Test>]
    member _.``words of statistics stay out of the panes``() =
        for text in texts.Value do
            for word in [ "posterior"; "sd bps"; "draw"; "mean"; "contribution"; "exploit"; "explore" ] do
                Assert.That(Regex.IsMatch(text, $@"\b{word}\b"), Is.False, $"{word}\n{text}")
