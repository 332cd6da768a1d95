namespace BtcBandit.Web.Tests

open System
open System.IO
open System.Text.Json.Nodes
open System.Threading.Tasks
open Microsoft.Playwright
open NUnit.Framework

/// The page as a hand uses it.
[<TestFixture>]
type UseTests() =
    let count = 9_000
    let settings = """{"range":"1D"}"""

    let opened (screen: BrowserNewContextOptions) =
        let served = new Served(null, RealRun.upTo count)
        let visit = new Visit(served.Address, screen, settings)
        visit.Painted()
        visit.Knows count
        visit.Until $"btcbandit.trades.list.length === {(RealRun.fills count).Length}"
        served, visit

    let money (value: float) = value.ToString("N2", Globalization.CultureInfo.InvariantCulture)

    [<Test>]
    member _.``the crosshair shows the values of its bar and why it was decided so, and a click keeps them``() =
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
            Assert.That(legend, Does.Contain(money price))

        let step = number.ToString("N0", Globalization.CultureInfo.InvariantCulture)
        visit.Until $"document.getElementById('why-step').textContent.includes('step {step}')"
        let row = RealRun.journal.Value[int number - 1]
        Assert.That(visit.Text "#why-body", Does.Contain(row.Action.ToUpperInvariant()).And.Contain(money row.Equity))
        run (visit.Page.Mouse.ClickAsync(500f, 300f))
        visit.Until $"document.getElementById('why-step').textContent.includes('kept · step {step}')"
        run (visit.Page.Mouse.MoveAsync(900f, 20f))
        visit.Press "Escape"
        visit.Until "document.getElementById('why-step').textContent.includes('newest')"
        visit.IsSound()

    [<Test>]
    member _.``the table filters, sorts, and a row shows its candle``() =
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

        let number = step.ToString("N0", Globalization.CultureInfo.InvariantCulture)
        visit.Until $"document.getElementById('why-step').textContent.includes('kept · step {number}')"
        visit.IsSound()

    [<Test>]
    member _.``a distance is measured by keys or by hand, and Escape takes it away``() =
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
        Assert.That(hand, Does.StartWith("+").And.Contain "bars")
        equal range (visit.Eval<string> "JSON.stringify(btcbandit.market.chart.range)")
        run (mouse.ClickAsync(500f, 300f))
        equal false (visit.Eval<bool> "btcbandit.market.chart.measure.isOn")
        visit.IsSound()

    [<Test>]
    member _.``the file that is downloaded has every execution``() =
        let served, visit = opened (Screens.dark ())
        use served = served
        use visit = visit

        let download =
            await (visit.Page.RunAndWaitForDownloadAsync(fun () -> visit.Page.ClickAsync "a[download]"))

        equal "trades.csv" download.SuggestedFilename
        let lines = File.ReadAllLines(await (download.PathAsync())) |> Array.skip 1

        let given =
            [
                for line in lines ->
                    let cells = line.Split ','
                    int64 cells[0], int64 cells[1], cells[2] = "buy"
            ]

        equal
            (RealRun.fills count
             |> List.map (fun (step, time, isBuy, _, _) -> step, time, isBuy))
            given

    [<Test>]
    member _.``a date is gone to, prices go logarithmic, indicators are chosen, and the browser remembers``() =
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

    [<TestCase("dark")>]
    [<TestCase("light")>]
    [<TestCase("phone")>]
    member _.``the page fits its screen, and looks as in the documentation``(name: string) =
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
        Assert.That(picture.Length, Is.GreaterThan 60_000)

        let kept = Path.Combine(RealRun.root, "docs", "captures", $"web-{name}.png")

        if Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1" then
            File.WriteAllBytes(kept, picture)

        Assert.That(kept, Does.Exist)
        // Width and height are at the same place in every PNG.
        let size (png: byte[]) = png[16..23]
        equal (size (File.ReadAllBytes kept)) (size picture)
        visit.IsSound()

    [<Test>]
    member _.``a timeframe that was chosen is kept, and one that the run does not have is dropped``() =
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

    [<Test>]
    member _.``a run that is continued says what is known after its next candle``() =
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

    [<Test>]
    member _.``low prices have an axis``() =
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

    [<Test>]
    member _.``the badge says how many trades are listed, of how many``() =
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
