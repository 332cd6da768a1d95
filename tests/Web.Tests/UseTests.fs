namespace BtcBandit.Web.Tests

open System
open System.IO
open System.Text.Json.Nodes
open System.Threading.Tasks
open Microsoft.Playwright
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared

/// The page as a hand uses it, in a browser's time.
module UseTests =

    let private count = 9_000

    let private opened = Opening.page count

    let private money (value: float) = value.ToString("N2", Globalization.CultureInfo.InvariantCulture)

    [<Tests>]
    let tests =
        testList "UseTests" [
            testCase "the crosshair shows the values of its bar and why it was decided so, and a click keeps them"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                run (visit.Page.Mouse.MoveAsync(500f, 300f))
                visit.Until "btcbandit.market.chart.at !== null"

                let bar =
                    visit.Json
                        "(i => ({ step: btcbandit.bars.step[i], time: btcbandit.bars.time[i] }))(btcbandit.market.chart.at)"

                let span = visit.Eval<int64> "btcbandit.bars.span"
                let number = bar.GetProperty("step").GetInt64()
                let expected = RealRun.bars span count |> List.find (fun bar -> bar.Number = number)
                let legend = visit.Text "#legends p"

                for price in expected.Prices do
                    contains (money price) legend

                let step = number.ToString("N0", Globalization.CultureInfo.InvariantCulture)
                visit.Until $"document.getElementById('why-step').textContent.includes('step {step}')"
                let row = RealRun.journal.Value[int number - 1]
                contains (row.Action.ToUpperInvariant()) (visit.Text "#why-body")
                contains (money row.Equity) (visit.Text "#why-body")
                run (visit.Page.Mouse.ClickAsync(500f, 300f))
                visit.Until $"document.getElementById('why-step').textContent.includes('kept · step {step}')"
                run (visit.Page.Mouse.MoveAsync(900f, 20f))
                visit.Press "Escape"
                visit.Until "document.getElementById('why-step').textContent.includes('newest')"
                visit.IsSound()

            testCase "the table filters, sorts, and a row shows its candle"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                let fills = RealRun.fills count
                let buys = fills |> List.filter (fun (_, _, isBuy, _, _) -> isBuy)
                visit.Click "#filters button[value=buy]"
                equal (string (buys.Length + 1)) (visit.Eval<string> "document.getElementById('trades').ariaRowCount")
                visit.Click "#trades th[data-key=price] button"
                let highest = buys |> List.map (fun (_, _, _, price, _) -> price) |> List.max

                equal
                    (money highest)
                    (visit.Eval<string> "document.querySelector('#trades tbody tr:not(.gap)').cells[2].textContent")

                visit.Click "#trades th[data-key=price] button"
                let lowest = buys |> List.map (fun (_, _, _, price, _) -> price) |> List.min

                equal
                    (money lowest)
                    (visit.Eval<string> "document.querySelector('#trades tbody tr:not(.gap)').cells[2].textContent")

                let step, time, _, _, _ = buys |> List.find (fun (_, _, _, price, _) -> price = lowest)
                visit.Click "#trades tbody tr:not(.gap)"

                visit.Until
                    $"btcbandit.bars.time[btcbandit.market.chart.at] <= {time} && btcbandit.bars.time[btcbandit.market.chart.at] + btcbandit.bars.span > {time}"

                // The order was given at the close before.
                let number = (step - 1L).ToString("N0", Globalization.CultureInfo.InvariantCulture)
                visit.Until $"document.getElementById('why-step').textContent.includes('kept · step {number}')"
                visit.IsSound()

            testCase "after a trade, a date or a key has moved the crosshair, the newest step comes back"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                let isNewest = "document.getElementById('why-step').textContent.startsWith('newest')"

                let isBack () =
                    visit.Until $"{isNewest} && btcbandit.market.chart.at === null"
                    equal false (visit.Sees "#b-unpin")

                let button () = visit.Click "#b-unpin"
                let escape () = visit.Press "Escape"

                for back in [ button; escape ] do
                    visit.Click "#trades tbody tr:not(.gap)"
                    visit.Until $"!{isNewest} && btcbandit.market.chart.at !== null"
                    back ()
                    isBack ()
                    visit.Press "g"
                    run (visit.Page.FillAsync("#go-time", "2024-03-06T12:34"))
                    visit.Press "Enter"
                    visit.Until $"!{isNewest} && btcbandit.market.chart.at !== null"
                    back ()
                    isBack ()
                    visit.Eval<unit> "document.getElementById('chart').focus()"
                    visit.Press "Shift+ArrowLeft"
                    visit.Until $"!{isNewest} && btcbandit.market.chart.at !== null"
                    back ()
                    isBack ()

                visit.IsSound()

            testCase "a jump that another one overtakes does not move the chart"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                let fills = RealRun.fills count
                let early, late = 5, fills.Length / 2
                let mutable asked = 0

                let slow (route: IRoute) : Task =
                    task {
                        if Threading.Interlocked.Increment &asked = 1 then
                            do! Task.Delay 1_500

                        do! route.ContinueAsync()
                    }

                run (visit.Page.RouteAsync("**/api/candles*", slow))

                let range () =
                    visit.Eval<string> "JSON.stringify([btcbandit.market.chart.range, btcbandit.market.chart.at])"

                visit.Eval<unit> $"void (window.first = btcbandit.market.jump(btcbandit.trades.list[{early}]))"
                visit.Eval<unit> $"btcbandit.market.jump(btcbandit.trades.list[{late}])"
                let before = range ()
                visit.Eval<unit> "window.first"
                equal before (range ())
                let _, time, _, _, _ = fills[late]

                equal
                    true
                    (visit.Eval<bool>
                        $"btcbandit.bars.time[btcbandit.market.chart.at] <= {time} && btcbandit.bars.time[btcbandit.market.chart.at] + btcbandit.bars.span > {time}")

                visit.IsSound()

            testCase "rows that are read stay where they are when trades come"
            <| fun () ->
                let watched = RealRun.upTo count
                use served = new Served(null, watched)
                use visit = new Visit(served.Address, Screens.dark (), """{"range":"1D"}""")
                visit.Painted()
                visit.Knows count
                visit.Until $"btcbandit.trades.list.length === {(RealRun.fills count).Length}"

                // The row under the head of the table: when its trade was, and how far below the head it is.
                let top () =
                    visit.Json
                        "(box => { const head = box.querySelector('th').getBoundingClientRect().bottom, row = [...box.querySelectorAll('tbody tr:not(.gap)')].find(row => !row.hidden && row.getBoundingClientRect().bottom > head + 1); return [row.cells[0].textContent, Math.round(row.getBoundingClientRect().top - head)]; })(document.getElementById('scroll'))"
                    |> string

                visit.Eval<unit>
                    "new Promise(then => { const box = document.getElementById('scroll'); box.addEventListener('scroll', () => requestAnimationFrame(() => then()), { once: true }); box.scrollTop = 500; })"

                let before = top ()
                let mutable made = count

                while (RealRun.fills made).Length < (RealRun.fills count).Length + 5 do
                    watched.OnNext((RealRun.steps ())[made])
                    made <- made + 1

                visit.Until $"btcbandit.trades.list.length === {(RealRun.fills made).Length}"
                equal before (top ())
                // At the top, the newest trade comes into sight.
                visit.Eval<unit> "void document.getElementById('scroll').scrollTo(0, 0)"
                let fills = (RealRun.fills made).Length

                while (RealRun.fills made).Length = fills do
                    watched.OnNext((RealRun.steps ())[made])
                    made <- made + 1

                visit.Until $"btcbandit.trades.list.length === {(RealRun.fills made).Length}"
                let _, time, _, _, _ = List.last (RealRun.fills made)
                let text = DateTimeOffset.FromUnixTimeMilliseconds(time).ToString "yyyy-MM-dd HH:mm"
                visit.Until $"document.querySelector('#trades tbody tr:not(.gap)').cells[0].textContent === '{text}'"
                equal 0 (visit.Eval<int> "document.getElementById('scroll').scrollTop")
                visit.IsSound()

            testCase "a sale tells its profit in percent and how long its position was held"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                // At no costs, what was paid is what the purchases since the last sale cost.
                let sales =
                    (([], []), RealRun.fills count)
                    ||> List.fold (fun (sales, bought) (step, time, isBuy, price, quantity) ->
                        if isBuy then
                            sales, (time, price, quantity) :: bought
                        else
                            let paid =
                                List.sumBy (fun (_, price, quantity) -> price * quantity) bought
                                / List.sumBy (fun (_, _, quantity) -> quantity) bought

                            let opened, _, _ = List.last bought

                            (step, price / paid - 1.0, TimeSpan.FromMilliseconds(float (time - opened)))
                            :: sales,
                            [])
                    |> fst

                let percent (value: float) =
                    let text = (abs value * 100.0).ToString("N2", Globalization.CultureInfo.InvariantCulture)

                    let sign =
                        if text = "0.00" then ""
                        elif value < 0.0 then "−"
                        else "+"

                    $"{sign}{text}%%"

                let time (held: TimeSpan) =
                    let parts =
                        if held < TimeSpan.FromHours 1.0 then [ held.Minutes, "m" ]
                        elif held < TimeSpan.FromDays 1.0 then [ held.Hours, "h"; held.Minutes, "m" ]
                        else [ held.Days, "d"; held.Hours, "h" ]

                    let first, rest = List.head parts, List.tail parts

                    String.Join(
                        ' ',
                        [
                            for value, unit in first :: List.filter (fun (value, _) -> value > 0) rest ->
                                $"{value}{unit}"
                        ]
                    )

                let column key =
                    visit.Eval<int>
                        $"[...document.querySelectorAll('#trades th')].findIndex(head => head.dataset.key === '{key}')"

                let gain, held = column "gain", column "held"

                let shown count = [
                    for row in
                        (visit.Json
                            $"[...document.querySelectorAll('#trades tbody tr:not(.gap)')].filter(row => !row.hidden).slice(0, {count}).map(row => [row.cells[1], row.cells[{gain}], row.cells[{held}]].map(cell => cell.checkVisibility() ? cell.textContent : 'hidden'))")
                            .EnumerateArray() -> string row[0], (string row[1], string row[2])
                ]

                let words sales = [ for _, share, length in sales -> percent share, time length ]
                let rows = shown 12
                let sold = rows |> List.filter (fun (side, _) -> side = "Sell") |> List.map snd
                equal (words (List.truncate sold.Length sales)) sold
                rows |> all (fun (side, told) -> side = "Sell" || told = ("–", "–"))

                for key, order, told in
                    [
                        "gain", List.sortBy (fun (step, share, _) -> -share, -step), fst
                        "held", List.sortBy (fun (step, _, length: TimeSpan) -> -length.TotalMinutes, -step), snd
                    ] do
                    visit.Click $"#trades th[data-key={key}] button"
                    equal (words (order sales) |> List.truncate 5 |> List.map told) (shown 5 |> List.map (snd >> told))

                // On a phone there is no room for them.
                run (visit.Page.SetViewportSizeAsync(390, 844))
                visit.Click "#tabs [data-view=trades]"
                equal [ "Sell", ("hidden", "hidden") ] (shown 1)
                visit.IsSound()

            testCase "positions are told of lists that begin late, and of sales in parts"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                let told isWhole trades =
                    visit.Eval<string>
                        $"import('/js/positions.js').then(({{ positionsOf }}) => JSON.stringify([...positionsOf({trades}.map(([side, open_time, price, quantity, fee, profit], i) => ({{ step: i, side, open_time, price, quantity, fee, profit }})), {isWhole}).values()].map(({{ held, gain }}) => [held, Number(gain.toFixed(6))])))"

                // Bought 2 for 201 with the fee, then sold one after the other: 110 - 1 is 8.5 more than half of it.
                let parts =
                    "[['buy', 10, 100, 2, 1, null], ['sell', 30, 110, 1, 1, 8.5], ['sell', 40, 90, 1, 1, -11.5], ['buy', 50, 100, 1, 0, null], ['sell', 70, 101, 1, 0, 1]]"

                equal "[[20,0.084577],[30,-0.114428],[20,0.01]]" (told "true" parts)
                // When a position was opened is not known before the first sale.
                equal
                    "[[null,0.1],[20,0.01]]"
                    (told
                        "false"
                        "[['sell', 30, 110, 1, 0, 10], ['buy', 50, 100, 1, 0, null], ['sell', 70, 101, 1, 0, 1]]")

                visit.IsSound()

            testCase "the chart is saved as a picture, by a button or a key"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                visit.Click "#spans button[value='300000']"
                visit.Until "btcbandit.bars.span === 300000 && btcbandit.market.view.isFollowing"
                let last = RealRun.bars 300_000L count |> List.last
                let time = DateTimeOffset.FromUnixTimeMilliseconds(last.At).ToString "yyyy-MM-dd-HHmm"

                let size =
                    visit.Eval<int[]>
                        "(box => [box.clientWidth, box.clientHeight].map(length => length * devicePixelRatio))(document.getElementById('chart'))"

                for save in
                    [
                        fun () -> visit.Page.ClickAsync "#b-picture"
                        fun () -> visit.Page.Keyboard.PressAsync "p"
                    ] do
                    let download = await (visit.Page.RunAndWaitForDownloadAsync(fun () -> save ()))
                    equal $"BTC-USDT-5m-{time}.png" download.SuggestedFilename
                    let bytes = File.ReadAllBytes(await (download.PathAsync()))
                    equal "PNG" (Text.Encoding.ASCII.GetString bytes[1..3])
                    let length at = int bytes[at + 2] * 256 + int bytes[at + 3]
                    isNear 2.0 (float size[0]) (float (length 16))
                    // A line above the chart says what it shows.
                    isNear 2.0 (float (size[1] + 26)) (float (length 20))
                    // A chart that is not drawn has few colours, and packs well.
                    isAbove 15_000 bytes.Length

                visit.IsSound()

            testCase "the feed's tile goes on with time, and not by the clock of the browser"
            <| fun () ->
                use served = new Served(null, RealRun.upTo 500)

                // A clock that is an hour ahead.
                let wrong (page: IPage) =
                    run (page.AddInitScriptAsync "const now = Date.now; Date.now = () => now() + 3600000;")

                use visit = new Visit(Browsers.common (), served.Address, Screens.dark (), "", wrong)
                visit.Painted()
                let since = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 180_000L

                let show (id: string) seconds =
                    visit.Eval<unit>
                        $"import('/js/tiles.js').then(({{ Tiles }}) => {{ const root = document.createElement('dl'); root.id = '{id}'; document.body.append(root); new Tiles(root).show({{ feed: {{ phase: 'stale', reconnects: 0, gaps: 0, next_close_seconds: {seconds}, since: {since} }} }}, {{}}); }})"

                // On a busy machine a second may pass unseen, but not half a minute.
                show "own" 50

                let left =
                    "Number(document.querySelector('#own .feed').textContent.match(/next close in (\\d+)s/)?.[1])"

                let silent = "document.querySelector('#own .feed').textContent.match(/for 3m (\\d+)s/)?.[1]"
                visit.Until $"{left} < 50 && {left} > 15 && {silent} < 35"
                let first, before = visit.Eval<int> left, visit.Eval<string> silent
                visit.Until $"{left} < {first} && {silent} > {before}"
                show "due" 1
                visit.Until "document.querySelector('#due .feed').textContent.includes('next close in 0s')"
                visit.IsSound()

            testCase "the dialog about the run tells the hash of the data so far"
            <| fun () ->
                let watched = RealRun.upTo count
                use served = new Served(null, watched)
                use visit = new Visit(served.Address, Screens.dark (), """{"range":"1D"}""")
                visit.Painted()
                visit.Knows count
                let hash () = nonNull (served.Json("/api/run").GetProperty("data_hash").GetString())
                let before = hash ()
                watched.OnNext((RealRun.steps ())[count])
                visit.Knows(count + 1)
                differs before (hash ())
                visit.Press "r"
                visit.Until $"document.getElementById('run-facts').textContent.includes('{hash ()}')"
                visit.IsSound()

            testCase "the theme follows the system until one is chosen"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                let shows (card: string) =
                    // What the page and its chart take for the ground of a card.
                    visit.Until $"getComputedStyle(document.querySelector('.side')).backgroundColor === '{card}'"

                    visit.Eval<unit>
                        "import('/js/palette.js').then(({ colours }) => void (window.card = () => colours.card))"

                    visit.Until $"window.card() === '{card}'"

                let dark, light = "rgb(19, 23, 34)", "rgb(255, 255, 255)"
                let system scheme = run (visit.Page.EmulateMediaAsync(PageEmulateMediaOptions(ColorScheme = scheme)))
                shows dark
                system <| Nullable ColorScheme.Light
                shows light
                visit.Press "t"
                shows dark
                system <| Nullable ColorScheme.Dark
                system <| Nullable ColorScheme.Light
                shows dark
                visit.Press "t"
                shows light
                system <| Nullable ColorScheme.Dark
                shows dark
                visit.IsSound()

            testCase "a distance is measured by keys or by hand, and Escape takes it away"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                visit.Eval<unit> "document.getElementById('chart').focus()"
                visit.Press "Shift+ArrowLeft"
                visit.Press "m"

                for _ in 1..10 do
                    visit.Press "Shift+ArrowLeft"

                let span = visit.Eval<int64> "btcbandit.bars.span"
                let bars = RealRun.bars span count |> List.rev
                let one, other = bars[0].Prices[3], bars[10].Prices[3]
                let sign = if other < one then "−" else "+"
                let share = (abs (other / one - 1.0) * 100.0).ToString("N2", Globalization.CultureInfo.InvariantCulture)

                let words =
                    $"{sign}{money (abs (other - one))} ({sign}{share}%%), 10 bars back, {10L * span / 60_000L}m 0s"

                visit.Until $"document.getElementById('spoken').textContent === '{words}'"
                visit.Press "Escape"
                equal false (visit.Eval<bool> "btcbandit.market.chart.measure.isOn")
                let range = visit.Eval<string> "JSON.stringify(btcbandit.market.chart.range)"
                let mouse = visit.Page.Mouse
                run (visit.Page.Keyboard.DownAsync "Shift")
                run (mouse.MoveAsync(400f, 300f))
                run (mouse.DownAsync())
                run (mouse.MoveAsync(600f, 250f, MouseMoveOptions(Steps = 5)))
                run (mouse.UpAsync())
                run (visit.Page.Keyboard.UpAsync "Shift")
                let hand = visit.Eval<string> "btcbandit.market.chart.measure.lines.join()"
                startsWith "+" hand
                contains "bars" hand
                equal range (visit.Eval<string> "JSON.stringify(btcbandit.market.chart.range)")
                run (mouse.ClickAsync(500f, 300f))
                equal false (visit.Eval<bool> "btcbandit.market.chart.measure.isOn")
                visit.IsSound()

            testCase "the file that is downloaded has every execution"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                let download =
                    await (visit.Page.RunAndWaitForDownloadAsync(fun () -> visit.Page.ClickAsync "a[download]"))

                equal "trades.csv" download.SuggestedFilename
                let lines = File.ReadAllLines(await (download.PathAsync())) |> Array.skip 1

                let given = [
                    for line in lines ->
                        let cells = line.Split ','
                        int64 cells[0], int64 cells[1], cells[2] = "buy"
                ]

                equal
                    (RealRun.fills count
                     |> List.map (fun (step, time, isBuy, _, _) -> step, time, isBuy))
                    given

            testCase "a date is gone to, prices go logarithmic, indicators are chosen, and the browser remembers"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                visit.Press "g"
                run (visit.Page.FillAsync("#go-time", "2024-03-06T12:34"))
                visit.Press "Enter"
                let time = DateTimeOffset(2024, 3, 6, 12, 34, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()

                visit.Until
                    $"btcbandit.bars.time[btcbandit.market.chart.at] <= {time} && btcbandit.bars.time[btcbandit.market.chart.at] + btcbandit.bars.span > {time}"

                visit.Click "#b-log"
                equal "true" (visit.Eval<string> "document.getElementById('b-log').ariaPressed")
                visit.Press "i"
                run (visit.Page.FillAsync("#menu input[type=search]", "tri"))

                equal
                    1
                    (visit.Eval<int>
                        "[...document.querySelectorAll('#menu fieldset:last-of-type label')].filter(l => !l.hidden).length")

                run (visit.Page.GetByLabel("trix").CheckAsync())
                visit.Until "btcbandit.bars.columns.trix?.some(value => value !== null)"
                visit.Press "Escape"
                visit.Press "t"
                let theme = visit.Eval<string> "document.documentElement.dataset.theme"
                equal "light" theme
                await (visit.Page.ReloadAsync()) |> ignore
                visit.Painted()

                equal
                    ("light", "true")
                    (visit.Eval<string> "document.documentElement.dataset.theme",
                     visit.Eval<string> "document.getElementById('b-log').ariaPressed")

                equal true (visit.Eval<bool> "'trix' in btcbandit.bars.columns")
                visit.IsSound()

            cases "the page fits its screen, draws its chart, and its picture is as large as in the documentation" [
                "dark"
                "light"
                "phone"
            ]
            <| fun (name: string) ->
                let served, visit = opened (Screens.named name)
                use served = served
                use visit = visit

                let size =
                    visit.Json
                        "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"

                equal (0, 0) (size[0].GetInt32(), size[1].GetInt32())

                if name = "light" then
                    visit.Press "i"

                    for indicator in [ "trix"; "atr" ] do
                        run (visit.Page.GetByLabel(indicator, PageGetByLabelOptions(Exact = true)).CheckAsync())

                    visit.Press "Escape"
                    visit.Click "#ranges button:last-child"
                    visit.Until "btcbandit.bars.columns.atr?.length > 0"
                elif name = "dark" then
                    run (visit.Page.Mouse.MoveAsync(700f, 300f))

                    visit.Until
                        "btcbandit.market.chart.at !== null && !document.getElementById('why-step').textContent.includes('newest')"

                visit.Pause 400
                let picture = await (visit.Page.ScreenshotAsync())

                // A chart that is not drawn has few colours, and packs well.
                isAbove 60_000 picture.Length

                let kept = Path.Combine(RealRun.root, "docs", "captures", $"web-{name}.png")

                if Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1" then
                    File.WriteAllBytes(kept, picture)
                    skiptest $"written: {kept}"

                holds (File.Exists kept)
                // Width and height are at the same place in every PNG.
                let size (png: byte[]) = png[16..23]
                equal (size (File.ReadAllBytes kept)) (size picture)
                visit.IsSound()

            testCase "a timeframe that was chosen is kept, and one that the run does not have is dropped"
            <| fun () ->
                use served = new Served(null, RealRun.upTo count)

                using (new Visit(served.Address, Screens.dark (), """{"range":"All"}""")) (fun visit ->
                    visit.Painted()
                    visit.Click "#spans button[value='300000']"
                    visit.Until "btcbandit.bars.span === 300000"
                    await (visit.Page.ReloadAsync()) |> ignore
                    visit.Painted()
                    visit.Until "btcbandit.bars.span === 300000 && btcbandit.market.view.span === 300000"
                    equal true (visit.Eval<bool> "btcbandit.market.view.isFollowing")
                    visit.IsSound())

                using (new Visit(served.Address, Screens.dark (), """{"range":"All","span":60000}""")) (fun visit ->
                    visit.Painted()
                    visit.Until "btcbandit.bars.span === 60000"
                    visit.IsSound())

                using (new Visit(served.Address, Screens.dark (), """{"range":"1D","span":7000}""")) (fun visit ->
                    visit.Painted()
                    equal true (visit.Eval<bool> "btcbandit.market.view.span === null && btcbandit.bars.length > 100")
                    visit.IsSound())

            testCase "a fine timeframe has candles, although the chart's edges are where there are none"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                for place in
                    [
                        "{ from: btcbandit.bars.length - 9, to: btcbandit.bars.length + 1 }"
                        "{ from: -9, to: -1 }"
                    ] do
                    visit.Click "#spans button[value='86400000']"
                    visit.Until "btcbandit.bars.span === 86400000 && btcbandit.bars.isAtStart && btcbandit.bars.isAtEnd"
                    visit.Eval<unit> $"void (btcbandit.market.chart.range = {place})"
                    visit.Click "#spans button[value='60000']"
                    visit.Until "btcbandit.bars.span === 60000"

                    visit.Until
                        "(({ from, to }, { length }) => Math.min(to, length) - Math.max(from, 0) > 100)(btcbandit.market.chart.range, btcbandit.bars)"

                visit.IsSound()

            testCase "a run that is continued says what is known after its next candle"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                // What the server knows of the newest step of an earlier session.
                let latest =
                    "{ reason: null, gate: null, experts: null, horizon: null, values: { buy: { mean: 0, deviation: null } } }"

                equal
                    [| ""; "Known after the next candle." |]
                    (visit.Eval<string[]>
                        $"import('/js/experts.js').then(({{ Experts }}) => {{ const parts = ['experts', 'gate', 'gate-why'].map(id => document.getElementById(id)); new Experts(...parts).show({latest}); return parts.slice(1).map(part => part.textContent); }})")

                visit.IsSound()

            testCase "of an agent without experts the page says that nothing is kept from it"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                equal
                    "This agent has no experts and no gate: its decisions are followed as they are."
                    (visit.Eval<string> "import('/js/experts.js').then(({ gateWords }) => gateWords(null, null, null))")

                visit.IsSound()

            testCase "low prices have an axis"
            <| fun () ->
                use served = new Served(null, RealRun.upTo 2_000)

                let lower (page: IPage) =
                    let answer (route: IRoute) : Task =
                        task {
                            let! response = route.FetchAsync()
                            let! text = response.TextAsync()
                            let body = nonNull (JsonNode.Parse text)

                            for name in [ "open"; "high"; "low"; "close" ] do
                                let prices = (nonNull body[name]).AsArray()

                                for i in 0 .. prices.Count - 1 do
                                    prices[i] <- JsonValue.Create((nonNull prices[i]).GetValue<float>() * 1e-6)

                            do! route.FulfillAsync(RouteFulfillOptions(Response = response, Body = body.ToJsonString()))
                        }

                    run (page.RouteAsync("**/api/candles*", answer))

                use visit = new Visit(Browsers.common (), served.Address, Screens.dark (), "", lower)
                visit.Painted()
                equal 1e-6 (visit.Eval<float> "btcbandit.market.chart.priceStep")
                visit.IsSound()

            testCase "the badge says how many trades are listed, of how many"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                equal
                    [| "3"; "2 of 3"; "newest 3, 4 in all"; "2 of the newest 3, 4 in all" |]
                    (visit.Eval<string[]>
                        "import('/js/table.js').then(({ countWords }) => [[3, 3, 3], [2, 3, 3], [3, 3, 4], [2, 3, 4]].map(numbers => countWords(...numbers)))")

                equal
                    [| "1 candle"; "1 candle missing"; "2 candles missing" |]
                    (visit.Eval<string[]>
                        "Promise.all([import('/js/format.js'), import('/js/tiles.js')]).then(([{ candles }, { feedWords }]) => [candles(1), ...[1, 2].map(gaps => feedWords({ phase: 'live', reconnects: 0, gaps }).note.split(' · ').at(-1))])")

                visit.IsSound()

            testCase "the newest step is shown, although a run ends while an earlier one is asked for"
            <| fun () ->
                let watched = RealRun.upTo count
                use served = new Served(null, watched)
                use visit = new Visit(served.Address, Screens.dark (), """{"range":"1D"}""")
                visit.Painted()
                visit.Knows count
                visit.Until "document.getElementById('why-step').textContent.includes('step 9,000')"
                let asked, answered = TaskCompletionSource(), TaskCompletionSource()

                let slow (route: IRoute) : Task =
                    task {
                        asked.TrySetResult() |> ignore
                        do! answered.Task
                        do! route.ContinueAsync()
                    }

                run (visit.Page.RouteAsync("**/api/steps*", slow))
                watched.OnNext((RealRun.steps ())[count])
                run asked.Task

                for step in (RealRun.steps ())[count + 1 .. count + 49] do
                    watched.OnNext step

                watched.OnCompleted()
                visit.Knows(count + 50)
                visit.Until "document.getElementById('link').textContent.trim() === 'Run ended'"
                visit.Until "document.getElementById('tiles').textContent.includes('Step9,050')"
                // What the last event says is on the page with the next frame.
                visit.Eval<unit> "new Promise(then => requestAnimationFrame(() => requestAnimationFrame(() => then())))"
                answered.SetResult()
                visit.Until "document.getElementById('why-step').textContent.startsWith('newest · step 9,050')"
                visit.IsSound()

            testCase "rows without a value come last, whichever way a column is sorted"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                let sides () =
                    visit.Eval<string[]>
                        "(rows => [rows[0], rows.at(-1)].map(row => row.cells[1].textContent))([...document.querySelectorAll('#trades tbody tr:not(.gap)')].filter(row => !row.hidden))"

                for key in [ "profit"; "gain"; "held" ] do
                    for way in [ "descending"; "ascending" ] do
                        visit.Click $"#trades th[data-key={key}] button"
                        visit.Until $"document.querySelector('#trades th[data-key={key}]').ariaSort === '{way}'"
                        equal "Sell" (Array.head (sides ()))
                        // The last row of all is a purchase.
                        visit.Eval<unit>
                            "new Promise(then => { const box = document.getElementById('scroll'); box.addEventListener('scroll', () => requestAnimationFrame(() => then()), { once: true }); box.scrollTop = box.scrollHeight; })"

                        equal "Buy" (Array.last (sides ()))

                visit.IsSound()

            testCase "Escape leaves only the chart, after what is open there"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                let isAlone () = visit.Eval<bool> "document.body.classList.contains('focus')"
                visit.Press "f"
                equal (true, false) (isAlone (), visit.Sees ".side")
                // A hand over the chart does not count.
                run (visit.Page.Mouse.MoveAsync(500f, 300f))
                visit.Until "btcbandit.market.chart.at !== null"
                visit.Press "Escape"

                equal
                    (false, true, "false")
                    (isAlone (), visit.Sees ".side", visit.Eval<string> "document.getElementById('b-focus').ariaPressed")

                // A step that is kept goes first, and so does the menu.
                visit.Press "f"
                run (visit.Page.Mouse.ClickAsync(500f, 300f))
                visit.Until "document.getElementById('why-step').textContent.startsWith('kept')"
                visit.Press "i"
                visit.Until "document.getElementById('menu').matches(':popover-open')"
                visit.Press "Escape"
                visit.Until "!document.getElementById('menu').matches(':popover-open')"
                equal (true, false) (isAlone (), visit.Eval<bool> "document.getElementById('b-unpin').hidden")
                visit.Press "Escape"
                equal (true, true) (isAlone (), visit.Eval<bool> "document.getElementById('b-unpin').hidden")
                visit.Press "Escape"
                equal false (isAlone ())
                visit.IsSound()

            testCase "the legends of all panes stay when the theme changes"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                // Where each legend is that can be seen, and what it says.
                let legends () =
                    visit.Eval<string>
                        "[...document.querySelectorAll('#legends p')].filter(legend => legend.checkVisibility()).map(legend => `${Math.round(legend.offsetTop)} ${legend.textContent}`).join('\\n')"

                let before = legends ()
                contains " EquityRun" before
                contains " Drawdown" before

                for theme in [ "light"; "dark" ] do
                    visit.Press "t"
                    visit.Until $"(document.documentElement.dataset.theme ?? 'dark') === '{theme}'"

                    visit.Eval<unit>
                        "new Promise(then => requestAnimationFrame(() => requestAnimationFrame(() => then())))"

                    equal before (legends ())

                visit.IsSound()

            testCase "small returns are not rounded to nothing, one trip is one, and evidence says if none is required"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                let state =
                    "{ drawdown: 0.0025, max_drawdown: 0.0041, total_return: 0.01, buy_and_hold_return: -0.0041, round_trips: 1, win_rate: 1, step: 9 }"

                let tile (name: string) =
                    visit.Eval<string>
                        $"[...document.querySelectorAll('#own div')].find(tile => tile.firstChild.textContent === '{name}').lastChild.lastChild.textContent"

                visit.Eval<unit>
                    $"import('/js/tiles.js').then(({{ Tiles }}) => {{ const root = document.createElement('dl'); root.id = 'own'; document.body.append(root); new Tiles(root).show({state}, {{}}); }})"

                equal ("max −0.41%", "hold −0.41%", "of 1 trip") (tile "Drawdown", tile "Against hold", tile "Win rate")

                let expert =
                    "horizon: 5, total_return: 0, trades: 3, timing_gain: 0, evidence: 0.95, is_followed: false"

                equal
                    [| "0.95 of 2.00"; "0.95, none" |]
                    (visit.Eval<string[]>
                        $"import('/js/experts.js').then(({{ Experts }}) => {{ const table = document.createElement('table'); table.append(document.createElement('tbody')); new Experts(table, ...['gate', 'gate-why'].map(id => document.getElementById(id))).show({{ experts: [2, 0].map(required => ({{ {expert}, required }})) }}); return [...table.rows].map(row => row.cells[3].textContent); }})")

                visit.IsSound()

            testCase "a run without trades says at its end that there are none"
            <| fun () ->
                let first, _, _, _, _ = List.head (RealRun.fills count)
                let watched = RealRun.upTo (int first - 1)
                use served = new Served(null, watched)
                use visit = new Visit(served.Address, Screens.dark ())
                visit.Painted()
                let says words = visit.Until $"document.querySelector('#trades tbody').textContent.trim() === '{words}'"
                says "No trades yet"
                watched.OnCompleted()
                says "No trades"
                visit.IsSound()

            testCase "the help tells of gestures, and groups of buttons have names"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                visit.Press "?"

                for part in [ "pinch to zoom"; "tap a candle"; "as many as there are" ] do
                    contains part (visit.Text "#d-help")

                equal
                    [| "Timeframe"; "Range" |]
                    (visit.Eval<string[]>
                        "['spans', 'ranges'].map(id => document.getElementById(id)).filter(group => group.title).map(group => group.ariaLabel)")

                visit.IsSound()
        ]
