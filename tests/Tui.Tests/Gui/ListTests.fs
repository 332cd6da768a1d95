namespace BtcBandit.Tui.Tests.Gui

open System
open System.Text
open System.Text.RegularExpressions
open Terminal.Gui.Input
open Terminal.Gui.ViewBase
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Gui.Themes
open BtcBandit.Tui.Gui.Views
open BtcBandit.Tui.Wording
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// The table of trades and the list of the log.
module ListTests =

    let private opened () = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, 120, 40)

    let private trades (dashboard: OpenDashboard) = List.ofSeq (nonNull (dashboard.Run.Recall(Nullable(), 1))).Trades

    /// The rows of the table: from its head to the border below.
    let private rows (dashboard: OpenDashboard) =
        let head = dashboard.Lines |> Array.findIndex (fun line -> line.Contains "QUANTITY")

        dashboard.Lines[head + 1 ..]
        |> Array.takeWhile (fun line -> not (line.StartsWith "└"))
        |> Array.map (fun line -> line.Trim('│', ' '))
        |> Array.filter (fun line -> line.Length > 0)

    let private copied (dashboard: OpenDashboard) (key: Key) =
        dashboard.Copied.Clear() |> ignore
        dashboard.Press key
        string dashboard.Copied

    let rec private viewsOf (view: View) : View seq =
        seq {
            yield view

            for inner in view.SubViews do
                yield! viewsOf inner
        }

    let private tableOf (dashboard: OpenDashboard) = viewsOf dashboard.Window |> Seq.pick (tryUnbox<TradesTable> << box)

    let private logOf (dashboard: OpenDashboard) = viewsOf dashboard.Window |> Seq.pick (tryUnbox<LogList> << box)

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "ListTests" [
            testCase "the newest trade is selected first, and stays selected until another is chosen"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "4"
                let newest = List.last (trades dashboard)
                contains $"\n{newest.Step}," (copied dashboard (Key 'y'))
                dashboard.Press Key.CursorDown
                let second = List.item (List.length (trades dashboard) - 2) (trades dashboard)
                contains $"\n{second.Step}," (copied dashboard (Key 'y'))
                dashboard.Add(Recorded.week.Value |> Seq.skip 400 |> Seq.truncate 300)
                isAbove newest.Step ((List.last (trades dashboard)).Step)
                contains $"\n{second.Step}," (copied dashboard (Key 'y'))

            testCase "a selection of the first row follows the newest trade"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "4"
                dashboard.Add(Recorded.week.Value |> Seq.skip 400 |> Seq.truncate 300)
                contains $"\n{(List.last (trades dashboard)).Step}," (copied dashboard (Key 'y'))

            testCase "lists have no keys of their own: those of the commands move by one row"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "4"
                let table = tableOf dashboard
                isEmpty (table.KeyBindings.GetBindings())

                for key, row in [ Key.CursorDown, 2; Key 'j', 3; Key.CursorUp, 2; Key 'k', 1; Key.PageDown, 11 ] do
                    dashboard.Press key
                    equal (List.item (List.length (trades dashboard) - row) (trades dashboard)) (nonNull table.Selected)

                dashboard.Type "5"
                let log = logOf dashboard
                isEmpty (log.KeyBindings.GetBindings())

                for key, row in [ Key.CursorDown, 1; Key 'j', 2; Key.CursorUp, 1; Key 'k', 0; Key.PageDown, 10 ] do
                    dashboard.Press key
                    equal (Nullable row) log.SelectedItem

            testCase "the list of the log is as wide as its longest line, whatever is added or filtered"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "5"
                let source = nonNull (logOf dashboard).Source

                let longest () =
                    [
                        for line in dashboard.Log.ToArray() -> (let line = line in 2 + (NoteText.Of &line).Length)
                    ]
                    |> List.max

                for text in [ "short"; String('x', 150); "short again"; String('x', 200) ] do
                    dashboard.Log.Add(RunNote.Remark text)
                    dashboard.Show()
                    equal (longest ()) source.MaxItemLength
                    dashboard.Type "f"
                    equal (longest ()) source.MaxItemLength

            testCase "a table without the oldest trades says of how many it has the last"
            <| fun () ->
                let last = Recorded.week.Value[2_999]

                let model (kept: int) made =
                    let step =
                        Step(
                            Observation = last.Observation,
                            Number = last.Number,
                            Header = last.Header,
                            Decision = last.Decision,
                            Portfolio = last.Portfolio,
                            Benchmarks = last.Benchmarks,
                            Reason = last.Reason,
                            Fill = last.Fill,
                            Reward = last.Reward,
                            Statistics = RunStatistics(Trades = made)
                        )

                    let trades = [|
                        for i in 1..kept ->
                            let side = if i % 2 = 0 then TradeAction.Buy else TradeAction.Sell
                            TradeRow(int64 i, Fill(side, int64 i * 60_000L, 1.0, 1.0, 0.0, 0.0, Nullable()), 1.0)
                    |]

                    let recall = Recall([| step |], step, 1L, trades, [||], ActionMix())
                    ViewModel(recall, Recorded.archive, [||], UiState())

                let table = new TradesTable(Looks Theme.Mono, ignore)
                table.Show(model 12 12L)
                equal "Trades: 12 rows" table.Title
                table.Show(model 1_000 2_228L)
                equal "Trades: last 1,000 of 2,228" table.Title
                table.NextFilter()
                equal "Trades: 500 rows, buys only, last 1,000 of 2,228" table.Title

            testCase "f shows buys, sells, winners and losers"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "4"
                let all = trades dashboard
                let count choose = all |> List.filter choose |> List.length

                for name, choose in
                    [
                        "buys", (fun (row: TradeRow) -> row.Fill.Side = TradeAction.Buy)
                        "sells", (fun row -> row.Fill.Side = TradeAction.Sell)
                        "won", (fun row -> row.Fill.Profit.HasValue && row.Fill.Profit.Value > 0.0)
                        "lost", (fun row -> row.Fill.Profit.HasValue && row.Fill.Profit.Value <= 0.0)
                    ] do
                    dashboard.Type "f"
                    contains $"Trades: {count choose} rows, {name} only" dashboard.Text

                dashboard.Type "f"
                contains $"Trades: {List.length all} rows " dashboard.Text

            testCase "o orders by the next column, O the other way round"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "4oo"

                let price (row: string) =
                    float (Regex.Match(row, @"(?:BUY|SELL)\s+([\d,.]+)").Groups[1].Value.Replace(",", ""))

                let prices () = rows dashboard |> Array.map price
                equal (Array.sortDescending (prices ())) (prices ())
                let highest = trades dashboard |> List.map _.Fill.Price |> List.max
                equal (Math.Round(highest, 2)) (Array.head (prices ()))
                dashboard.Type "O"
                equal (Array.sort (prices ())) (prices ())

            testCase "Enter opens the selected trade"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "4"
                let newest = List.last (trades dashboard)

                let seen =
                    dashboard.During(
                        Key.Enter,
                        fun () ->
                            let text = dashboard.Text
                            dashboard.Inject Key.Esc
                            text
                    )

                contains $"step {newest.Step:N0}" seen
                contains $"{Figures.Price newest.Fill.Price} USDT" seen
                contains "at the close of" seen
                contains "BUY expected" seen

                match Option.ofNullable newest.Fill.Profit with
                | Some profit -> contains $"{Figures.Signed profit} USDT after costs" seen
                | None -> contains "not yet" seen

                lacks "Close" dashboard.Text

            cases "an open trade shows the whole of its text, however narrow the screen is" [
                200, 50
                80, 24
                60, 16
                30, 12
            ]
            <| fun (width: int, height: int) ->
                use dashboard = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, width, height)
                let all = trades dashboard
                let sold = all |> List.findBack (fun row -> row.Fill.Side = TradeAction.Sell)
                let bought = all |> List.findBack (fun row -> row.Step < sold.Step)
                dashboard.Type "4"

                // The trade of the moment is opened, and is the first one of a table.
                while dashboard.State.At.GetValueOrDefault 401L > bought.Step do
                    dashboard.Type "["

                let step number = (nonNull (dashboard.Run.Recall(Nullable number, 1))).Step

                let expected =
                    TradeDetail.Rows(bought, all, step bought.Step, step (bought.Step - 1L))
                    |> Seq.collect (fun struct (name, value) -> name + value)
                    |> Seq.filter ((<>) ' ')
                    |> Array.ofSeq
                    |> String

                let seen =
                    dashboard.During(
                        Key.Enter,
                        fun () ->
                            let text = dashboard.ScrolledDialog()
                            dashboard.Inject Key.Esc
                            text
                    )

                equal expected (String.Join("", seen).Replace(" ", ""))

            testCase "Enter shows the whole of a line of the log, however long it is"
            <| fun () ->
                use dashboard = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, 80, 24)
                let long = String.Join(' ', [ for i in 1..40 -> $"word{i}" ])
                dashboard.Log.Add(RunNote.Remark long)
                dashboard.Type "c5"

                let seen =
                    dashboard.During(
                        Key.Enter,
                        fun () ->
                            let text = dashboard.ScrolledDialog()
                            dashboard.Inject Key.Esc
                            text
                    )

                contains (long.Replace(" ", "")) (String.Join("", seen).Replace(" ", ""))

            testCase "an open trade is broken anew when the screen changes its size"
            <| fun () ->
                use dashboard = opened ()

                let wide, narrow =
                    dashboard.During(
                        Key.Enter,
                        fun () ->
                            let wide = dashboard.ScrolledDialog()
                            dashboard.Resize(60, 16)

                            for _ in wide do
                                dashboard.Inject Key.CursorUp

                            let narrow = dashboard.ScrolledDialog()
                            dashboard.Inject Key.Esc
                            wide, narrow
                    )

                let solid (lines: string list) = (String.concat "" lines).Replace(" ", "")
                equal (solid wide) (solid narrow)
                isAbove wide.Length narrow.Length

            testCase "the log shows all lines, warnings, orders, or what is no order"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Log.Add(RunNote.Remark "3 candles are missing")
                dashboard.Type "5"
                contains "newest first" dashboard.Text
                contains "! 3 candles are missing" dashboard.Text
                dashboard.Type "f"
                contains "Log: warnings only" dashboard.Text
                dashboard.Type "f"
                contains "Log: orders only" dashboard.Text
                isEmpty (dashboard.Lines[12..37] |> Array.filter _.Contains("missing"))
                dashboard.Type "f"
                contains "Log: run only" dashboard.Text
                contains "! 3 candles are missing" dashboard.Text

            testCase "looking back, the log ends at that moment"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "5"

                let first () =
                    dashboard.Lines[13..]
                    |> Array.find (fun line -> line.Contains "BUY" || line.Contains "SELL")

                let newest = first ()
                let before = List.last (trades dashboard)

                while dashboard.State.At.GetValueOrDefault 400L >= before.Step do
                    dashboard.Press Key.CursorLeft

                differs newest (first ())
                dashboard.Press Key.End
                equal newest (first ())

            testCase "empty lists say so, and take no key from the commands"
            <| fun () ->
                use dashboard = new OpenDashboard(Seq.truncate 40 Recorded.synthetic.Value, 120, 40)
                dashboard.Type "4"
                contains "Trades: none yet" dashboard.Text
                dashboard.Type "5"
                contains "[5 Log]" dashboard.Text
                contains "newest first" dashboard.Text
                dashboard.Type "2"
                contains "[2 Market]" dashboard.Text

            testCase "what is copied goes to the terminal, whatever machine the program runs on"
            <| fun () ->
                use dashboard = opened ()
                let text = copied dashboard (Key 'y')
                contains "step,time,open,high,low,close,volume,equity" text
                contains "\n400," text
        ]
