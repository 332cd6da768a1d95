namespace BtcBandit.Indicators.Laws

open System
open System.Runtime.InteropServices
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

/// <summary>The ten laws of indicators: <c>Laws.Check(subject)</c> tries all that apply.</summary>
/// <remarks>
/// The same subject, number of cases and seed always try the same cases. A broken law throws
/// <see cref="T:BtcBandit.Indicators.Laws.LawBrokenException" />; a law whose claim the subject does not make throws
/// <see cref="T:System.ArgumentException" /> when it is tried by name, and is left out by Check and Report.
/// </remarks>
[<AbstractClass; Sealed>]
type Laws private () =

    /// What a law finds in a case; an indicator that throws has broken it.
    static member private Examine(law: Law, subject: Subject, case: Case) =
        try
            law.Examine subject case
        with error ->
            ValueSome
                {
                    What = $"It threw {error.GetType().Name}: {error.Message}"
                    Candles = case.Candles
                    At = -1
                    Column = subject.Name
                    Actual = [||]
                    Expected = [||]
                }

    static member private Message(law: Law, subject: Subject, seed: uint64, example: Counterexample) =
        let column = if example.Column = subject.Name then "" else $", {example.Column}"

        $"{subject.Name} breaks law {law.Number}, {law.Name}: {law.Sentence}.\n"
        + $"{example.What}{column}. Seed {seed}; the smallest counterexample found:\n\n"
        + Counterexample.table example

    /// FsCheck looks for a case and shrinks it: the last one that fails is the smallest. It is kept as it was found, for
    /// an indicator that hides something from its state may not do the same when tried again.
    static member private Search(law: Law, subject: Subject, cases: int, seed: uint64) =
        let smallest = ref ValueNone

        let holds case =
            match Laws.Examine(law, subject, case) with
            | ValueNone -> true
            | found ->
                smallest.Value <- found
                false

        let config =
            Config.Quick
                .WithMaxTest(cases)
                .WithReplay(Some { Rnd = Rnd seed; Size = None })
                .WithRunner(Quiet())
                .WithParallelRunConfig(None)

        Check.One(config, Prop.forAll (Cases.arbitrary subject.WarmUp) holds)

        match smallest.Value with
        | ValueNone -> ""
        | ValueSome example -> Laws.Message(law, subject, seed, example)

    /// <summary>The ten laws, in their order.</summary>
    static member All = TenLaws.all

    /// <summary>Tries one law.</summary>
    static member Try
        (
            law: Law,
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        match law.Missing subject with
        | ValueSome missing -> { Law = law; Cases = 0; Missing = missing; Message = "" }
        // A long run is its own many cases.
        | ValueNone when law.Number = 10 ->
            {
                Law = law
                Cases = 1
                Missing = ""
                Message = Laws.DriftMessage(law, subject, TenLaws.usualDrift, seed)
            }
        | ValueNone ->
            {
                Law = law
                Cases = cases
                Missing = ""
                Message = Laws.Search(law, subject, cases, seed)
            }

    static member private DriftMessage(law, subject, candles: int64, seed) =
        match StateLaws.drift candles subject seed with
        | ValueSome example -> Laws.Message(law, subject, seed, example)
        | ValueNone -> ""

    static member private Demand(number: int, subject: Subject, cases, seed) =
        let law = TenLaws.all[number - 1]
        let verdict = Laws.Try(law, subject, cases, seed)

        if verdict.Missing <> "" then
            raise (ArgumentException($"The law of {law.Name} needs {verdict.Missing}.", nameof subject))

        if verdict.IsBroken then
            raise (LawBrokenException(law, verdict.Message))

    /// <summary>Tries every law that applies and says what came of it. Never throws for a broken law.</summary>
    /// <param name="subject">What is tried.</param>
    /// <param name="cases">Random cases for each law.</param>
    /// <param name="seed">Decides the cases.</param>
    static member Report
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        LawReport(subject.Name, seed, TenLaws.all |> Array.map (fun law -> Laws.Try(law, subject, cases, seed)))

    /// <summary>Tries every law that applies.</summary>
    /// <param name="subject">What is tried.</param>
    /// <param name="cases">Random cases for each law.</param>
    /// <param name="seed">Decides the cases.</param>
    /// <exception cref="T:BtcBandit.Indicators.Laws.LawBrokenException">The first law that is broken.</exception>
    static member Check
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        for law in TenLaws.all do
            let verdict = Laws.Try(law, subject, cases, seed)

            if verdict.IsBroken then
                raise (LawBrokenException(law, verdict.Message))

    /// <summary>Law 1: every output equals the stated definition.</summary>
    static member Oracle
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.Demand(1, subject, cases, seed)

    /// <summary>Law 2: an output is the same to the last bit whatever comes after it.</summary>
    static member Causality
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.Demand(2, subject, cases, seed)

    /// <summary>Law 3: it is silent for exactly the stated number of candles.</summary>
    static member WarmUp
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.Demand(3, subject, cases, seed)

    /// <summary>Law 4: every output is finite for every valid series.</summary>
    static member Totality
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.Demand(4, subject, cases, seed)

    /// <summary>Law 5: prices times a power of two multiply prices exactly and leave ratios alone.</summary>
    static member Scale
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.Demand(5, subject, cases, seed)

    /// <summary>Law 6: every output stays within the stated bounds.</summary>
    static member Bounds
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.Demand(6, subject, cases, seed)

    /// <summary>Law 7: a kept state can be stepped again, in any order and by two threads, with the same results.</summary>
    static member Purity
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.Demand(7, subject, cases, seed)

    /// <summary>Law 8: a state saved as JSON and restored goes on to the last bit.</summary>
    static member Snapshot
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.Demand(8, subject, cases, seed)

    /// <summary>Law 9: after the stated number of candles it no longer matters what came before them.</summary>
    static member Forgetting
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.Demand(9, subject, cases, seed)

    /// <summary>Law 10: after a long run an output still equals a fresh computation of its window.</summary>
    /// <param name="subject">What is tried; it must state its window.</param>
    /// <param name="candles">How many; 10,000,000 is the full proof, <c>Check</c> runs 20,000.</param>
    /// <param name="seed">Decides the candles.</param>
    static member Drift
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(10_000_000L)>] candles: int64,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        if subject.Window.IsNone then
            raise (ArgumentException("The law of drift needs WithWindow.", nameof subject))

        let law = TenLaws.all[9]
        let message = Laws.DriftMessage(law, subject, candles, seed)

        if message <> "" then
            raise (LawBrokenException(law, message))
