namespace BtcBandit.Indicators.Laws

open BtcBandit.Indicators
open FsCheck
open FsCheck.FSharp

/// FsCheck would print what it finds; the counterexample is kept instead.
[<Sealed>]
type private Quiet() =
    interface IRunner with
        member _.OnStartFixture _ = ()
        member _.OnArguments(_, _, _) = ()
        member _.OnShrink(_, _) = ()
        member _.OnFinished(_, _) = ()

/// A counterexample and the law it is about.
[<Struct; NoComparison; NoEquality>]
type internal Finding = { About: Law; Example: Counterexample }

/// Looks for counterexamples.
module internal Search =

    let private found about example = ValueSome { About = about; Example = example }

    /// An error of neither a step nor a fork: of the serialiser, or of a function that a claim gave.
    let private otherError (law: Law) (subject: Subject) (candles: Candle[]) error =
        let who =
            if law.Number = TenLaws.snapshot.Number then
                "Saving or restoring"
            else
                "What is claimed"

        {
            What = $"{who} threw {Outputs.errorText error}"
            Candles = candles
            At = candles.Length - 1
            Column = subject.Name
            Actual = [||]
            Expected = [||]
        }

    /// What a law finds, and which law that is about: an indicator that throws or does not repeat itself may fail any law.
    let private settle (law: Law) (subject: Subject) candles (look: unit -> Counterexample voption) =
        try
            match look () with
            | ValueNone -> ValueNone
            | ValueSome example when law.Number = TenLaws.purity.Number -> found law example
            | ValueSome example ->
                match Outputs.repeats subject candles with
                | ValueSome twice -> found TenLaws.purity twice
                | ValueNone -> found law example
        with
        | :? IndicatorThrewException as error when error.IsFromStart -> found TenLaws.totality error.Example
        | :? IndicatorThrewException as error ->
            let what = $"{error.Example.What}, going on from a kept state; from the beginning it did not"
            found law { error.Example with What = what }
        | error -> found law (otherError law subject candles error)

    /// What a law finds in a case.
    let examine (law: Law) subject (case: Case) = settle law subject case.Candles (fun () -> law.Examine subject case)

    /// What a long run finds.
    let drift (law: Law) subject candles seed = settle law subject [||] (fun () -> StateLaws.drift candles subject seed)

    /// FsCheck looks for a case and shrinks it: the last one that fails is the smallest. It is kept as it was found, for
    /// an indicator that hides something from its state may not do the same when tried again.
    let smallest (law: Law) (subject: Subject) (cases: int) (seed: uint64) =
        let smallest = ref ValueNone

        let holds case =
            match examine law subject case, smallest.Value with
            | ValueNone, _ -> true
            // Shrinking keeps to one fault.
            | ValueSome finding, ValueSome before when finding.About.Number <> before.About.Number -> true
            | finding, _ ->
                smallest.Value <- finding
                false

        let config =
            Config.Quick
                .WithMaxTest(cases)
                .WithReplay(Some { Rnd = Rnd seed; Size = None })
                .WithRunner(Quiet())
                .WithParallelRunConfig(None)

        Check.One(config, Prop.forAll (Cases.arbitrary subject.WarmUp) holds)
        smallest.Value

    /// A finding in words.
    let message (tried: Law) (subject: Subject) (seed: uint64) (finding: Finding) =
        let law, example = finding.About, finding.Example
        let column = if example.Column = subject.Name then "" else $", {example.Column}"
        let met = if tried.Number = law.Number then "" else $", met by the law of {tried.Name}"

        let shown =
            if example.Candles.Length = 0 then
                "there is no candle to show."
            else
                "the smallest counterexample found:\n\n" + Counterexample.table example

        $"{subject.Name} breaks law {law.Number}, {law.Name}: {law.Sentence}.\n"
        + $"{example.What}{column}. Seed {seed}{met}; {shown}"

    /// Tries a law that applies.
    let verdict (law: Law) (subject: Subject) cases seed finding =
        {
            Law = law
            Breaks = finding |> ValueOption.map _.About |> ValueOption.defaultValue law
            Cases = cases
            Missing = ""
            Message =
                finding
                |> ValueOption.map (message law subject seed)
                |> ValueOption.defaultValue ""
        }
