namespace BtcBandit.Indicators.Laws

open System
open System.Collections.Generic
open System.Text.Json
open System.Threading.Tasks
open BtcBandit.Indicators

/// Laws about what is kept: states, and how long they remember.
module internal StateLaws =

    /// Steps two runs in turn and gives the outputs of the first. The second one steps last, so that what it writes
    /// where it must not is there when the first one reads.
    let private interleaved subject one other (candles: Candle[]) (others: Candle[]) =
        candles
        |> Array.mapi (fun i candle ->
            let output = Outputs.next subject one candle

            if i < others.Length then
                Outputs.next subject other others[i] |> ignore

            output)

    /// Forks at once: one in another thread on the same candles, one there on others; the outputs of both on the same.
    let private together subject (kept: ColumnRun) (candles: Candle[]) (others: Candle[]) =
        let one, other, mine = kept.Fork(), kept.Fork(), kept.Fork()

        let task =
            Task.Run(fun () ->
                let outputs = Outputs.from subject one candles
                Outputs.from subject other others |> ignore
                outputs)

        let outputs = Outputs.from subject mine candles
        struct (task.GetAwaiter().GetResult(), outputs)

    let private isolated (subject: Subject) (case: Case) =
        let kept = subject.Start()
        Outputs.from subject kept case.Past |> ignore
        let first = Outputs.from subject (kept.Fork()) case.Future
        let demand what actual = Outputs.demandSame subject what case.Future actual first
        let again what () = demand what (Outputs.from subject (kept.Fork()) case.Future)

        let fresh () =
            demand "A second run of the same candles is another one" ((Outputs.run subject case.Candles)[case.Cut ..])

        let besides () =
            interleaved subject (kept.Fork()) (kept.Fork()) case.Future case.Other
            |> demand "A run beside another one from the same state is another one"

        let threads () =
            let struct (one, other) = together subject kept case.Future case.Other

            demand "Two threads from the same state disagree" one
            |> ValueOption.orElseWith (fun () -> demand "Two threads from the same state disagree" other)

        again "A kept state stepped twice gave two results" ()
        |> ValueOption.orElseWith besides
        |> ValueOption.orElseWith (again "A kept state changed while a fork of it went on")
        |> ValueOption.orElseWith fresh
        |> ValueOption.orElseWith threads

    let purity (subject: Subject) (case: Case) =
        // What the forks will see, from the beginning: what throws here is no matter of forks.
        Outputs.run subject (Array.append case.Past case.Other) |> ignore

        Outputs.repeats subject case.Candles
        |> ValueOption.orElseWith (fun () -> isolated subject case)

    let snapshot (subject: Subject) (case: Case) =
        let expected = (Outputs.run subject case.Candles)[case.Cut ..]
        let run = subject.Start()
        Outputs.from subject run case.Past |> ignore
        use saved = JsonDocument.Parse(run.Save().GetRawText())
        let what = $"Restored from {saved.RootElement.GetRawText()} it goes on differently"
        let actual = Outputs.from subject (subject.Restore saved.RootElement) case.Future
        Outputs.demandSame subject (if what.Length > 300 then what[..299] + "..." else what) case.Future actual expected

    /// The same market brought near a price, by a power of two.
    let private near level (candles: Candle[]) =
        if candles.Length = 0 then
            candles
        else
            let power = Math.Round(Math.Log2(level / candles[candles.Length - 1].Close))
            candles |> Array.map (Market.scaled (Math.ScaleB(1.0, int power)))

    let forgetting (subject: Subject) (case: Case) =
        let struct (length, tolerance) = subject.Forgetting.Value
        let level = 1024.0
        let last (candles: Candle[]) = if candles.Length = 0 then 0L else candles[candles.Length - 1].OpenTime

        let future =
            Market.swings (max (last case.Candles) (last case.Other) + 60_000L) level (length + 50) case.Seed

        let after (past: Candle[]) = (Outputs.run subject (Array.append (near level past) future))[past.Length ..]

        let actual, expected = after case.Candles, after case.Other
        let highest = 4.0 * level

        let agree i o (a: float[]) (e: float[]) =
            let unit = if subject.Scaling[o] = Scaling.Price then highest else max 1.0 (abs e[o])
            i < length || abs (a[o] - e[o]) <= tolerance * unit

        let late rows =
            rows
            |> Array.mapi (fun i row -> if i < max length subject.WarmUp then ValueNone else row)

        match Outputs.firstApart agree (late actual) (late expected) with
        | ValueNone -> ValueNone
        | ValueSome(struct (i, o)) ->
            let what =
                $"{length} candles after two different pasts it still differs ('expected' is after the other past)"

            Outputs.broken subject what future i o actual (Outputs.texts o expected)

    /// The last candles of a long market, the newest one at an index; made again, for a long run keeps none.
    let private lastOf seed (index: int64) =
        let market = Market.extremes seed
        let last = Queue<Candle>()

        for i in 0L .. index do
            last.Enqueue(market i)

            if last.Count > Counterexample.MaxRows then
                last.Dequeue() |> ignore

        last.ToArray()

    /// One step of a long run, without outputs while it goes well.
    let private push (subject: Subject) (run: ColumnRun) seed (index: int64) (candle: Candle) (outputs: float[]) =
        try
            let mutable candle = candle
            run.Push(&candle, Span outputs)
        with error ->
            let candles = lastOf seed index
            let at = candles.Length - 1
            let example = Outputs.threw subject error (index + 1L) candles at [||]
            let actual = Array.append (Array.create at "") [| "threw" |]
            raise (IndicatorThrewException({ example with Actual = actual }, true, error))

    /// Looks again and again whether a long run still equals a short one over the last window.
    let drift candles (subject: Subject) seed =
        let window = subject.Window.GetValueOrDefault()
        let market = Market.extremes seed
        let recent = Array.zeroCreate<Candle> window
        let run = subject.Start()
        let every = max 1L (candles / 101L)
        let mutable found = ValueNone
        let mutable i = 0L
        let outputs = Array.zeroCreate subject.Columns.Length

        let look speaks =
            let at = int (i % int64 window)
            let last = Array.append recent[at + 1 ..] recent[..at]
            let actual = Array.create window ValueNone
            actual[window - 1] <- (if speaks then ValueSome(Array.copy outputs) else ValueNone)
            let fresh = Outputs.run subject last
            let expected = Array.append (Array.create (window - 1) ValueNone) [| fresh[window - 1] |]
            let agree _ o (a: float[]) (e: float[]) = abs (a[o] - e[o]) <= (subject.Tolerance (ArraySegment last) e)[o]

            match Outputs.firstApart agree actual expected with
            | ValueNone -> ValueNone
            | ValueSome(struct (at, o)) ->
                Outputs.broken
                    subject
                    $"After {i + 1L} candles it is not what a fresh run of the last {window} gives"
                    last
                    at
                    o
                    actual
                    (Outputs.texts o expected)

        while found.IsNone && i < candles do
            let candle = market i
            recent[int (i % int64 window)] <- candle
            let speaks = push subject run seed i candle outputs

            if i >= int64 window && (i % every = 0L || i = candles - 1L) then
                found <- look speaks

            i <- i + 1L

        found
