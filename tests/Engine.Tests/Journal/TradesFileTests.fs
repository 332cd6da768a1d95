namespace BtcBandit.Engine.Tests.Journal

open System
open System.Collections.Immutable
open System.Globalization
open System.IO
open Microsoft.Win32.SafeHandles
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// Disks that fail.
module Disk =
    let plain path = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 0)

    /// Takes so many writes, then half of the next, and is full.
    let fullAfter taken path =
        let mutable writes = 0

        {
            new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, 0) with
                override _.Write(rows: byte array, offset: int, count: int) =
                    writes <- writes + 1

                    if writes <= taken then
                        base.Write(rows, offset, count)
                    else
                        base.Write(rows, offset, count / 2)
                        raise (IOException "no space left")
        }

    /// Takes so many writes, not the next, and then all: somebody made room.
    let fullOnceAfter taken path =
        let mutable writes = 0

        {
            new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, 0) with
                override _.Write(rows: byte array, offset: int, count: int) =
                    writes <- writes + 1

                    if writes = taken + 1 then
                        raise (IOException "no space left")

                    base.Write(rows, offset, count)
        }

    /// The runtime's word for EFBIG.
    let mayNotGrow path = {
        new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 0) with
            override _.Write(_: byte array, _: int, _: int) = raise (ArgumentOutOfRangeException "value")
    }

/// Rows as the framework's own formatting writes them, each by itself.
module Rows =
    let private number (value: float) =
        let text = value.ToString("F8", CultureInfo.InvariantCulture)
        if text = "-0.00000000" then text[1..] else text

    let private row (step: Step) =
        let fill =
            match step.Fill with
            | null -> [ ""; ""; ""; "" ]
            | fill -> List.map number [ fill.Price; fill.Quantity; fill.Fee; fill.Slippage ]

        let reward = if step.Reward.HasValue then number step.Reward.Value else ""

        let action = step.Decision.Action.ToString().ToLowerInvariant()

        let portfolio = [ step.Portfolio.Cash; step.Portfolio.Position; step.Statistics.Equity ]

        let means = [ step.Decision.Sell.Mean; step.Decision.Hold.Mean; step.Decision.Buy.Mean ]

        [ string step.Candle.OpenTime; string step.Number; action ]
        @ fill
        @ [ reward ]
        @ List.map number (portfolio @ means)
        @ [ step.Reason ]
        |> String.concat ","

    let text (steps: Step seq) =
        String.concat "" (Seq.map (fun line -> line + "\n") (TradesFile.Header :: List.map row (List.ofSeq steps)))

