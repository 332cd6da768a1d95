namespace BtcBandit.Tui.Tests.Gui

open System
open Terminal.Gui.Input
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// What keys do on the dashboard, from the key to the text on the screen.
module KeysTests =

    let private opened () = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, 120, 40)

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "KeysTests" [
            testCase "each page has a key, and Tab goes round"
            <| fun () ->
                use dashboard = opened ()

                for page in Pages.All do
                    dashboard.Press(Key page.Key)
                    contains $"[{page.Key} {page.Name}]" dashboard.Text

                dashboard.Press Key.Tab
                contains "[1 Overview]" dashboard.Text
                dashboard.Press Key.Tab.WithShift
                contains $"[{Pages.All[Pages.All.Count - 1].Key} " dashboard.Text

            testCase "keys control the run"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type " "
                holds dashboard.IsPaused
                dashboard.Type "p"
                fails dashboard.IsPaused
                dashboard.Type "-"
                equal (TimeSpan.FromMilliseconds 1.0) dashboard.Run.Controls.Delay
                dashboard.Type "+"
                equal TimeSpan.Zero dashboard.Run.Controls.Delay
                dashboard.Type "w"
                equal 1 dashboard.Saves
                dashboard.Type "n"
                holds dashboard.IsPaused
                dashboard.Press Key.C.WithCtrl
                equal (1, 0) (dashboard.Interrupts, dashboard.Quits)
                dashboard.Type "q"
                equal 1 dashboard.Quits

            testCase "Ctrl-C works in every dialog and in the menu"
            <| fun () ->
                let interrupted (dashboard: OpenDashboard) opens =
                    dashboard.During(
                        opens,
                        fun () ->
                            dashboard.Inject Key.C.WithCtrl
                            dashboard.Inject Key.Esc
                    )

                    equal 1 dashboard.Interrupts

                for opens in [ Key '?'; Key ':' ] do
                    use dashboard = opened ()
                    interrupted dashboard opens

                use trades = opened ()
                trades.Type "4"
                interrupted trades Key.Enter

                use live =
                    new OpenDashboard(
                        Seq.truncate 400 Recorded.week.Value,
                        RunMode.Live FeedHealth.NotConnected,
                        120,
                        40,
                        Capabilities(ColourDepth.True, Charset.Unicode),
                        null
                    )

                interrupted live (Key 'q')
                equal 0 live.Quits

                use menu = opened ()
                menu.Press(Key.F10, Key.C.WithCtrl)
                equal 1 menu.Interrupts

            testCase "at the first step there is nowhere to go back to"
            <| fun () ->
                use dashboard = new OpenDashboard(Seq.truncate 1 Recorded.week.Value, 120, 40)

                for key in [ Key.CursorLeft; Key.PageUp; Key.Home ] do
                    dashboard.Press key
                    equal (Nullable()) dashboard.State.At

                dashboard.Add(Recorded.week.Value |> Seq.skip 1 |> Seq.truncate 5)
                lacks "PAST" dashboard.Text
                use early = new OpenDashboard(Seq.empty, 120, 40)
                early.Press Key.CursorLeft
                early.Add(Seq.truncate 5 Recorded.week.Value)
                lacks "PAST" early.Text

            testCase "however narrow the screen, it says that the past is shown"
            <| fun () ->
                for width in [ 80; 100; 200 ] do
                    use dashboard = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, width, 24)
                    dashboard.Press Key.CursorLeft
                    contains "PAST 1 back" dashboard.Text

            testCase "what a command came to is said until the next one"
            <| fun () ->
                use dashboard = opened ()
                let footer () = Array.last dashboard.Lines
                dashboard.Press Key.F8
                // The theme cannot be kept here, which is said until it is read.
                dashboard.Type "c"
                dashboard.Press Key.F8
                contains "the theme is not kept" (footer ())
                dashboard.Type "c"
                dashboard.Type "z"
                contains "? help" (footer ())
                dashboard.Type "y"
                contains "Copied: " (footer ())
                dashboard.Press Key.Home
                dashboard.Type "["
                contains "There is no trade before this moment" (footer ())
                dashboard.Press Key.End
                dashboard.Type "]"
                contains "There is no trade after this moment" (footer ())

            testCase "arrows and the letters of vi go back and forward in time"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Press Key.CursorLeft
                contains "PAST 1 back, End returns" dashboard.Text
                dashboard.Type "h"
                contains "PAST 2 back" dashboard.Text
                dashboard.Press Key.PageUp
                contains "PAST 12 back" dashboard.Text
                dashboard.Press(Key.PageDown, Key.CursorRight)
                dashboard.Type "l"
                lacks "PAST" dashboard.Text
                dashboard.Press Key.Home
                let struct (oldest, _) = dashboard.Run.Range.Value
                equal (Nullable oldest) dashboard.State.At
                dashboard.Press Key.End
                equal (Nullable()) dashboard.State.At

            testCase "z and the arrows zoom, and letters switch overlays"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "2z"
                equal 2 dashboard.State.Zoom
                dashboard.Press Key.CursorDown
                equal 3 dashboard.State.Zoom
                dashboard.Type "Zk"
                equal 1 dashboard.State.Zoom

                for struct (group, key, _) in OverlayGroups.All do
                    let before = dashboard.State.Overlays
                    dashboard.Type $"{key}"
                    equal (before ^^^ group) dashboard.State.Overlays
                    dashboard.Type $"{key}"
                    equal before dashboard.State.Overlays

            testCase "brackets walk through the trades"
            <| fun () ->
                use dashboard = opened ()

                let trades = [
                    for trade in (nonNull (dashboard.Run.Recall(Nullable(), 1))).Trades -> trade.Step
                ]

                dashboard.Type "["
                let newest = 400L
                let before step = trades |> List.filter (fun trade -> trade < step) |> List.last
                equal (Nullable(before newest)) dashboard.State.At
                dashboard.Type "["
                equal (Nullable(before (before newest))) dashboard.State.At
                dashboard.Type "]"
                equal (Nullable(before newest)) dashboard.State.At

            testCase "escape leaves a past moment and never the program"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Press Key.CursorLeft
                dashboard.Press(Key.Esc, Key.Esc)
                equal (Nullable(), 0, false) (dashboard.State.At, dashboard.Quits, dashboard.HasLeft)
                contains "[1 Overview]" dashboard.Text

            testCase "when the run has ended, q leaves"
            <| fun () ->
                use dashboard = opened ()
                dashboard.End <- "The run has ended, and is saved. q leaves."
                contains "The run has ended, and is saved. q leaves." (Array.last dashboard.Lines)
                contains "ended, saved; q leaves" dashboard.Lines[1]
                // Once somebody goes on, the keys are worth more.
                dashboard.Type "4"
                contains "? help" (Array.last dashboard.Lines)
                contains "ended, saved; q leaves" dashboard.Lines[1]
                dashboard.Info <- Recorded.ended
                dashboard.Type "q"
                equal (true, 0) (dashboard.HasLeft, dashboard.Quits)

            testCase "a warning stays in the footer until it is read"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Log.Add(RunNote.Remark "3 candles are missing")
                dashboard.Show()
                contains "! 3 candles are missing" (Array.last dashboard.Lines)
                dashboard.Type "c"
                contains "? help" (Array.last dashboard.Lines)
                dashboard.Log.Add(RunNote.Remark "another one")
                dashboard.Show()
                contains "! another one" (Array.last dashboard.Lines)
        ]
