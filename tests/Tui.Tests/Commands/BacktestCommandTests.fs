namespace BtcBandit.Tui.Tests.Commands

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open NUnit.Framework
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// A clock on which a second passes between two looks.
type HurryingClock() =
    inherit TimeProvider()
    let mutable looks = 0L
    override _.TimestampFrequency = 1L

    override _.GetTimestamp() =
        looks <- looks + 1L
        looks

/// Calls back at each line.
type Listener(onLine: string -> unit) =
    inherit StringWriter()

    override this.WriteLine(line: string) =
        base.WriteLine line
        onLine line

/// What backtest prints and answers.
[<TestFixture>]
type BacktestCommandTests() =

    static let market =
        SyntheticFeed.Candles(SyntheticOptions(Seed = 4L))
        |> Seq.take 3_000
        |> Array.ofSeq

    /// A file of some minutes, of which some can be missing.
    static let writeSome (folder: Temporary) (name: string) count (isThere: int -> bool) =
        let invariant (text: FormattableString) = FormattableString.Invariant text

        let rows =
            [
                for index, candle in Seq.indexed market[.. count - 1] do
                    if isThere index then
                        invariant
                            $"{candle.OpenTime},{candle.Open:R},{candle.High:R},{candle.Low:R},{candle.Close:R},{candle.Volume:R}"
            ]

        let path = folder.File $"{name}.csv"
        File.WriteAllLines(path, "open_time,open,high,low,close,volume" :: rows)
        path

    static let write folder name count = writeSome folder name count (fun _ -> true)

    let small = [ "--indicators"; "sma:5"; "--fee-bps"; "1"; "--slippage-bps"; "0" ]
    let backtest file more = run ("backtest" :: "--data" :: file :: small @ more)
    let offline more = run ([ "backtest"; "--offline"; "--history"; "0"; "--steps"; "600" ] @ small @ more)

    let agentsOf (answer: Answer) (list: string) =
        [
            for agent in (json answer).GetProperty(list).EnumerateArray() -> string (agent.GetProperty "agent")
        ]

    let get (name: string) (element: JsonElement) = element.GetProperty name
    let at (place: int) (element: JsonElement) = element[place]
    let agent place answer = json answer |> get "agents" |> at place
    let summary answer = agent 0 answer |> get "runs" |> at 0 |> get "summary"
    let runsOf place answer = (agent place answer |> get "runs").GetRawText()

    let lines (text: string) = text.ReplaceLineEndings("\n").TrimEnd('\n').Split '\n'

    /// The command with signals, a clock and a width of its own.
    let hosted columns (clock: TimeProvider) file (onLine: StopSignals -> string -> unit) =
        use signals = new StopSignals(Nullable(), TimeProvider.System)
        use out = new StringWriter()
        use error = new Listener(onLine signals)
        let isTerminal = columns > 0

        let host =
            ConsoleHost(out, error, isTerminal, isTerminal, clock, (fun _ -> null), (fun () -> struct (columns, 24)))

        let options =
            BacktestOptions(
                Source = CandleSource.Files(ArchiveOptions([| file |], TradingPair("BTC", "USDT"), Timeframe.OneMinute)),
                Run = RunParameters(Indicators = "sma:5", Costs = Costs.Of(1.0, 0.0)),
                Threads = Nullable 1
            )

        let code = BacktestCommand.RunAsync(options, host, signals).GetAwaiter().GetResult()
        { Code = code; Out = out.ToString(); Error = error.ToString() }

    [<Test>]
    member _.``a week of candles ends with the agent beside the baselines``() =
        use folder = new Temporary()
        let answer = backtest (write folder "candles" 2_000) []
        equal 0 answer.Code
        equal [| "read 2,000 rows from 1 file, 2,000 candles passed" |] (lines answer.Error)
        let names = lines answer.Out |> Array.map (fun line -> Array.head (words (line + " x")))

        for name in [ "linear-ts"; "hold"; "buy-and-hold"; "ma-cross"; "random-turnover" ] do
            Assert.That(names, Does.Contain name)

        Assert.That(lines answer.Out |> Array.map String.length, Is.All.LessThanOrEqualTo 120)

    /// What it looks like is on file; BTCBANDIT_WRITE_GOLDEN=1 writes it anew.
    [<TestCase("seeds", "--offline --steps 2000 --seeds 3 --compare linear-ts;softmax;hold")>]
    [<TestCase("single", "--offline --world mean-reverting --steps 3000 --agent greedy --fill close")>]
    [<TestCase("no-trades", "--offline --world martingale --steps 1500 --seeds 2")>]
    [<TestCase("short", "--offline --steps 20 --timeframe 1h --initial-cash 1000000000000")>]
    [<TestCase("months", "--offline --steps 150 --timeframe 1d --history 0 --agent random --seeds 2")>]
    member _.``the text is the one on file``(name: string, line: string) =
        let answer = run ("backtest" :: List.ofArray (words line))
        equal 0 answer.Code
        let text = answer.Out.ReplaceLineEndings "\n"
        let file = Repository.path $"tests/Golden/backtest/{name}.txt"

        if Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1" then
            Directory.CreateDirectory(nonNull (Path.GetDirectoryName file)) |> ignore
            File.WriteAllText(file, text)

        Assert.That(text, Is.EqualTo<string>(Repository.read $"tests/Golden/backtest/{name}.txt"), name)
        Assert.That(lines text |> Array.map String.length, Is.All.LessThanOrEqualTo 120)

    [<Test>]
    member _.``columns stand below each other``() =
        let answer = offline [ "--seeds"; "3"; "--compare"; "linear-ts; softmax; random; hold" ]
        let all = lines answer.Out

        let table from =
            all
            |> Array.skipWhile (fun line -> not (line.StartsWith(from: string)))
            |> Array.takeWhile ((<>) "")

        // Every cell ends where the title above it ends, and a blank stands before it.
        let below (title: string) (rows: string[]) =
            let ends =
                [
                    for i in 1 .. title.Length - 1 do
                        if title[i] <> ' ' && (i + 1 = title.Length || title[i + 1] = ' ') then
                            i
                ]

            for row in rows do
                equal title.Length row.Length

                for place in ends do
                    Assert.That((row[place] <> ' '), $"{title}\n{row}")

        let main = table "        "
        below (main[0].Replace("per year", "per_year")) (main[1..] |> Array.filter (fun line -> line.Length > 40))
        Assert.That(main.Length, Is.GreaterThan 10)
        let months = table "  month"
        below (months[0].Replace("buy and hold", "buy_and_hold")) months[1..]
        Assert.That(months.Length, Is.GreaterThan 1)

    [<Test>]
    member _.``the number of threads does not show, in text and JSON``() =
        use folder = new Temporary()
        let file = write folder "candles" 1_500
        let more = [ "--seeds"; "3"; "--compare"; "linear-ts; random; softmax" ]

        for format in [ []; [ "--json" ] ] do
            let one = backtest file (more @ format @ [ "--threads"; "1" ])
            let two = backtest file (more @ format @ [ "--threads"; "2" ])
            equal (0, 0) (one.Code, two.Code)
            equal one.Out two.Out
            Assert.That(one.Out.Length, Is.GreaterThan 1_000)

    [<Test>]
    member _.``a file gives what the synthetic market that it was written from gives``() =
        use folder = new Temporary()
        let file = write folder "candles" 1_500

        let ofFile = backtest file [ "--seed"; "4"; "--json" ]

        let runs (answer: Answer) =
            [
                for list in [ "agents"; "baselines" ] do
                    for agent in (json answer).GetProperty(list).EnumerateArray() do
                        (agent.GetProperty "runs").GetRawText()
            ]

        // Five closes warm the average up, fifteen candles the features.
        let steps = (summary ofFile |> get "steps").GetInt32()

        let synthetic =
            run (
                [
                    "backtest"
                    "--offline"
                    "--history"
                    "0"
                    "--steps"
                    string steps
                    "--seed"
                    "4"
                    "--json"
                ]
                @ small
            )

        equal (0, 0) (ofFile.Code, synthetic.Code)
        equal (runs synthetic) (runs ofFile)

    [<Test>]
    member _.``the JSON object is alone on stdout, and has the text's figures``() =
        use folder = new Temporary()
        let file = write folder "candles" 2_000
        let more = [ "--seeds"; "2"; "--compare"; "linear-ts; greedy" ]
        let text, answer = backtest file more, backtest file ("--json" :: more)
        equal (0, 0) (text.Code, answer.Code)
        let root = json answer
        equal true (root.GetProperty("is_whole").GetBoolean())
        equal [ "linear-ts"; "greedy" ] (agentsOf answer "agents")
        equal [ "hold"; "buy-and-hold"; "ma-cross"; "random-turnover" ] (agentsOf answer "baselines")
        let spread name = agent 0 answer |> get "spread" |> get name
        let percent (value: float) = value.ToString("+0.00 %;-0.00 %;0.00 %", CultureInfo.InvariantCulture)

        let row name =
            lines text.Out
            |> Array.find (fun line -> line.StartsWith(name: string))
            |> words

        let value name part = (spread name |> get part).GetDouble()
        let cells name = Array.toList (row name)
        equal (percent (value "total_return" "mean")) (String.Join(' ', (cells "  mean")[1..2]))
        equal (percent (value "total_return" "least")) (String.Join(' ', (cells "  least")[1..2]))

        equal
            ((value "final_equity" "mean").ToString("N2", CultureInfo.InvariantCulture))
            (List.item 1 (cells "equity"))

        let months = agent 0 answer |> get "runs" |> at 0 |> get "path" |> get "months"
        equal 1 (months.GetArrayLength())
        contains "2024-01" text.Out

    [<Test>]
    member _.``the header is that of the first agent's first run``() =
        let answer = offline [ "--compare"; "softmax; linear-ts"; "--seed"; "3"; "--json" ]
        let parameters = (json answer).GetProperty("header").GetProperty "parameters"

        equal
            ("softmax", "15", "3")
            (string (get "agent" parameters), string (get "horizon" parameters), string (get "seed" parameters))

        // The other one still weighs several horizons.
        let auto = offline [ "--agent"; "linear-ts"; "--seed"; "3"; "--json" ]
        equal (runsOf 0 auto) (runsOf 1 answer)

    [<Test>]
    member _.``seeds count up, and agents that draw nothing run once``() =
        let answer = offline [ "--seeds"; "3"; "--seed"; "-1"; "--compare"; "linear-ts; greedy"; "--json" ]

        let seeds place =
            [
                for run in (agent place answer |> get "runs").EnumerateArray() -> run.GetProperty("seed").GetInt64()
            ]

        equal [ -1L; 0L; 1L ] (seeds 0)
        equal [ -1L ] (seeds 1)
        // The last seeds there are.
        let last = offline [ "--seeds"; "2"; "--seed"; string (Int64.MaxValue - 1L); "--json" ]
        equal 0 last.Code

    [<Test>]
    member _.``steps are counted after history and warm-up, and more than there are is all``() =
        use folder = new Temporary()
        let file = write folder "candles" 1_000

        let counts more =
            let summary = summary (backtest file ("--json" :: more))
            (get "steps" summary).GetInt32(), (get "candles" summary).GetInt32()

        equal (100, 400) (counts [ "--steps"; "100"; "--history"; "300" ])
        let all = counts []
        equal all (counts [ "--steps"; "2000000000" ])
        equal 1_000 (snd all)

    [<Test>]
    member _.``a baseline that was also asked for stands there once``() =
        let answer = offline [ "--compare"; "hold; ma-cross" ]

        let count (name: string) =
            lines answer.Out
            |> Array.filter (fun line -> line.StartsWith(name + " ") && line.Length > 100)
            |> Array.length

        equal [ 1; 1; 1; 1 ] (List.map count [ "hold"; "ma-cross"; "buy-and-hold"; "random-turnover" ])

    [<Test>]
    member _.``too few candles for a step say so, and 1``() =
        use folder = new Temporary()
        let answer = backtest (write folder "short" 10) [ "--history"; "300" ]
        equal (1, "") (answer.Code, answer.Out)

        equal
            "btcbandit backtest: no step was made: the source gave 10 candles, history and warm-up take 300"
            (Array.last (lines answer.Error))

    [<Test>]
    member _.``bad data is one line, and 1``() =
        use folder = new Temporary()
        let file = write folder "candles" 200
        File.AppendAllLines(file, [ "not,a,candle,at,all,x" ])
        let answer = backtest file []
        equal (1, "") (answer.Code, answer.Out)
        let last = Array.last (lines answer.Error)
        Assert.That(last, Does.StartWith "btcbandit backtest: ")
        contains "candles.csv" last

    [<Test>]
    member _.``gaps are told, and whole months without a candle are left out``() =
        use folder = new Temporary()
        let file = writeSome folder "candles" 2_000 (fun index -> index < 400 || index >= 700)
        let answer = backtest file []
        equal 0 answer.Code
        contains "300 candles" answer.Error
        // Told once, although the candles are read twice.
        let told = lines answer.Error
        equal (Array.length (Array.distinct told)) (Array.length told)

    [<TestCase("--timeframe 1d --history 0")>]
    [<TestCase("--timeframe 15m --symbol SHIB/USDT")>]
    [<TestCase("--fill close --history 500")>]
    [<TestCase("--symbol XYZ/USDT --position-fraction 0.5")>]
    [<TestCase("--model per-action --seeds 2")>]
    [<TestCase("--feedback bandit --compare linear-ts;softmax;random")>]
    [<TestCase("--initial-cash 1000000000000")>]
    member _.``any market and options``(line: string) =
        use folder = new Temporary()
        let answer = backtest (write folder "candles" 3_000) (List.ofArray (words line))

        // Two days are no fifty closes.
        if line.Contains "1d" then
            equal 1 answer.Code
            contains "no step was made" answer.Error
        else
            equal 0 answer.Code
            Assert.That(lines answer.Out |> Array.map String.length, Is.All.LessThanOrEqualTo 120)

    [<Test>]
    member _.``nothing is written``() =
        use folder = new Temporary()
        let file = write folder "candles" 300
        let before = Directory.GetCurrentDirectory()
        Directory.CreateDirectory(folder.File "work") |> ignore

        try
            Directory.SetCurrentDirectory(folder.File "work")
            equal 0 (backtest file [ "--seeds"; "2" ]).Code
            equal 0 (offline []).Code
            Assert.That(Directory.GetFileSystemEntries(folder.File "work"), Is.Empty)
        finally
            Directory.SetCurrentDirectory before

        equal [| file; folder.File "work" |] (Directory.GetFileSystemEntries folder.Path |> Array.sort)

    [<Test>]
    member _.``a signal ends it with what the candles so far give, and its exit code``() =
        use folder = new Temporary()
        let file = write folder "candles" 2_000

        let answer =
            hosted 0 (HurryingClock()) file (fun signals line ->
                if line.StartsWith "runs" then
                    signals.Take 130 |> ignore)

        equal 130 answer.Code
        contains "stopped: what follows is of the candles so far; the same command begins anew" answer.Error
        let short = backtest (write folder "short" 512) [ "--threads"; "1" ]

        // All but the agent that trades at random.
        let expected =
            lines short.Out
            |> Array.filter (fun line -> not (line.StartsWith "random-turnover"))

        equal expected (lines answer.Out)

    [<Test>]
    member _.``a signal in the second reading leaves out the random baseline only``() =
        use folder = new Temporary()
        let file = write folder "candles" 2_000

        let answer =
            hosted 0 (HurryingClock()) file (fun signals line ->
                if line.StartsWith "random" then
                    signals.Take 143 |> ignore)

        equal 143 answer.Code
        contains "stopped: what follows is of all candles, but may lack the agent that trades at random" answer.Error
        let whole = backtest file []

        let expected =
            lines whole.Out
            |> Array.filter (fun line -> not (line.StartsWith "random-turnover"))

        equal expected (lines answer.Out)

    [<Test>]
    member _.``a signal before the first step is said, with its exit code``() =
        use folder = new Temporary()
        use signals = new StopSignals(Nullable(), TimeProvider.System)
        signals.Take 129 |> ignore
        use out = new StringWriter()
        use error = new StringWriter()

        let host =
            ConsoleHost(out, error, false, false, TimeProvider.System, (fun _ -> null), (fun () -> struct (0, 0)))

        let options =
            BacktestOptions(
                Source = CandleSource.Synthetic(TradingPair("BTC", "USDT"), SyntheticOptions()),
                Run = RunParameters()
            )

        equal 129 (BacktestCommand.RunAsync(options, host, signals).GetAwaiter().GetResult())
        equal "" (out.ToString())
        equal "stopped before the first step" (Array.last (lines (error.ToString())))

    [<Test>]
    member _.``elsewhere than on a terminal the progress is plain lines``() =
        use folder = new Temporary()
        let answer = hosted 0 (HurryingClock()) (write folder "candles" 2_000) (fun _ _ -> ())
        equal 0 answer.Code
        let progress = lines answer.Error |> Array.filter (fun line -> line.Contains "/s")

        Assert.That(
            progress,
            Is.All.Match
                @"^(runs|random) \[[#.]{20}\] +\d+ %  [\d,]+ candles, [\d,]+/s(, \d+ (s|min \d\d s|h \d\d min) left)?$"
        )

        Assert.That(progress |> Array.filter _.StartsWith("runs"), Is.Not.Empty)
        Assert.That(progress |> Array.filter _.StartsWith("random"), Is.Not.Empty)
        Assert.That(answer.Error, Does.Not.Contain "\x1b")

    [<Test>]
    member _.``on a terminal it is a bar, which is gone in the end``() =
        use folder = new Temporary()
        let file = write folder "candles" 2_000
        let answer = hosted 100 (HurryingClock()) file (fun _ _ -> ())
        equal 0 answer.Code
        contains "\rruns [" answer.Error
        contains "\rrandom [" answer.Error
        let parts = answer.Error.Split "\r\x1b[K"
        let drawn, said = Array.head parts, Array.last parts
        Assert.That(drawn, Does.Not.Contain "\n")
        equal [| "read 2,000 rows from 1 file, 2,000 candles passed" |] (lines said)
        let narrow = hosted 20 (HurryingClock()) file (fun _ _ -> ())

        let bars =
            narrow.Error.Split('\r')
            |> Array.map (fun bar -> Array.head (bar.Split "\x1b[K"))

        Assert.That(bars |> Array.map String.length, Is.All.LessThan 20)

    [<Test>]
    member _.``a frozen state, or its folder, is applied and left as it is``() =
        use folder = new Temporary()
        let data = folder.File "run"

        let train =
            [
                "--offline"
                "--steps"
                "3000"
                "--data-dir"
                data
                "--fee-bps"
                "0"
                "--slippage-bps"
                "0"
                "--indicators"
                "sma:5,atr:14"
                "--horizon"
                "5"
            ]

        equal 0 (run train).Code
        let state = Path.Combine(data, "state.json")
        let before = File.ReadAllBytes state
        let file = write folder "candles" 1_500
        let frozen path = run [ "backtest"; "--data"; file; "--frozen"; path; "--fee-bps"; "0"; "--json" ]
        let ofFile, ofFolder = frozen state, frozen data
        equal (0, 0) (ofFile.Code, ofFolder.Code)
        equal ofFile.Out ofFolder.Out
        equal before (File.ReadAllBytes state)
        equal true ((agent 0 ofFile |> get "is_frozen").GetBoolean())
        let parameters = (json ofFile).GetProperty("header").GetProperty "parameters"
        equal ("sma:5,atr:14", "5") (string (get "indicators" parameters), string (get "horizon" parameters))

        let learning =
            run
                [
                    "backtest"
                    "--data"
                    file
                    "--indicators"
                    "sma:5,atr:14"
                    "--horizon"
                    "5"
                    "--fee-bps"
                    "0"
                    "--json"
                ]

        Assert.That(runsOf 0 learning, Is.Not.EqualTo(runsOf 0 ofFile))
        let text = run [ "backtest"; "--data"; file; "--frozen"; data ]
        contains "linear-ts applies what it learned before, and does not learn" text.Out

    [<Test>]
    member _.``a state of other candles is refused``() =
        use folder = new Temporary()
        equal 0 (run [ "--offline"; "--steps"; "20"; "--history"; "0"; "--data-dir"; folder.Path ]).Code
        let answer = run [ "backtest"; "--offline"; "--frozen"; folder.Path; "--timeframe"; "5m" ]
        equal (2, "") (answer.Code, answer.Out)

        equal
            $"btcbandit backtest: --frozen {folder.Path}: its agent has learned from candles of 1m, not of 5m\n"
            (answer.Error.ReplaceLineEndings "\n")

    [<Test>]
    member _.``a state whose learner is damaged is one line``() =
        use folder = new Temporary()
        equal 0 (run [ "--offline"; "--steps"; "20"; "--data-dir"; folder.Path ]).Code
        let path = folder.File "state.json"
        let root = nonNull (JsonNode.Parse(File.ReadAllText path))
        let learner = nonNull ((nonNull ((nonNull root["run"])["agent"]))["state"])
        learner["learned"] <- null
        File.WriteAllText(path, root.ToJsonString(), Encoding.UTF8)
        let answer = run [ "backtest"; "--offline"; "--steps"; "20"; "--frozen"; folder.Path ]
        equal "" answer.Out
        Assert.That(answer.Code, Is.EqualTo(1).Or.EqualTo 2)
        Assert.That(answer.Error, Does.Not.Contain "--fresh")
        let last = Array.last (lines answer.Error)
        Assert.That(last, Does.StartWith "btcbandit backtest: ")
