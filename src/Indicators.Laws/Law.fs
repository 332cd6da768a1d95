namespace BtcBandit.Indicators.Laws

open System
open System.Text.Json
open System.Threading.Tasks
open BtcBandit.Indicators

/// Runs of a subject and comparisons of their outputs.
module internal Outputs =

    /// One step: the outputs, absent while silent.
    let next (subject: Subject) (fold: ColumnFold) (candle: Candle) =
        let columns = Array.zeroCreate subject.Columns.Length
        let mutable candle = candle
        if fold.Push(&candle, Span columns) then ValueSome columns else ValueNone

    let from subject fold (candles: Candle[]) : float[] voption[] = candles |> Array.map (next subject fold)

    let run (subject: Subject) candles = from subject (subject.Start()) candles

    let sameBits (a: float) (b: float) = BitConverter.DoubleToInt64Bits a = BitConverter.DoubleToInt64Bits b

    let text column =
        function
        | ValueNone -> "silent"
        | ValueSome(outputs: float[]) -> Counterexample.number outputs[column]

    let texts column rows = rows |> Array.map (text column)

    /// A counterexample at a candle and output.
    let broken (subject: Subject) what candles at column actual expected =
        ValueSome
            {
                What = what
                Candles = candles
                At = at
                Column = subject.Columns[column]
                Actual = texts column actual
                Expected = expected
            }

    /// The first place where two runs over the same candles differ by more than `agree` allows: index and output.
    let firstApart agree (actual: float[] voption[]) (expected: float[] voption[]) =
        let apart i =
            match actual[i], expected[i] with
            | ValueNone, ValueNone -> -1
            | ValueSome a, ValueSome e ->
                Seq.init (Array.length a) id
                |> Seq.tryFind (fun o -> not (agree i o a e))
                |> Option.defaultValue -1
            | _ -> 0

        let mutable i = 0
        let mutable found = ValueNone

        while found.IsNone && i < actual.Length do
            let output = apart i

            if output >= 0 then
                found <- ValueSome struct (i, output)

            i <- i + 1

        found

    let exactly _ output (actual: float[]) (expected: float[]) = sameBits actual[output] expected[output]

    /// Two runs must be the same to the last bit.
    let demandSame subject what candles actual expected =
        match firstApart exactly actual expected with
        | ValueNone -> ValueNone
        | ValueSome(struct (i, output)) -> broken subject what candles i output actual (texts output expected)

/// <summary>One law: its number, what it says, whether it applies to a subject, and a look for a counterexample.</summary>
[<NoComparison; NoEquality>]
type Law =
    {
        /// 1 to 10.
        Number: int
        /// One word.
        Name: string
        /// What it says, a sentence without its full stop.
        Sentence: string
        /// What a subject must claim for the law to apply; absent where it does.
        Missing: Subject -> string voption
        /// A counterexample in a case, absent where the law holds.
        Examine: Subject -> Case -> Counterexample voption
    }

    override law.ToString() = $"law {law.Number}, {law.Name}: {law.Sentence}"

