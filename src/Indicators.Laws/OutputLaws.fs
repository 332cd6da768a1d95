namespace BtcBandit.Indicators.Laws

open System
open BtcBandit.Indicators

/// Laws about what is given: outputs against what they should be.
module internal OutputLaws =

    let oracle (subject: Subject) (case: Case) =
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

    let causality (subject: Subject) (case: Case) =
        let seen rows = Array.truncate case.Cut rows
        let whole = seen (Outputs.run subject case.Candles)
        let other = seen (Outputs.run subject (Array.append case.Past case.Other))
        let alone = Outputs.run subject case.Past

        Outputs.demandSame subject "Another future changed the past" case.Past other whole
        |> ValueOption.orElseWith (fun () ->
            Outputs.demandSame subject "An output is another one when nothing follows" case.Past alone whole)

    let warmUp (subject: Subject) (case: Case) =
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

            Outputs.brokenRow
                subject
                $"{what}: {subject.WarmUp} silent candles are stated"
                case.Candles
                i
                actual
                expected

    let totality subject (case: Case) =
        let actual = Outputs.run subject case.Candles

        let wrong =
            ValueOption.bind (fun outputs ->
                match Array.tryFindIndex (Double.IsFinite >> not) outputs with
                | Some output -> ValueSome output
                | None -> ValueNone)

        match actual |> Array.tryFindIndex (wrong >> _.IsSome) with
        | None -> ValueNone
        | Some i ->
            let wanted = Array.create (i + 1) "a finite number"

            Outputs.broken
                subject
                "It gave a value that is not a number"
                case.Candles
                i
                (wrong actual[i]).Value
                actual
                wanted

    let private scaled (subject: Subject) case =
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

    /// Above every price and a power of two: prices of whole units take it without rounding.
    let private amount (case: Case) =
        let highest =
            case.Candles
            |> Array.fold (fun highest candle -> max highest candle.High) 1e-300

        Math.ScaleB(1.0, Math.ILogB highest + 1 + int (case.Seed % 3UL))

    let private shifted (subject: Subject) (case: Case) =
        let amount = amount case
        let candles = case.Candles |> Array.map (Market.shifted amount)
        let first count (all: Candle[]) = ArraySegment(all, 0, count)

        let expected =
            Outputs.run subject case.Candles
            |> Array.mapi (fun i ->
                ValueOption.map (fun outputs -> subject.Shifting.Value (first (i + 1) case.Candles) outputs amount))

        let actual = Outputs.run subject candles

        let agree i output (a: float[]) (e: float[]) =
            Double.IsNaN e[output]
            || abs (a[output] - e[output])
               <= (subject.Tolerance (first (i + 1) candles) e)[output]

        match Outputs.firstApart agree actual expected with
        | ValueNone -> ValueNone
        | ValueSome(struct (i, o)) ->
            let what = $"{Counterexample.number amount} added to every price did not move it as stated"
            Outputs.broken subject what candles i o actual (Outputs.texts o expected)

    let private states (subject: Subject) = subject.Scaling |> Array.exists (fun scaling -> scaling <> Scaling.Unstated)

    let statesScale (subject: Subject) = states subject || subject.Shifting.IsSome

    let scale (subject: Subject) case =
        (if states subject then scaled subject case else ValueNone)
        |> ValueOption.orElseWith (fun () -> if subject.Shifting.IsSome then shifted subject case else ValueNone)

    let bounds (subject: Subject) (case: Case) =
        let actual = Outputs.run subject case.Candles

        let leaves i =
            match actual[i] with
            | ValueNone -> false
            | ValueSome outputs -> not (subject.Bounds.Value i (ArraySegment(case.Candles, 0, i + 1)) outputs)

        match Seq.init actual.Length id |> Seq.tryFind leaves with
        | None -> ValueNone
        | Some i ->
            Outputs.brokenRow subject "It left its bounds" case.Candles i actual (Array.create (i + 1) "within bounds")