module TradesFileTests =

    let private steps =
        let parameters = Make.parametersOf 5 1.0 0.5 1_000.0

        Trading.run parameters (Trading.thompson parameters) (Trading.market SyntheticWorld.Drifts 1L 120)
        |> Array.ofList

    /// A file with some rows, and its bytes after each.
    let private write path count =
        use file = TradesFile.Create path

        let lengths = [
            for step in Array.take count steps do
                file.Append(Make.made step)
                file.Length
        ]

        file.Flush true
        equal (List.last lengths) (FileInfo path).Length
        lengths

    /// What the journal knows of a run after a step.
    let private stateAfter (step: Step) =
        let candle = step.Candle
        let decision = step.Decision

        RunState(
            Header = step.Header,
            Candles = step.Candles,
            LastCandle = CandleRow(candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume),
            ActionValues = ImmutableArray.Create(decision.Sell.Mean, decision.Hold.Mean, decision.Buy.Mean),
            Indicators = Unchecked.defaultof<_>,
            Agent = Unchecked.defaultof<_>,
            Portfolio = step.Portfolio,
            PendingOrder = decision.Action,
            Pending =
                ImmutableArray.Create(
                    PendingOutcome(
                        candle.OpenTime,
                        step.Features,
                        0.001,
                        Nullable decision.Action,
                        decision.Horizon,
                        0.0,
                        Nullable()
                    )
                ),
            Statistics = step.Statistics,
            Benchmarks = Unchecked.defaultof<_>
        )

    let private continueAt path length count = TradesFile.Continue(path, length, stateAfter steps[count - 1])

    [<Tests>]
    let tests =
        testList "TradesFileTests" [
            testCase "a torn or surplus tail is told, cut and made again, wherever it is torn"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "trades.csv"
                let lengths = write path 12
                let whole = File.ReadAllBytes path

                for kept in int lengths[4] .. 37 .. whole.Length do
                    File.WriteAllBytes(path, whole[.. kept - 1])

                    do
                        use file = continueAt path lengths[4] 5
                        equal (int64 kept - lengths[4]) file.Surplus
                        equal lengths[4] file.Length
                        file.Cut()
                        equal 0L file.Surplus

                        for step in steps[5..11] do
                            file.Append(Make.made step)

                        file.Flush true

                    equal whole (File.ReadAllBytes path)

            testCase "a file whose last row is not the state's is refused and left alone"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "trades.csv"
                let lengths = write path 12
                let whole = File.ReadAllBytes path

                for length, count in [ lengths[4] - 1L, 5; lengths[4] + 1L, 5; lengths[5], 5; lengths[4], 6; 0L, 5 ] do
                    contains
                        "does not have the row of step"
                        (thrown<JournalException>(fun () -> (continueAt path length count).Dispose())).Message

                equal whole (File.ReadAllBytes path)

            cases "a last row with another value is refused" [
                "action"
                "cash"
                "position"
                "equity"
                "q_sell"
                "q_hold"
                "q_buy"
            ]
            <| fun (column: string) ->
                use folder = new Temporary()
                let path = folder.File "trades.csv"
                write path 12 |> ignore
                let lines = File.ReadAllLines path
                let place = Array.IndexOf(TradesFile.Header.Split ',', column)
                let fields = (Array.last lines).Split ','
                // Another action, or another last digit; the file keeps its length.
                fields[place] <-
                    match fields[place] with
                    | "hold" -> "sell"
                    | "buy" -> "bye"
                    | "sell" -> "hold"
                    | number -> number[.. number.Length - 2] + (if number.EndsWith '7' then "3" else "7")

                lines[lines.Length - 1] <- String.concat "," fields
                File.WriteAllText(path, String.concat "\n" lines + "\n")

                contains
                    "does not have the row of step"
                    (thrown<JournalException>(fun () -> (continueAt path (FileInfo path).Length 12).Dispose())).Message

            testCase "what is not flushed is not written by closing"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "trades.csv"

                do
                    use file = TradesFile.Create path
                    file.Append(Make.made steps[0])
                    file.Flush false
                    file.Append(Make.made steps[1])

                equal 2 (File.ReadAllLines path).Length

            cases "every row is what formatting each of its numbers anew gives, also after the file is continued" [
                false
                true
            ]
            <| fun (isContinued: bool) ->
                use folder = new Temporary()
                let path = folder.File "trades.csv"
                // What is written again without being formatted must occur: a position that stays, and none.
                let pairs = Array.pairwise steps

                for repeats in
                    [
                        fun (before: Step, after: Step) ->
                            before.Portfolio = after.Portfolio && after.Portfolio.Position > 0.0
                        fun (before, after) -> before.Portfolio = after.Portfolio && after.Portfolio.Position = 0.0
                        fun (before, after) -> not (isNull after.Fill) && before.Portfolio <> after.Portfolio
                    ] do
                    holds (pairs |> Array.exists repeats)

                if isContinued then
                    for count in 1 .. steps.Length - 1 do
                        File.Delete path
                        let lengths = write path count
                        use file = continueAt path (List.last lengths) count
                        Array.iter (Make.made >> file.Append) steps[count..]
                        file.Flush true
                        equal (Rows.text steps) (File.ReadAllText path)
                else
                    write path steps.Length |> ignore
                    equal (Rows.text steps) (File.ReadAllText path)

            testCase "a background sync that fails is told at the next flush to the disk, and by no other"
            <| fun () ->
                use folder = new Temporary()
                let synced = ref 0

                let sync (_: SafeFileHandle) =
                    synced.Value <- synced.Value + 1
                    raise (IOException "the disk is gone")

                use rows = TradesFile.Create(Disk.plain (folder.File "trades.csv"), Action<SafeFileHandle> sync)

                while rows.Length < 5_000_000L do
                    rows.Append(Make.made steps[0])

                rows.Flush false

                equal "the disk is gone" (caught<IOException>(fun () -> rows.Flush true)).Message

                equal 1 synced.Value

            testCase "a background sync that fails is not lost when the next one begins"
            <| fun () ->
                use folder = new Temporary()
                use begun = new System.Threading.ManualResetEventSlim()
                let synced = ref 0

                let sync (_: SafeFileHandle) =
                    if System.Threading.Interlocked.Increment synced = 1 then
                        begun.Set()
                        raise (IOException "the disk is gone")

                use rows = TradesFile.Create(Disk.plain (folder.File "trades.csv"), Action<SafeFileHandle> sync)

                let writeUntilTold () =
                    for _ in 1..200_000 do
                        rows.Append(Make.made steps[0])

                        if synced.Value = 1 then
                            begun.Wait()

                    rows.Flush true

                throwsA<IOException> writeUntilTold

            testCase "rows of many buffers stand in the file in order"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "trades.csv"
                use rows = TradesFile.Create path
                let many = [ for i in 0..4_999 -> steps[i % steps.Length] ]
                List.iter (Make.made >> rows.Append) many
                let length = rows.Length
                rows.Flush true
                equal length (FileInfo path).Length
                equal (Rows.text many) (File.ReadAllText path)

            testCase "rows that the system did not take are told by every flush after"
            <| fun () ->
                use folder = new Temporary()

                use rows = TradesFile.Create(Disk.mayNotGrow (folder.File "trades.csv"), Action<SafeFileHandle> ignore)

                let append () =
                    for _ in 1..10_000 do
                        rows.Append(Make.made steps[0])

                let isTold (action: unit -> unit) = throwsFor<ArgumentOutOfRangeException> "value" action

                isTold append
                isTold (fun () -> rows.Flush true)
                isTold (fun () -> rows.Flush true)

            testCase "a file that is there is not written over"
            <| fun () ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "trades.csv", "mine")

                throwsA<IOException>(fun () -> (TradesFile.Create(folder.File "trades.csv")).Dispose())

                equal "mine" (File.ReadAllText(folder.File "trades.csv"))

            testCase "a header, or a part of it, holds no rows"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "trades.csv"
                let header = TradesFile.Header + "\n"

                for text, expected in
                    [
                        "", true
                        header[..9], true
                        header, true
                        header + "1", false
                        "mine", false
                    ] do
                    File.WriteAllText(path, text)
                    equal expected (TradesFile.HasNoRows path)
        ]
