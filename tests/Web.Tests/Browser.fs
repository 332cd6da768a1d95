namespace BtcBandit.Web.Tests

open System
open System.Collections.Concurrent
open System.IO
open System.Text.Json
open System.Threading.Tasks
open Microsoft.Playwright
open Expecto
open BtcBandit.Tests.Shared

[<AutoOpen>]
module Waiting =
    let await (task: Task<'value>) = task.GetAwaiter().GetResult()
    let run (task: Task) = task.GetAwaiter().GetResult()

/// The browser of this machine. The tests bring none along.
module Browsers =
    let private variable (name: string) =
        Environment.GetEnvironmentVariable name
        |> Option.ofObj
        |> Option.filter ((<>) "")

    let isFull = variable "BTCBANDIT_WEB" = Some "full"

    let private found =
        lazy
            (let folders =
                "/usr/bin"
                :: List.ofArray ((variable "PATH" |> Option.defaultValue "").Split Path.PathSeparator)

             let names = [
                 "chromium"
                 "chromium-browser"
                 "google-chrome"
                 "google-chrome-stable"
                 "microsoft-edge"
             ]

             let known = [
                 for folder in folders do
                     for name in names do
                         Path.Combine(folder, name)
                 "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
                 @"C:\Program Files\Google\Chrome\Application\chrome.exe"
                 @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"
             ]

             match variable "BTCBANDIT_BROWSER" with
             | Some path -> Some path
             | None -> List.tryFind File.Exists known)

    let private path () =
        match found.Value with
        | Some path -> path
        | None ->
            let missing =
                "no Chromium, Chrome or Edge is installed; BTCBANDIT_BROWSER can name one (tests of the page)"

            // CI installs a browser, so that a skipped test there is a mistake.
            if (variable "CI").IsSome || (variable "BTCBANDIT_REQUIRE_BROWSER").IsSome then
                failtest missing
            else
                skiptest $"skipped: {missing}"

            ""

    let private playwright = lazy (await (Playwright.CreateAsync()))

    /// A browser that sees this machine as `rules` say, see Chromium's `--host-resolver-rules`.
    let launch (rules: string list) =
        let path = path ()

        let flags =
            "--disable-gpu"
            :: "--disable-background-networking"
            :: [ for rule in rules -> $"--host-resolver-rules={rule}" ]

        await (
            playwright.Value.Chromium.LaunchAsync(
                BrowserTypeLaunchOptions(ExecutablePath = path, Args = List.toArray flags)
            )
        )

    let private shared = lazy (launch [])

    /// One browser for all tests that need no other one.
    let common () =
        path () |> ignore
        shared.Value

    let close () =
        if shared.IsValueCreated then
            run (shared.Value.CloseAsync())

        if playwright.IsValueCreated then
            playwright.Value.Dispose()

    // Tests of several lists, beside each other, look at pages in it: it ends with the process.
    AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> close ())

/// How a page is looked at.
module Screens =
    let wide () = BrowserNewContextOptions(ViewportSize = ViewportSize(Width = 1440, Height = 900))

    let dark () =
        let screen = wide ()
        screen.ColorScheme <- ColorScheme.Dark
        screen

    let light () =
        let screen = wide ()
        screen.ColorScheme <- ColorScheme.Light
        screen

    let phone () =
        BrowserNewContextOptions(
            ViewportSize = ViewportSize(Width = 390, Height = 844),
            DeviceScaleFactor = 2f,
            IsMobile = true,
            HasTouch = true,
            ColorScheme = ColorScheme.Dark
        )

    let lightPhone () =
        let screen = phone ()
        screen.ColorScheme <- ColorScheme.Light
        screen

    let named =
        function
        | "dark" -> dark ()
        | "light" -> light ()
        | "phone" -> phone ()
        | _ -> lightPhone ()

