namespace BtcBandit.Web.Tests

open System
open System.Threading
open System.Threading.Tasks
open Microsoft.Playwright
open NUnit.Framework
open BtcBandit.Web

/// Lost connections and restarted servers heal without a hole or a duplicate.
[<TestFixture>]
type HealTests() =
    let settings = """{"range":"1D"}"""
    let count = 8_000
    let isOfTheLine (fault: string) = fault.Contains "net::ERR_" || fault.Contains "Failed to load resource"

    let make (run: WatchedRun) first last =
        for step in (RealRun.steps ())[first .. last - 1] do
            run.OnNext step

    // Events follow on each other: one that tells of steps begins where the one before ended.
    let areInOrder (visit: Visit) =
        let events =
            [
                for event in (visit.Json "events").EnumerateArray() ->
                    event.GetProperty("kind").GetString(),
                    (match event.GetProperty "since" with
                     | since when since.ValueKind = Text.Json.JsonValueKind.Null -> -1L
                     | since -> since.GetInt64()),
                    event.GetProperty("step").GetInt64()
            ]

        for (_, _, before), (kind, since, _) in List.pairwise events do
            if kind <> "snapshot" then
                equal before since

        events

    let isWhole (visit: Visit) steps =
        visit.Until($"btcbandit.bars.steps === {steps} && btcbandit.bars.isAtEnd", 40.0)
        visit.Until $"btcbandit.trades.count === {(RealRun.fills steps).Length}"
        let compared = OnScreen.areThoseOfTheRun visit steps true
        OnScreen.hasAllTrades visit steps
        compared

    [<Test>]
    member _.``a server that starts again on the same port goes on where the page was, or back where the run is``() =
        let first = RealRun.upTo count
        let served = new Served(null, first)
        let port = served.Port
        use visit = new Visit(served.Address, Screens.dark (), settings)
        visit.Painted()
        make first count (count + 40)
        visit.Knows(count + 40)
        (served :> IDisposable).Dispose()
        visit.Until "document.getElementById('link').dataset.state === 'lost'"

        // The same run has gone on meanwhile.
        let second = RealRun.upTo (count + 300)

        using (new Served(null, second, port)) (fun _ ->
            isWhole visit (count + 300) |> ignore
            visit.Until "document.getElementById('link').dataset.state === 'live'"
            let events = areInOrder visit
            equal 1 (events |> List.filter (fun (kind, _, _) -> kind = "snapshot") |> List.length)
            make second (count + 300) (count + 310)
            isWhole visit (count + 310) |> ignore)

        // The run has lost steps that the page has seen.
        let third = RealRun.upTo (count - 500)

        using (new Served(null, third, port)) (fun _ ->
            isWhole visit (count - 500) |> ignore
            make third (count - 500) (count - 480)
            isWhole visit (count - 480) |> ignore
            areInOrder visit |> ignore)

        visit.IsSound isOfTheLine

    [<TestCase("cut", 3, false)>]
    [<TestCase("silent", 3, false)>]
    [<TestCase("cut", 30, true)>]
    [<TestCase("silent", 30, true)>]
    member _.``a connection that is lost heals without a hole or a duplicate``
        (how: string, seconds: int, isLong: bool)
        =
        if isLong && not Browsers.isFull then
            Assert.Ignore "skipped: it takes half a minute; BTCBANDIT_WEB=full runs it"

        let run = RealRun.upTo count
        use served = new Served(null, run)
        use relay = new Relay(served.Port)
        let browser = Browsers.launch [ $"MAP localhost:{served.Port} 127.0.0.1:{relay.Port}" ]

        try
            use visit = new Visit(browser, served.Address, Screens.dark (), settings, ignore)
            visit.Painted()
            make run count (count + 10)
            visit.Knows(count + 10)
            if how = "cut" then relay.Cut() else relay.Silence()
            let watch = Diagnostics.Stopwatch.StartNew()
            let mutable at = count + 10

            while watch.Elapsed < TimeSpan.FromSeconds(float seconds) do
                make run at (at + 4)
                at <- at + 4
                Thread.Sleep 100

            Assert.That(visit.Eval<int> "btcbandit.bars.steps", Is.EqualTo(count + 10), "the line was not lost")

            if how = "cut" then
                visit.Until "document.getElementById('link').dataset.state === 'lost'"

            if how = "cut" then relay.Mend() else relay.Speak()
            let back = Diagnostics.Stopwatch.StartNew()
            isWhole visit at |> ignore
            visit.Until("document.getElementById('link').dataset.state === 'live'", 40.0)
            TestContext.Out.WriteLine $"{at - count - 10} steps missed, whole again after {back.ElapsedMilliseconds} ms"
            make run at (at + 20)
            let compared = isWhole visit (at + 20)
            let events = areInOrder visit
            TestContext.Out.WriteLine $"{compared} bars compared, {events.Length} events in order"
            visit.IsSound isOfTheLine
        finally
            Waiting.run (browser.CloseAsync())

    [<Test>]
    member _.``a page that nobody sees closes its stream, and comes back without a hole``() =
        let run = RealRun.upTo count
        use served = new Served(null, run)
        use visit = new Visit(served.Address, Screens.dark (), settings)
        visit.Painted()
        make run count (count + 10)
        visit.Knows(count + 10)

        let show isHidden =
            let hidden = if isHidden then "true" else "false"

            visit.Eval<bool>
                $"(() => {{ Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => {hidden} }}); document.dispatchEvent(new Event('visibilitychange')); return true; }})()"
            |> ignore

        let watchers () = served.Json("/api/health").GetProperty("watchers").GetInt32()
        show true
        equal "Paused" (visit.Text("#link").Trim())
        Assert.That(SpinWait.SpinUntil((fun () -> watchers () = 0), 5_000), "the stream is still open")
        make run (count + 10) (count + 200)
        show false
        isWhole visit (count + 200) |> ignore
        let events = areInOrder visit
        equal 1 (events |> List.filter (fun (kind, _, _) -> kind = "snapshot") |> List.length)
        equal 1 (watchers ())
        visit.IsSound()

    [<Test>]
    member _.``passes that last milliseconds start over in place, and the last one is shown whole``() =
        let run = RealRun.upTo 2_000
        use served = new Served(null, run)
        use visit = new Visit(served.Address, Screens.dark (), """{"range":"1W"}""")
        visit.Painted()
        visit.Press "?"
        visit.Eval<unit> "void (window.isSame = true)"
        let watch = Diagnostics.Stopwatch.StartNew()
        let mutable passes = 0

        while watch.Elapsed < TimeSpan.FromSeconds 4.0 do
            make run 0 (300 + passes)
            passes <- passes + 1
            Thread.Sleep 20

        make run 0 1_500
        isWhole visit 1_500 |> ignore
        let seconds = int watch.Elapsed.TotalSeconds + 1
        make run 1_500 1_540
        isWhole visit 1_540 |> ignore
        equal true (visit.Eval<bool> "window.isSame === true && document.getElementById('d-help').open")
        equal "1W" (visit.Eval<string> "document.querySelector('#ranges [aria-pressed=true]')?.textContent")

        let loads =
            visit.Eval<int>
                "performance.getEntriesByType('resource').filter(e => e.name.includes('/api/candles')).length"

        TestContext.Out.WriteLine $"{passes} passes in {seconds} s, {loads} times asked for candles"
        Assert.That(loads, Is.LessThan(4 * seconds))
        visit.IsSound()

    [<Test>]
    member _.``on a slow line the first candles appear while the run goes on``() =
        let run = RealRun.upTo 0
        use served = new Served(null, run)

        let slow (page: IPage) =
            let answer (route: IRoute) : Task =
                task {
                    do! Task.Delay 1_500
                    do! route.ContinueAsync()
                }

            Waiting.run (page.RouteAsync("**/api/candles*", answer))

        use visit = new Visit(Browsers.common (), served.Address, Screens.dark (), settings, slow)
        visit.Painted()
        let watch = Diagnostics.Stopwatch.StartNew()
        let mutable at = 0

        while watch.Elapsed < TimeSpan.FromSeconds 7.0 do
            make run at (at + 4)
            at <- at + 4
            Thread.Sleep 50

        Assert.That(visit.Eval<int> "btcbandit.bars.length", Is.GreaterThan 20)
        isWhole visit at |> ignore
        visit.IsSound()

    [<Test>]
    member _.``a question without an answer is asked again``() =
        let run = RealRun.upTo count
        use served = new Served(null, run)
        use visit = new Visit(served.Address, Screens.dark (), settings)
        visit.Painted()
        visit.Knows count
        let mutable asked = 0

        let silent (route: IRoute) : Task =
            if Interlocked.Increment &asked = 1 then
                Task.CompletedTask
            else
                route.ContinueAsync()

        Waiting.run (visit.Page.RouteAsync("**/api/candles*", silent))
        visit.Click "#spans button[value='3600000']"
        visit.Until("btcbandit.bars.span === 3600000", 40.0)
        Assert.That(asked, Is.GreaterThan 1)

        visit.IsSound()

    [<Test>]
    member _.``many trades at once are asked for once a second, again after a failure, and all of them are there``() =
        let run = RealRun.upTo 500
        use served = new Served(null, run)
        let mutable asked = 0

        let fails (page: IPage) =
            let answer (route: IRoute) : Task =
                if Interlocked.Increment &asked <= 2 then
                    route.AbortAsync()
                else
                    route.ContinueAsync()

            Waiting.run (page.RouteAsync("**/api/trades?*", answer))

        use visit = new Visit(Browsers.common (), served.Address, Screens.dark (), settings, fails)
        visit.Painted()
        let watch = Diagnostics.Stopwatch.StartNew()
        let mutable at = 500

        while at < 8_000 do
            make run at (at + 500)
            at <- at + 500
            Thread.Sleep 250

        isWhole visit 8_000 |> ignore
        let fills = (RealRun.fills 8_000).Length
        equal (fills.ToString("N0", Globalization.CultureInfo.InvariantCulture)) (visit.Text "#count")
        TestContext.Out.WriteLine $"{fills} trades, asked {asked} times in {watch.Elapsed.TotalSeconds:F1} s"
        Assert.That(asked, Is.LessThanOrEqualTo(int watch.Elapsed.TotalSeconds + 3))
        visit.IsSound isOfTheLine
