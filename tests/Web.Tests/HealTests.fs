namespace BtcBandit.Web.Tests

open System
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Threading
open System.Threading.Tasks
open Microsoft.Playwright
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Web

/// Lost connections and restarted servers heal without a hole or a duplicate. In real time, as browsers and sockets know
/// no other.
module HealTests =

    let private settings = """{"range":"1D"}"""

    let private count = 8_000

    let private isOfTheLine (fault: string) = fault.Contains "net::ERR_" || fault.Contains "Failed to load resource"

    let private make (run: WatchedRun) first last =
        for step in (RealRun.steps ())[first .. last - 1] do
            run.OnNext step

    let private noLine = "document.getElementById('link').dataset.state === 'lost'"

    // A run of a plan on candles, and its steps, which are made by hand.
    let private planned (plan: RunPlan) (candles: Candle list) count =
        let log = RunLog()
        let controls = RunControls(PaceControl(TimeSpan.Zero, TimeProvider.System), log, ignore, ignore)
        let mode = RunMode.Synthetic(Runs.market.World, Runs.market.Seed)
        let monitor = new RunMonitor(controls, log, FeedReport(), Nullable(), mode, null, TimeProvider.System)
        let run = new WatchedRun(monitor, plan.Header, "1.2.3")

        let steps =
            candles.ToObservable(CurrentThreadScheduler.Instance).Trade(plan).Take(count: int).ToEnumerable()
            |> List.ofSeq

        run, steps

    let private takes (run: WatchedRun) (steps: Step list) =
        for step in steps do
            run.OnNext step

    let private closes (steps: Step list) = [ for step in steps -> step.Candle.Close ]

    let private shown (visit: Visit) = [
        for close in (visit.Json "btcbandit.bars.close").EnumerateArray() -> close.GetDouble()
    ]

    // Events follow on each other: one that tells of steps begins where the one before ended.
    let private areInOrder (visit: Visit) =
        let events = [
            for event in (visit.Json "events").EnumerateArray() ->
                event.GetProperty("kind").GetString(),
                (match event.GetProperty "since" with
                 | since when since.ValueKind = Text.Json.JsonValueKind.Null -> -1L
                 | since -> since.GetInt64()),
                event.GetProperty("step").GetInt64()
        ]

        isNotEmpty events

        for (_, _, before), (kind, since, _) in List.pairwise events do
            if kind <> "snapshot" then
                equal before since

        events

    let private isWhole (visit: Visit) steps =
        visit.Until($"btcbandit.bars.steps === {steps} && btcbandit.bars.isAtEnd", 40.0)
        visit.Until $"btcbandit.trades.count === {(RealRun.fills steps).Length}"
        let compared = OnScreen.areThoseOfTheRun visit steps true
        OnScreen.hasAllTrades visit steps
        compared

    [<Tests>]
    let tests =
        // They count requests by the second, and what is lost when a line is cut is made up for in so many seconds.
        testSequenced
        <| testList "HealTests" [
            testCase "a server that starts again on the same port goes on where the page was, or back where the run is"
            <| fun () ->
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

            testCase "a run of the same name on other candles takes the place of the one before, and goes on"
            <| fun () ->
                let plan = Runs.planAt Costs.None

                let half (candle: Candle) =
                    let of' price = price / 2.0

                    match
                        Candle.TryCreate(
                            candle.OpenTime,
                            of' candle.Open,
                            of' candle.High,
                            of' candle.Low,
                            of' candle.Close,
                            candle.Volume
                        )
                    with
                    | true, other, _ -> other
                    | _, _, error -> failwith $"{error}"

                let first, firstSteps = planned plan Runs.candles.Value 10
                let halves = List.map half Runs.candles.Value
                let second, others = planned plan halves 60
                takes first firstSteps
                takes second (List.truncate 40 others)
                let served = new Served(null, first)
                let port = served.Port
                let id (served: Served) = served.Json("/api/run").GetProperty("id").GetString()
                let name = id served
                use visit = new Visit(served.Address, Screens.dark ())
                visit.Painted()
                visit.Knows 10
                visit.Until "document.getElementById('link').dataset.state === 'live'"
                equal (closes firstSteps) (shown visit)

                visit.Eval<unit>
                    "(market => { const restart = market.restart.bind(market); window.restarts = 0; market.restart = () => { window.restarts++; return restart(); }; })(btcbandit.market)"

                (served :> IDisposable).Dispose()
                visit.Until noLine

                using (new Served(null, second, port)) (fun served ->
                    equal name (id served)
                    visit.Knows 40
                    visit.Until $"btcbandit.bars.length === 40"
                    equal (closes (List.truncate 40 others)) (shown visit)
                    equal 1 (visit.Eval<int> "window.restarts")
                    takes second others[40..44]
                    visit.Knows 45)

                visit.Until noLine
                // The same run again: the page goes on where it was.
                let third, _ = planned plan halves 1
                takes third others

                using (new Served(null, third, port)) (fun _ ->
                    visit.Knows 60
                    visit.Until "document.getElementById('link').dataset.state === 'live'"
                    equal (closes others) (shown visit)
                    equal 1 (visit.Eval<int> "window.restarts"))

                visit.IsSound isOfTheLine

            testCase "a run with other indicators has its own menu, panes and bars"
            <| fun () ->
                let planOf indicators =
                    RunPlan.Of(
                        Runs.market.Source(TradingPair("BTC", "USDT")),
                        RunParameters(Costs = Costs.None, History = 100, Indicators = indicators)
                    )

                let first, firstSteps = planned (planOf "sma:5,ema:9,rsi:7") Runs.candles.Value 200
                let second, others = planned (planOf "sma:6,rsi:8") Runs.candles.Value 300
                takes first firstSteps
                takes second others
                let served = new Served(null, first)
                let port = served.Port
                use visit = new Visit(served.Address, Screens.dark ())
                visit.Painted()
                visit.Knows 200
                visit.Until "document.getElementById('link').dataset.state === 'live'"
                let columns () = visit.Eval<string[]> "Object.keys(btcbandit.bars.columns)"

                let names (served: Served) = [|
                    for column in served.Json("/api/run").GetProperty("columns").EnumerateArray() -> string column
                |]

                isNotEmpty (columns ())
                let before = names served
                let mutable refused = 0

                visit.Page.Response.Add(fun answer ->
                    if answer.Status = 400 then
                        Interlocked.Increment &refused |> ignore)

                (served :> IDisposable).Dispose()
                visit.Until noLine

                using (new Served(null, second, port)) (fun served ->
                    differs before (names served)
                    visit.Until("globalThis.btcbandit?.bars.steps === 300", 40.0)
                    visit.Painted()
                    visit.Until "document.getElementById('link').dataset.state === 'live'"

                    let known = [
                        for column in served.Json("/api/run").GetProperty("columns").EnumerateArray() ->
                            string (column.GetProperty "name")
                    ]

                    equal [] (List.ofArray (columns ()) |> List.except known)
                    let menu = visit.Eval<string> "document.getElementById('menu').textContent"
                    equal (false, true) (menu.Contains "ema", menu.Contains "rsi")
                    isAtMost 1 refused)

                visit.IsSound isOfTheLine

            testCase "a question that is refused is not asked again until the line comes back"
            <| fun () ->
                let run = RealRun.upTo 500
                use served = new Served(null, run)
                use visit = new Visit(served.Address, Screens.dark (), settings)
                visit.Painted()
                visit.Knows 500
                let mutable asked = 0

                let refuse (route: IRoute) : Task =
                    Interlocked.Increment &asked |> ignore
                    route.FulfillAsync(RouteFulfillOptions(Status = 403))

                Waiting.run (visit.Page.RouteAsync("**/api/candles*", refuse))
                make run 0 300
                Expect.isTrue (SpinWait.SpinUntil((fun () -> asked > 0), 10_000)) "the page did not start over"
                visit.Until "!btcbandit.market.view.isRestarting"
                equal 1 asked
                Waiting.run (visit.Page.UnrouteAsync "**/api/candles*")

                let show isHidden =
                    visit.Eval<unit>
                        $"(() => {{ Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => {isHidden} }}); document.dispatchEvent(new Event('visibilitychange')); }})()"

                show "true"
                show "false"
                isWhole visit 300 |> ignore
                visit.IsSound isOfTheLine

            testCase "a run that waits for its first candle shows nothing of the one before"
            <| fun () ->
                let first = RealRun.upTo 500
                let served = new Served(null, first)
                let port = served.Port
                use visit = new Visit(served.Address, Screens.dark (), settings)
                visit.Painted()
                visit.Knows 500
                first.OnCompleted()
                visit.Until "document.getElementById('link').textContent.trim() === 'Run ended'"
                visit.Until "document.title !== 'BtcBandit' && document.getElementById('decision').textContent !== ''"
                (served :> IDisposable).Dispose()
                let second = RealRun.upTo 0

                using (new Served(null, second, port)) (fun _ ->
                    visit.Until "document.getElementById('link').textContent.trim() === 'Live'"
                    visit.Until "document.getElementById('empty').checkVisibility()"

                    visit.Until
                        "document.title === 'BtcBandit' && document.getElementById('price').textContent === '–' && [...document.querySelectorAll('#tiles dd')].every(cell => cell.textContent === '')"

                    equal
                        (false, false, "", "", "")
                        (visit.Sees "#actions",
                         visit.Sees ".reasons",
                         visit.Text "#decision",
                         visit.Text "#why-step",
                         visit.Text "#gate-why")

                    make second 0 20
                    isWhole visit 20 |> ignore
                    visit.Until "document.getElementById('why-step').textContent.includes('step 20')"
                    equal (true, true) (visit.Sees "#actions", visit.Sees ".reasons")
                    contains "USDT" (visit.Text "#tiles"))

                visit.IsSound isOfTheLine

            testCase "a run that has ended stays ended when its program goes"
            <| fun () ->
                let run = RealRun.upTo 500
                let served = new Served(null, run)
                use visit = new Visit(served.Address, Screens.dark (), settings)
                visit.Painted()
                visit.Knows 500
                run.OnCompleted()
                let isEnded = "document.getElementById('link').textContent.trim() === 'Run ended'"
                visit.Until isEnded
                (served :> IDisposable).Dispose()
                let isTried () = visit.Faults |> List.exists isOfTheLine
                Expect.isTrue (SpinWait.SpinUntil(isTried, 20_000)) "the page has not asked again"
                equal true (visit.Eval<bool> isEnded)
                visit.IsSound isOfTheLine

            cases "a connection that is lost heals without a hole or a duplicate" [
                "cut", 3, false
                "silent", 3, false
                "cut", 30, true
                "silent", 30, true
            ]
            <| fun (how: string, seconds: int, isLong: bool) ->
                if isLong && not Browsers.isFull then
                    skiptest "skipped: it takes half a minute; BTCBANDIT_WEB=full runs it"

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

                    Expect.equal (visit.Eval<int> "btcbandit.bars.steps") (count + 10) "the line was not lost"

                    if how = "cut" then
                        visit.Until "document.getElementById('link').dataset.state === 'lost'"

                    if how = "cut" then relay.Mend() else relay.Speak()
                    let back = Diagnostics.Stopwatch.StartNew()
                    isWhole visit at |> ignore
                    visit.Until("document.getElementById('link').dataset.state === 'live'", 40.0)

                    Console.Out.WriteLine
                        $"{at - count - 10} steps missed, whole again after {back.ElapsedMilliseconds} ms"

                    make run at (at + 20)
                    let compared = isWhole visit (at + 20)
                    let events = areInOrder visit
                    Console.Out.WriteLine $"{compared} bars compared, {events.Length} events in order"
                    visit.IsSound isOfTheLine
                finally
                    Waiting.run (browser.CloseAsync())

            testCase "a page that nobody sees closes its stream, and comes back without a hole"
            <| fun () ->
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
                Expect.isTrue (SpinWait.SpinUntil((fun () -> watchers () = 0), 5_000)) "the stream is still open"
                make run (count + 10) (count + 200)
                show false
                isWhole visit (count + 200) |> ignore
                let events = areInOrder visit
                equal 1 (events |> List.filter (fun (kind, _, _) -> kind = "snapshot") |> List.length)
                equal 1 (watchers ())
                visit.IsSound()

            testCase "passes that last milliseconds start over in place, and the last one is shown whole"
            <| fun () ->
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

                Console.Out.WriteLine $"{passes} passes in {seconds} s, {loads} times asked for candles"
                isBelow (4 * seconds) loads
                visit.IsSound()

            testCase "on a slow line the first candles appear while the run goes on"
            <| fun () ->
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

                isAbove 20 (visit.Eval<int> "btcbandit.bars.length")
                isWhole visit at |> ignore
                visit.IsSound()

            testCase "a question without an answer is asked again"
            <| fun () ->
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
                isAbove 1 asked

                visit.IsSound()

            testCase "many trades at once are asked for once a second, again after a failure, and all of them are there"
            <| fun () ->
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
                Console.Out.WriteLine $"{fills} trades, asked {asked} times in {watch.Elapsed.TotalSeconds:F1} s"
                isAtMost (int watch.Elapsed.TotalSeconds + 3) asked
                visit.IsSound isOfTheLine
        ]
