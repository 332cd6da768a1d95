namespace BtcBandit.Indicators.Laws

open System
open System.Runtime.InteropServices

/// <summary>The ten laws of indicators: <c>Laws.Check(subject)</c> tries all that apply.</summary>
/// <remarks>
/// The same subject, number of cases and seed always try the same cases: series of at most 2 x warm-up + 220 candles and,
/// for drift, one of 20,000 or four windows. A broken law throws
/// <see cref="T:BtcBandit.Indicators.Laws.LawBrokenException" />; a law whose claim the subject does not make throws
/// <see cref="T:System.ArgumentException" /> when it is tried by name, and is left out by Check without a word; Report
/// lists it. An indicator that throws breaks totality, and one that does not repeat itself breaks purity, whichever law was
/// being tried. Only an oracle catches an indicator that reads the future from somewhere else, say from a captured array.
/// </remarks>
[<AbstractClass; Sealed>]
type Laws private () =

    /// <summary>The ten laws, in their order.</summary>
    static member All = Array.copy TenLaws.all

    /// <summary>Tries one law.</summary>
    /// <param name="law">One of <c>Laws.All</c>.</param>
    /// <param name="subject">The indicator, with its claims.</param>
    /// <param name="cases">Random cases, at least 1; the law of drift makes one long run instead.</param>
    /// <param name="seed">Decides the cases.</param>
    /// <exception cref="T:System.ArgumentOutOfRangeException">There are fewer cases than 1.</exception>
    static member Try
        (
            law: Law,
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        Laws.DemandCases cases

        match law.Missing subject with
        | ValueSome missing -> { Law = law; Breaks = law; Cases = 0; Missing = missing; Message = "" }
        // A long run is its own many cases.
        | ValueNone when law.Number = TenLaws.drift.Number ->
            Search.drift law subject (TenLaws.defaultDrift subject) seed
            |> Search.verdict law subject 1 seed
        | ValueNone -> Search.smallest law subject cases seed |> Search.verdict law subject cases seed

    static member private DemandCases(cases: int) =
        if cases < 1 then
            raise (ArgumentOutOfRangeException(nameof cases, cases, "No case proves nothing; at least 1 is needed."))

    static member private Demand(verdict: Verdict) =
        if verdict.IsBroken then
            raise (LawBrokenException(verdict.Breaks, verdict.Message))

    static member private Demand(number: int, subject: Subject, cases, seed) =
        let law = TenLaws.all[number - 1]
        let verdict = Laws.Try(law, subject, cases, seed)

        if verdict.Missing <> "" then
            raise (ArgumentException($"The law of {law.Name} needs {verdict.Missing}.", nameof subject))

        Laws.Demand verdict

    /// <summary>Tries every law that applies and reports the results. Never throws for a broken law.</summary>
    /// <param name="subject">The indicator, with its claims.</param>
    /// <param name="cases">Random cases for each law, at least 1.</param>
    /// <param name="seed">Decides the cases.</param>
    /// <exception cref="T:System.ArgumentOutOfRangeException">There are fewer cases than 1.</exception>
    static member Report
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        LawReport(subject.Name, seed, TenLaws.all |> Array.map (fun law -> Laws.Try(law, subject, cases, seed)))

    /// <summary>Tries every law that applies and skips the others, which Report lists.</summary>
    /// <param name="subject">The indicator, with its claims.</param>
    /// <param name="cases">Random cases for each law, at least 1.</param>
    /// <param name="seed">Decides the cases.</param>
    /// <exception cref="T:BtcBandit.Indicators.Laws.LawBrokenException">The first law that is broken.</exception>
    /// <exception cref="T:System.ArgumentOutOfRangeException">There are fewer cases than 1.</exception>
    static member Check
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(500)>] cases: int,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        for law in TenLaws.all do
            Laws.Demand(Laws.Try(law, subject, cases, seed))

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
    /// <param name="candles">How many, more than the window; 10,000,000 is the full proof, <c>Check</c> runs 20,000.</param>
    /// <param name="seed">Decides the candles.</param>
    /// <exception cref="T:System.ArgumentOutOfRangeException">There are no more candles than the window has.</exception>
    static member Drift
        (
            subject: Subject,
            [<Optional; DefaultParameterValue(10_000_000L)>] candles: int64,
            [<Optional; DefaultParameterValue(1UL)>] seed: uint64
        ) =
        if not subject.Window.HasValue then
            raise (ArgumentException("The law of drift needs WithWindow.", nameof subject))

        let window = subject.Window.Value

        if candles <= int64 window then
            let needed = $"A run of more candles than the window of {window} is needed."
            raise (ArgumentOutOfRangeException(nameof candles, candles, needed))

        let law = TenLaws.drift

        Search.drift law subject candles seed
        |> Search.verdict law subject 1 seed
        |> Laws.Demand
