namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// What btcbandit inspect says of runs that the program made.
module InspectCommandTests =

    let private train (folder: Temporary) more =
        run (
            [
                "--offline"
                "--steps"
                "2500"
                "--history"
                "200"
                "--fee-bps"
                "1"
                "--data-dir"
                folder.Path
            ]
            @ more
        )

    let private inspect (folder: Temporary) more = run ([ "inspect"; "--data-dir"; folder.Path ] @ more)

    let private text (name: string) (element: JsonElement) = nonNull ((element.GetProperty name).GetString())

    let private lineOf (name: string) (answer: Answer) =
        answer.Out.Split '\n'
        |> Array.find (fun line -> line.StartsWith(name.PadRight 16))
        |> _.Substring(17)

    /// The lines of a value that may go on below its name.
    let private linesOf (name: string) (answer: Answer) =
        let lines =
            answer.Out.Split '\n'
            |> Array.skipWhile (fun line -> not (line.StartsWith(name.PadRight 16)))

        Array.append lines[..0] (lines[1..] |> Array.takeWhile (fun line -> line.StartsWith(String(' ', 17))))
        |> Array.map _.Substring(17)
        |> String.concat " "

    /// The table that begins with a title: each line as its cells, of which only the last may have blanks.
    let private tableOf (title: string) (answer: Answer) =
        answer.Out.Split '\n'
        |> Array.skipWhile (fun line -> not (line.StartsWith title))
        |> Array.takeWhile ((<>) "")

    [<Tests>]
    let tests =
        testList "InspectCommandTests" [
            testCase "the figures are those that the run printed"
            <| fun () ->
                use folder = new Temporary()
                let printed = train folder []
                let answer = inspect folder []
                equal (0, "") (answer.Code, answer.Error)

                let of' (name: string) =
                    printed.Out.Split '\n'
                    |> Array.find (fun line -> line.StartsWith(name.PadRight 14))
                    |> _.Substring(14)

                for name in
                    [
                        "time"
                        "steps"
                        "equity"
                        "baselines"
                        "max drawdown"
                        "trades"
                        "paid"
                        "in the market"
                        "sharpe"
                        "daily sharpe"
                    ] do
                    equal (of' name) (lineOf name answer)

                equal (of' "run" + " in " + folder.Path) (lineOf "run" answer)
                contains "linear-ts, horizon auto, seed 1" (lineOf "agent" answer)

                matches
                    (@"^(closed: horizon \d+ has -?\d+\.\d\d, needed \d\.\d\d|open: horizon \d+ has \d+\.\d\d, closes below 0)$")
                    (lineOf "gate" answer)

            testCase "the summary in JSON is that of the run"
            <| fun () ->
                use folder = new Temporary()
                let printed = train folder [ "--json" ]
                let found = (json (inspect folder [ "--json" ])).GetProperty "summary"

                for field in (json printed).EnumerateObject() do
                    if field.Name <> "candles_per_second" then
                        holds (JsonElement.DeepEquals(field.Value, found.GetProperty field.Name))

            testCase "the verdict in JSON is that of the text"
            <| fun () ->
                use folder = new Temporary()
                let printed = (json (train folder [ "--json" ])).GetProperty "skill"
                let sentence = text "verdict" printed
                startsWith "Evidence of skill after costs: " sentence
                equal true (printed.GetProperty("is_evidence").GetBoolean())
                equal 1 (printed.GetProperty("trials").GetInt32())
                let words = (inspect folder []).Out.Split([| ' '; '\n' |], StringSplitOptions.RemoveEmptyEntries)
                contains sentence (String.Join(' ', words))
                equal false (printed.GetProperty("is_free").GetBoolean())

            testCase "the verdict on a run without costs says so"
            <| fun () ->
                use folder = new Temporary()

                let skillAt slippage =
                    let flags = [
                        "--offline"
                        "--steps"
                        "300"
                        "--fresh"
                        "--json"
                        "--data-dir"
                        folder.Path
                    ]

                    let costs = [ "--fee-bps"; "0"; "--slippage-bps"; slippage ]
                    (json (run (flags @ costs))).GetProperty "skill"

                let free, charged = skillAt "0", skillAt "0.5"
                endsWith " trial, costs of 0)." (text "verdict" free)
                equal true (free.GetProperty("is_free").GetBoolean())
                endsWith " trial)." (text "verdict" charged)
                equal false (charged.GetProperty("is_free").GetBoolean())

            testCase "JSON has the trades with their reasons, the months and the files"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                let found = json (inspect folder [ "--json"; "--trades"; "4" ])
                equal 4 (found.GetProperty("trades").GetArrayLength())
                let last = found.GetProperty("trades")[3]
                let rows = File.ReadAllLines(folder.File "trades.csv")
                let index = rows |> Array.findIndexBack (fun row -> (row.Split ',')[3] <> "")
                let filled, decided = rows[index].Split ',', rows[index - 1].Split ','
                equal (Int64.Parse filled[0]) (last.GetProperty("open_time").GetInt64())
                equal (Double.Parse filled[3]) (last.GetProperty("price").GetDouble())
                equal decided[14] (text "reason" last)
                equal (Double.Parse decided[13]) (last.GetProperty("q_buy").GetDouble())
                equal decided[2] (text "side" last)

                let files = [
                    for file in found.GetProperty("files").EnumerateArray() ->
                        text "name" file, file.GetProperty("bytes").GetInt64()
                ]

                equal ("trades.csv", (FileInfo(folder.File "trades.csv")).Length) (List.last files)
                equal "state.json" (fst files.Head)
                equal 1 (found.GetProperty("months").GetArrayLength())
                equal 4 (found.GetProperty("learned").GetProperty("experts").GetArrayLength())
                // 2,500 steps: the last of 79 points is of 4 steps.
                equal 79 (found.GetProperty("equity").GetArrayLength())
                equal 32L (found.GetProperty("steps_per_point").GetInt64())

            testCase
                "the fee at which the executions earn nothing is what they earned without fees, by what they traded"
            <| fun () ->
                use folder = new Temporary()
                train folder [ "--agent"; "random" ] |> ignore
                let found = json (inspect folder [ "--json"; "--trades"; "0" ])
                let rows = File.ReadAllLines(folder.File "trades.csv")[1..] |> Array.map _.Split(',')
                let filled = rows |> Array.filter (fun row -> row[3] <> "")
                isAbove 100 filled.Length
                let value = filled |> Array.sumBy (fun row -> Double.Parse row[3] * Double.Parse row[4])
                let fees = filled |> Array.sumBy (fun row -> Double.Parse row[5])
                let profit = Double.Parse((Array.last rows)[10]) - 1000.0
                let fee = 10_000.0 * (profit + fees) / value
                // Rows have eight decimals.
                isNear (1e-6 * value) value (found.GetProperty("traded_value").GetDouble())
                isNear 1e-4 fee (found.GetProperty("break_even_fee_bps").GetDouble())

                let expected =
                    if fee < 0.0 then
                        "the executions of this run lose even without a fee."
                    else
                        $"the executions of this run earn nothing at {fee:F2} bps of fee per side."

                startsWith expected (linesOf "break-even" (inspect folder []))
                contains "would trade otherwise" (linesOf "break-even" (inspect folder []))

            testCase "a run without executions has no break-even fee, no drawdown and no weights"
            <| fun () ->
                use folder = new Temporary()
                train folder [ "--agent"; "hold" ] |> ignore
                let answer = inspect folder []
                let found = json (inspect folder [ "--json" ])
                equal "not defined: nothing was executed" (linesOf "break-even" answer)
                equal JsonValueKind.Null (found.GetProperty("break_even_fee_bps").ValueKind)
                equal 0.0 (found.GetProperty("traded_value").GetDouble())
                equal 0 (found.GetProperty("learned").GetProperty("weights").GetArrayLength())
                lacks "weights now" answer.Out
                endsWith "  0.0 % .. 0.0 %" (lineOf "drawdown" answer)

            testCase "drawdown, time in the market and actions are drawn like equity"
            <| fun () ->
                use folder = new Temporary()
                train folder [ "--agent"; "random" ] |> ignore
                let answer, found = inspect folder [], json (inspect folder [ "--json" ])

                let numbers (name: string) = [
                    for point in found.GetProperty(name).EnumerateArray() -> point.GetDouble()
                ]

                let deepest = List.max (numbers "drawdown")

                isNear 1e-6 (found.GetProperty("summary").GetProperty("max_drawdown").GetDouble()) deepest

                for name in
                    [
                        "equity over time"
                        "drawdown"
                        "in the market"
                        "sell chosen"
                        "hold chosen"
                        "buy chosen"
                    ] do
                    let curve =
                        (answer.Out.Split '\n'
                         |> Array.findBack (fun line -> line.StartsWith(name.PadRight 16)))
                            .Substring
                            17

                    equal 40 (curve.IndexOf "  ")
                    contains " .. " curve

                equal 79 (numbers "drawdown").Length
                let steps = [ for _ in 1..78 -> 32.0 ] @ [ 4.0 ]
                let invested = List.fold2 (fun sum steps part -> sum + steps * part) 0.0 steps (numbers "invested")
                let exposure = found.GetProperty("summary").GetProperty("exposure").GetDouble()
                isNear 1e-9 exposure (invested / 2500.0)

                for action in [ "sell"; "hold"; "buy" ] do
                    equal
                        (found.GetProperty("actions").GetProperty(action).GetInt64())
                        (Seq.sum (
                            seq {
                                for part in found.GetProperty("actions_over_time").EnumerateArray() ->
                                    part.GetProperty(action).GetInt64()
                            }
                        ))

            testCase "all parameters are there, and the versions"
            <| fun () ->
                use folder = new Temporary()

                train folder [
                    "--seed"
                    "7"
                    "--posterior-scale"
                    "0.5"
                    "--forgetting"
                    "0.999"
                    "--evidence"
                    "off"
                    "--horizon"
                    "5"
                    "--model"
                    "per-action"
                    "--feedback"
                    "bandit"
                    "--position-fraction"
                    "0.5"
                    "--initial-cash"
                    "2500"
                    "--fill"
                    "close"
                    "--slippage-bps"
                    "2"
                ]
                |> ignore

                let answer = inspect folder []
                equal "linear-ts, horizon 5, seed 7" (lineOf "agent" answer)

                equal
                    "fee 1 bps, slippage 2 bps per side; orders fill at the close of the decision"
                    (lineOf "costs" answer)

                equal
                    "--model per-action, --feedback bandit, --posterior-scale 0.5, --forgetting 0.999, --evidence off, --position-fraction 0.5, --history 200, --initial-cash 2500"
                    (linesOf "parameters" answer)

                equal
                    "lots of 0.00001 BTC, at least 5 USDT, at most 9000 BTC, prices in steps of 0.01 USDT"
                    (linesOf "orders" answer)

                let state = JsonDocument.Parse(File.ReadAllText(folder.File "state.json")).RootElement
                let arithmetic = state.GetProperty("arithmetic").GetInt32()

                startsWith $"state: arithmetic {arithmetic}; this program: btcbandit " (linesOf "versions" answer)

                endsWith $"arithmetic {arithmetic}" (linesOf "versions" answer)
                let found = json (inspect folder [ "--json" ])
                equal arithmetic (found.GetProperty("arithmetic").GetInt32())
                equal arithmetic (found.GetProperty("program_arithmetic").GetInt32())
                contains (text "program" found) (linesOf "versions" answer)

            testCase "what the agent knew before is said, if it knew anything"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                lacks "learned before" ((inspect folder []).Out)

                let again =
                    run [
                        "--offline"
                        "--steps"
                        "100"
                        "--history"
                        "200"
                        "--fee-bps"
                        "1"
                        "--fresh"
                        "--keep-learning"
                        "--data-dir"
                        folder.Path
                    ]

                equal 0 again.Code
                let known = (json (inspect folder [ "--json" ])).GetProperty("header").GetProperty("known")[0]
                let time = DateTimeOffset.FromUnixTimeMilliseconds(known.GetProperty("through").GetInt64())

                equal
                    $"from candles of this market up to {time:``yyyy-MM-dd HH:mm``} UTC"
                    (lineOf "learned before" (inspect folder []))

            testCase "the largest weights are those of JSON"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                let answer = inspect folder []
                let learned = (json (inspect folder [ "--json" ])).GetProperty "learned"
                let horizon = learned.GetProperty("followed").GetInt32()

                let weights = [
                    for weight in learned.GetProperty("weights").EnumerateArray() ->
                        text "feature" weight, weight.GetProperty("weight_bps").GetDouble()
                ]

                let largest =
                    weights
                    |> List.sortByDescending (snd >> abs)
                    |> List.truncate 8
                    |> List.map (fun (name, weight) -> $"{name} {weight:``+0.000;-0.000;0.000``}")

                let noun = if horizon = 1 then "candle" else "candles"

                equal
                    ($"the largest 8, in bps of return over {horizon} {noun} where a feature is 1: "
                     + String.Join(", ", largest))
                    (linesOf "weights now" answer)

            testCase "what needs the candles is named with the command that shows it"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                let absent = linesOf "not in the files" (inspect folder [])

                for part in
                    [
                        "hash of the data"
                        "weights over time"
                        "returns at other fees"
                        "random trades"
                        "btcbandit backtest --data ... --report FILE.html"
                    ] do
                    contains part absent

                // To be copied.
                contains
                    "btcbandit backtest --data ... --report FILE.html\n"
                    ((inspect folder []).Out.ReplaceLineEndings "\n")

            testCase "lines that are no tables fit a narrow terminal"
            <| fun () ->
                use folder = new Temporary()

                train folder [ "--horizon"; "5"; "--agent"; "linear-ucb"; "--posterior-scale"; "12.25" ]
                |> ignore

                for line in (inspect folder [ "--trades"; "0" ]).Out.Split '\n' do
                    if
                        not (
                            line.StartsWith "indicators"
                            || line.StartsWith "run "
                            || line.StartsWith "costs"
                            || line.StartsWith "trades"
                        )
                    then
                        Expect.isLessThanOrEqual line.Length 80 line

            testCase "the same folder gives the same text, and no line is wide"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                let first = inspect folder []
                equal first (inspect folder [])

                for line in first.Out.Split '\n' do
                    if not (line.StartsWith "indicators" || line.StartsWith "run ") then
                        Expect.isLessThanOrEqual line.Length 132 line

            testCase "a terminal without Unicode gets a curve in ASCII"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                // No locale is set where tests run the program.
                if not (OperatingSystem.IsWindows()) then
                    matches "^[\x00-\x7f]*$" ((inspect folder []).Out)

            cases "any agent can be looked at" [ "hold"; "softmax"; "random" ]
            <| fun (agent: string) ->
                use folder = new Temporary()
                train folder [ "--agent"; agent ] |> ignore
                let answer = inspect folder []
                equal (0, "") (answer.Code, answer.Error)
                contains agent (lineOf "learned" answer)
                lacks "gate  " answer.Out

            testCase "a run that has not traded"
            <| fun () ->
                use folder = new Temporary()
                train folder [ "--agent"; "hold" ] |> ignore
                contains "\nno trade\n" (inspect folder []).Out

            testCase "a folder without a run is one line, and 1"
            <| fun () ->
                use folder = new Temporary()

                for path in [ folder.Path; folder.File "none" ] do
                    let answer = run [ "inspect"; "--data-dir"; path ]
                    equal (1, "") (answer.Code, answer.Out)
                    equal $"btcbandit inspect: there is no run in {path}: state.json is missing\n" answer.Error

                fails (Directory.Exists(folder.File "none"))
                isEmpty (Directory.GetFileSystemEntries folder.Path)

            testCase "damaged files are one line that names the file, and 1"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                let state, rows = folder.File "state.json", folder.File "trades.csv"
                let text = File.ReadAllText state
                File.WriteAllText(state, "not json")
                let damaged = inspect folder []
                File.WriteAllText(state, text)
                File.WriteAllText(rows, "short")
                let short = inspect folder []
                File.Delete rows
                let missing = inspect folder []

                for answer, expected in
                    [
                        damaged, $"{state} is not a state"
                        short, $"{rows} has 5 bytes"
                        missing, $"{rows} is missing"
                    ] do
                    equal (1, "") (answer.Code, answer.Out)
                    isOneLine answer.Error
                    contains expected answer.Error
                    lacks "--fresh" answer.Error

            testCase "beside a run that goes on, what is shown is one of its saves"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore

                let arguments = [
                    "--offline"
                    "--history"
                    "200"
                    "--fee-bps"
                    "1"
                    "--data-dir"
                    folder.Path
                    "--steps"
                    "400"
                    "--delay"
                    "0.002"
                    "--checkpoint-every"
                    "7"
                ]

                let running = Task.Run(fun () -> run arguments)
                let seen = ResizeArray<int64>()

                while not running.IsCompleted do
                    let answer = inspect folder [ "--json" ]
                    equal (0, "") (answer.Code, answer.Error)
                    let found = json answer
                    let steps = found.GetProperty("summary").GetProperty("steps").GetInt64()
                    let actions = found.GetProperty "actions"

                    equal
                        steps
                        (List.sum [
                            for name in [ "sell"; "hold"; "buy" ] -> actions.GetProperty(name).GetInt64()
                        ])

                    seen.Add steps

                equal 0 running.Result.Code
                isAbove 1 (Seq.distinct seen |> Seq.length)
                equal (List.ofSeq (Seq.sort seen)) (List.ofSeq seen)

            cases "columns never touch, whatever the amounts are" [ "1000000000"; "1000000000000"; "15" ]
            <| fun (cash: string) ->
                use folder = new Temporary()

                let trained = train folder [ "--initial-cash"; cash; "--horizon"; "5"; "--agent"; "random" ]
                equal 0 trained.Code

                let answer = inspect folder [ "--trades"; "40" ]
                equal 0 answer.Code

                for title, columns in [ "time              side", 11; "month  ", 7 ] do
                    let lines = tableOf title answer
                    isAbove (if columns = 11 then 10 else 1) lines.Length

                    for line in lines do
                        equal columns (line.Split("  ", StringSplitOptions.RemoveEmptyEntries).Length)

                matchesNot (@"-0\.0+\b") answer.Out

            testCase "expected values are in basis points of equity"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                let answer = inspect folder [ "--trades"; "3" ]
                let trades = (json (inspect folder [ "--trades"; "3"; "--json" ])).GetProperty "trades"
                contains "in bps of equity" answer.Out
                let lines = tableOf "time              side" answer
                equal 4 lines.Length

                for index in 0..2 do
                    let cells = lines[index + 1].Split("  ", StringSplitOptions.RemoveEmptyEntries)

                    for place, name in [ 7, "q_sell"; 8, "q_hold"; 9, "q_buy" ] do
                        let value = 1e4 * trades[index].GetProperty(name).GetDouble()
                        isNear 0.0051 value (Double.Parse cells[place])

            testCase "earlier runs are counted, and a folder that cannot hold any is a remark"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                train folder [ "--fresh" ] |> ignore
                contains "1 earlier run" (lineOf "runs/" (inspect folder []))
                Directory.Delete(folder.File "runs", true)
                let earlier () = ((json (inspect folder [ "--json" ])).GetProperty "earlier_runs").ToString()
                equal "0" (earlier ())
                File.WriteAllText(folder.File "runs", "a file")
                let answer = inspect folder []
                equal (0, "") (answer.Code, answer.Error)
                equal $"""not known: {folder.File "runs"} is not a folder""" (lineOf "runs/" answer)
                equal "" (earlier ())

                // The administrator may read everything.
                if not (OperatingSystem.IsWindows()) && Environment.UserName <> "root" then
                    File.Delete(folder.File "runs")
                    let closed = Directory.CreateDirectory(folder.File "runs").FullName
                    File.SetUnixFileMode(closed, UnixFileMode.None)
                    let answer = inspect folder []

                    File.SetUnixFileMode(
                        closed,
                        UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute
                    )

                    equal (0, "") (answer.Code, answer.Error)
                    contains (folder.File "runs") (lineOf "runs/" answer)

            testCase "a backup is advised only where there is one"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore
                let backup = folder.File "state.json.bak"
                equal true (File.Exists backup)
                File.WriteAllText(folder.File "state.json", "")
                contains ": restore state.json.bak over it" (inspect folder []).Error
                File.Delete backup
                let alone = inspect folder []
                equal (1, "") (alone.Code, alone.Out)
                endsWith "; it is left as it is" (alone.Error.TrimEnd())
                endsWith "; it is left as it is: start anew with --fresh" ((train folder []).Error.TrimEnd())

            testCase "a folder in place of a file is named"
            <| fun () ->
                use folder = new Temporary()
                train folder [] |> ignore

                for name in [ "trades.csv"; "state.json" ] do
                    File.Delete(folder.File name)
                    Directory.CreateDirectory(folder.File name) |> ignore
                    let answer = inspect folder []
                    equal (1, "") (answer.Code, answer.Out)
                    isOneLine answer.Error
                    contains $"{folder.File name} is a folder" answer.Error

            cases "wrong usage is one line, and 2" [
                "--trades -1", "--trades -1: a whole number from 0 to 100000 is needed"
                "--data-dir --json", "--data-dir: a value is needed before --json"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run ("inspect" :: List.ofArray (words line))
                equal (2, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains expected answer.Error

            testCase "help has examples and exit codes"
            <| fun () ->
                let answer = run [ "inspect"; "--help" ]
                equal 0 answer.Code

                for part in [ "--data-dir"; "--trades"; "--json"; "Examples:"; "Exit codes:" ] do
                    contains part answer.Out
        ]