/// A page in a fresh profile, and everything that went wrong in it.
type Visit(browser: IBrowser, address: string, screen: BrowserNewContextOptions, settings: string, prepare) =
    let context = await (browser.NewContextAsync screen)
    let page = await (context.NewPageAsync())
    let home = Uri(address).GetLeftPart UriPartial.Authority
    let faults, foreign = ConcurrentQueue<string>(), ConcurrentQueue<string>()

    // Which steps each event of the stream tells of, and what the policy of the page has refused.
    let listen =
        """
        window.events = []; window.violations = [];
        addEventListener("securitypolicyviolation", e => window.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
        const add = EventSource.prototype.addEventListener;
        EventSource.prototype.addEventListener = function (kind, then) {
          return add.call(this, kind, event => {
            if (event.data && kind !== "beat") { const { since, step } = JSON.parse(event.data); window.events.push({ kind, since: since ?? null, step }); }
            then(event);
          });
        };
        """

    do
        page.Console.Add(fun message ->
            if message.Type = "error" || message.Type = "warning" then
                faults.Enqueue $"{message.Type}: {message.Text}")

        page.PageError.Add faults.Enqueue

        page.Request.Add(fun request ->
            if
                not (
                    request.Url.StartsWith(home + "/", StringComparison.Ordinal)
                    || request.Url.StartsWith("data:", StringComparison.Ordinal)
                    || request.Url.StartsWith("blob:", StringComparison.Ordinal)
                )
            then
                foreign.Enqueue request.Url)

        run (page.AddInitScriptAsync listen)

        if settings <> "" then
            run (
                page.AddInitScriptAsync
                    $"localStorage.getItem('btcbandit') ?? localStorage.setItem('btcbandit', '{settings}')"
            )

        prepare page
        await (page.GotoAsync address) |> ignore

    new(address, screen, settings) = new Visit(Browsers.common (), address, screen, settings, ignore)
    new(address, screen) = new Visit(address, screen, "")

    member _.Page = page
    member _.Faults = List.ofSeq faults
    member _.Foreign = List.ofSeq foreign

    /// The value of an expression in the page.
    member _.Eval<'value>(script: string) : 'value = await (page.EvaluateAsync<'value> script)

    /// A value as JSON.
    member this.Json(script: string) =
        JsonDocument.Parse(this.Eval<string> $"(async () => JSON.stringify({script}))()").RootElement

    /// Waits until an expression is true in the page.
    member _.Until(script: string, ?seconds: float) =
        let options =
            PageWaitForFunctionOptions(
                Timeout = Nullable(float32 (defaultArg seconds 20.0 * 1_000.0)),
                PollingInterval = 20f
            )

        try
            // As a function: the page's policy forbids to evaluate an expression again and again.
            await (page.WaitForFunctionAsync($"() => ({script})", null, options)) |> ignore
        with :? TimeoutException ->
            failtest $"it never became true: {script}"

    /// Waits until the chart shows the run.
    member this.Painted() =
        this.Until "performance.getEntriesByName('chart-painted').length > 0 && globalThis.btcbandit"

    /// Waits until the page is connected and knows a step, and nothing is being loaded.
    member this.Knows(step: int) =
        this.Until $"btcbandit.bars.steps === {step} && document.getElementById('link').dataset.state !== 'lost'"

    member _.Click(selector: string) = run (page.ClickAsync(selector, PageClickOptions(Timeout = 8_000f)))
    member _.Press(key: string) = run (page.Keyboard.PressAsync key)
    member _.Text(selector: string) = await (page.InnerTextAsync selector)
    member _.Sees(selector: string) = await (page.IsVisibleAsync selector)
    member _.Pause(milliseconds: int) = run (page.WaitForTimeoutAsync(float32 milliseconds))

    /// Bytes of the page's objects after a collection.
    member _.Heap() =
        let session = await (context.NewCDPSessionAsync page)
        await (session.SendAsync "HeapProfiler.collectGarbage") |> ignore
        let usage = await (session.SendAsync "Runtime.getHeapUsage")
        usage.Value.GetProperty("usedSize").GetDouble()

    /// Nothing went wrong, but for what the test has caused.
    member this.IsSound(?caused: string -> bool) =
        let caused = defaultArg caused (fun _ -> false)
        equal [] (this.Faults |> List.filter (caused >> not))
        equal [] this.Foreign
        equal 0 (this.Eval<int> "violations.length")

    interface IDisposable with
        member _.Dispose() = run (context.CloseAsync())

/// A page at rest, with a run on real candles behind it.
module Opening =
    let page count (screen: BrowserNewContextOptions) =
        let served = new Served(null, RealRun.upTo count)
        let visit = new Visit(served.Address, screen, """{"range":"1D"}""")
        visit.Painted()
        visit.Knows count
        // Trades that arrive later would move the rows.
        visit.Until $"btcbandit.trades.list.length === {(RealRun.fills count).Length}"
        visit.Until "document.getElementById('why-step').textContent.includes('newest')"
        served, visit