/// The ten laws.
module internal TenLaws =

    let private always _ = ValueNone
    let private needs what claimed = if claimed then ValueNone else ValueSome what

    let private oracle (subject: Subject) (case: Case) =
        let expected = subject.Oracle.Value case.Candles
        let actual = Outputs.run subject case.Candles

        if expected.Length <> actual.Length then
            invalidOp $"The oracle of {subject.Name} gave {expected.Length} rows for {actual.Length} candles."

        let agree i output (a: float[]) (e: float[]) =
            abs (a[output] - e[output])
            <= (subject.Tolerance (ArraySegment(case.Candles, 0, i + 1)) e)[output]

        match Outputs.firstApart agree actual expected with
        | ValueNone -> ValueNone
        | ValueSome(struct (i, output)) ->
            Outputs.broken
                subject
                "It differs from its definition"
                case.Candles
                i
                output
                actual
                (Outputs.texts output expected)

    let private causality (subject: Subject) (case: Case) =
        let seen rows = Array.truncate case.Cut rows
        let whole = seen (Outputs.run subject case.Candles)
        let other = seen (Outputs.run subject (Array.append case.Past case.Other))
        let alone = Outputs.run subject case.Past

        Outputs.demandSame subject "Another future changed the past" case.Past other whole
        |> ValueOption.orElseWith (fun () ->
            Outputs.demandSame subject "An output is another one when nothing follows" case.Past alone whole)

    let private warmUp (subject: Subject) (case: Case) =
        let actual = Outputs.run subject case.Candles

        match
            actual
            |> Array.indexed
            |> Array.tryFind (fun (i, row) -> row.IsSome <> (i >= subject.WarmUp))
        with
        | None -> ValueNone
        | Some(i, row) ->
            let what = if row.IsSome then "It speaks too early" else "It is silent too long"

            let expected =
                actual
                |> Array.mapi (fun i _ -> if i < subject.WarmUp then "silent" else "a value")

            Outputs.broken
                subject
                $"{what}: {subject.WarmUp} silent candles are stated"
                case.Candles
                i
                0
                actual
                expected

    /// The first output that is not what it must be by itself.
    let private demandEach subject what wanted candles holds (actual: float[] voption[]) =
        let wrong i =
            match actual[i] with
            | ValueNone -> -1
            | ValueSome outputs ->
                Seq.init outputs.Length id
                |> Seq.tryFind (fun o -> not (holds i outputs o))
                |> Option.defaultValue -1

        match Seq.init actual.Length id |> Seq.tryFind (fun i -> wrong i >= 0) with
        | None -> ValueNone
        | Some i -> Outputs.broken subject what candles i (wrong i) actual (Array.create (i + 1) wanted)

    let private totality subject (case: Case) =
        Outputs.run subject case.Candles
        |> demandEach subject "It gave what is no number" "a finite number" case.Candles (fun _ outputs o ->
            Double.IsFinite outputs[o])

    let private scale (subject: Subject) case =
        let factor = Math.ScaleB(1.0, case.Exponent)
        let candles = case.Candles |> Array.map (Market.scaled factor)

        let expected =
            Outputs.run subject case.Candles
            |> Array.map (
                ValueOption.map (
                    Array.mapi (fun o output -> if subject.Scaling[o] = Scaling.Price then output * factor else output)
                )
            )

        let actual = Outputs.run subject candles
        let agree i o a e = subject.Scaling[o] = Scaling.Unstated || Outputs.exactly i o a e

        match Outputs.firstApart agree actual expected with
        | ValueNone -> ValueNone
        | ValueSome(struct (i, o)) ->
            let what = $"Prices times 2^{case.Exponent} did not give the same outputs in the new unit"
            Outputs.broken subject what candles i o actual (Outputs.texts o expected)

    let private bounds (subject: Subject) (case: Case) =
        Outputs.run subject case.Candles
        |> demandEach subject "It left its bounds" "within bounds" case.Candles (fun i outputs _ ->
            subject.Bounds.Value i (ArraySegment(case.Candles, 0, i + 1)) outputs)

    /// Steps two runs in turn and gives the outputs of the first.
    let private interleaved subject one other (candles: Candle[]) (others: Candle[]) =
        candles
        |> Array.mapi (fun i candle ->
            if i < others.Length then
                Outputs.next subject other others[i] |> ignore

            Outputs.next subject one candle)

    /// Two forks at once; the second begins while the first is stepping.
    let private together subject (kept: ColumnFold) (candles: Candle[]) =
        let one, other = kept.Fork(), kept.Fork()
        let task = Task.Run(fun () -> Outputs.from subject one candles)
        let mine = Outputs.from subject other candles
        struct (task.GetAwaiter().GetResult(), mine)

    let private purity (subject: Subject) (case: Case) =
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
            let struct (one, other) = together subject kept case.Future

            demand "Two threads from the same state disagree" one
            |> ValueOption.orElseWith (fun () -> demand "Two threads from the same state disagree" other)

        again "A kept state stepped twice gave two results" ()
        |> ValueOption.orElseWith besides
        |> ValueOption.orElseWith (again "A kept state changed while a fork of it went on")
        |> ValueOption.orElseWith fresh
        |> ValueOption.orElseWith threads

    let private snapshot (subject: Subject) (case: Case) =
        let fold = subject.Start()
        Outputs.from subject fold case.Past |> ignore
        use saved = JsonDocument.Parse(fold.Save().GetRawText())
        let expected = Outputs.from subject fold case.Future
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

    let private forgetting (subject: Subject) (case: Case) =
        let struct (length, tolerance) = subject.Forgetting.Value
        let level = 1024.0
        let last (candles: Candle[]) = if candles.Length = 0 then 0L else candles[candles.Length - 1].OpenTime

        let future =
            Market.swings (max (last case.Candles) (last case.Other) + 60_000L) level (length + 50) case.Seed

        let after past =
            let fold = subject.Start()
            Outputs.from subject fold (near level past) |> ignore
            Outputs.from subject fold future

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

    /// Looks again and again whether a long run still equals a short one over the last window.
    let drift candles (subject: Subject) seed =
        let window = subject.Window.Value
        let market = Market.extremes seed
        let recent = Array.zeroCreate<Candle> window
        let fold = subject.Start()
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
            let mutable candle = market i
            recent[int (i % int64 window)] <- candle
            let speaks = fold.Push(&candle, Span outputs)

            if i >= int64 window && (i % every = 0L || i = candles - 1L) then
                found <- look speaks

            i <- i + 1L

        found

    let private law number name sentence missing examine =
        {
            Number = number
            Name = name
            Sentence = sentence
            Missing = missing
            Examine = examine
        }

    /// Candles of the law of drift unless told otherwise.
    let usualDrift = 20_000L

    let all =
        [|
            law 1 "oracle" "every output equals its definition" (fun s -> needs "WithOracle" s.Oracle.IsSome) oracle
            law 2 "causality" "an output is the same to the last bit whatever comes after it" always causality
            law 3 "warm-up" "it is silent for exactly the stated number of candles and never after" always warmUp
            law 4 "totality" "every output is a finite number for every valid series" always totality
            law
                5
                "scale"
                "prices times a power of two multiply prices exactly and leave ratios alone"
                (fun s -> needs "WithScaling" (s.Scaling |> Array.exists (fun scaling -> scaling <> Scaling.Unstated)))
                scale
            law
                6
                "bounds"
                "every output stays within the stated bounds"
                (fun s -> needs "WithBounds" s.Bounds.IsSome)
                bounds
            law
                7
                "purity"
                "a kept state can be stepped again, in any order and by two threads, with the same results"
                always
                purity
            law 8 "snapshot" "a state saved as JSON and restored goes on to the last bit" always snapshot
            law
                9
                "forgetting"
                "after the stated number of candles it no longer matters what came before them"
                (fun s -> needs "WithForgetting" s.Forgetting.IsSome)
                forgetting
            law
                10
                "drift"
                "after a long run an output still equals a fresh computation of its window"
                (fun s -> needs "WithWindow" s.Window.IsSome)
                (fun subject case -> drift usualDrift subject case.Seed)
        |]
