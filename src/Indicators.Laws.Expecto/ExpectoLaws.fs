namespace BtcBandit.Indicators.Laws

open System
open System.ComponentModel
open System.Runtime.InteropServices
open Expecto
open BtcBandit.Indicators

/// <summary>The ten laws as test cases of Expecto: <c>open BtcBandit.Indicators.Laws</c> brings <c>Laws.tests</c>.</summary>
/// <remarks>
/// For F#. A test in C# calls <c>Laws.Check</c>, or <c>Laws.Try</c> for each of <c>Laws.All</c>, under any runner.
/// </remarks>
[<AutoOpen; EditorBrowsable(EditorBrowsableState.Never)>]
module ExpectoLaws =

    /// Whether others may meet a fault of this law: an indicator that throws, or does not repeat itself.
    let private isMetByOthers (law: Law) = law.Name = "totality" || law.Name = "purity"

    let private isAbout (law: Law) (verdict: Verdict) = verdict.IsBroken && verdict.Breaks.Number = law.Number

    /// One law. It fails with what is its own to tell, whichever law met it, so each fault fails one test case; the others
    /// that met it are skipped. A law is tried once, by the first test case that asks.
    let private case (tried: Lazy<Verdict>[]) (law: Law) =
        testCase $"{law.Number} {law.Name}: {law.Sentence}" (fun () ->
            let verdict = tried[law.Number - 1].Value

            let told =
                if isAbout law verdict then
                    Some verdict
                elif isMetByOthers law then
                    tried |> Seq.map _.Value |> Seq.tryFind (isAbout law)
                else
                    None

            match told with
            | Some broken -> failtestNoStack broken.Message
            | None when verdict.IsBroken ->
                skiptest $"not decided, it breaks law {verdict.Breaks.Number}, {verdict.Breaks.Name}"
            | None when verdict.Missing <> "" -> skiptest $"not tried, needs {verdict.Missing}"
            | None -> ())

    // As Laws.Check says it, but when the tests are made: one that says so when it runs could be filtered out.
    let private demandCases (cases: int) =
        if cases < 1 then
            raise (ArgumentOutOfRangeException(nameof cases, cases, "No case proves nothing; at least 1 is needed."))

    let private demandSome (what: string) (items: 'item seq) =
        let items = List.ofSeq items

        if items.IsEmpty then
            raise (ArgumentException("No subject proves nothing; at least 1 is needed.", what))

        items

    type Laws with

        /// <summary>The ten laws of one subject as ten test cases.</summary>
        /// <param name="subject">The indicator, with its claims.</param>
        /// <param name="cases">Random cases for each law, at least 1; 500 unless given.</param>
        /// <param name="seed">Decides the cases; 1 unless given.</param>
        /// <returns>
        /// A list that has the subject's name, its test cases called by number, name and sentence of the law, such as
        /// <c>3 warm-up: it is silent for exactly the stated number of candles and never after</c>.
        /// </returns>
        /// <remarks>
        /// A law whose claim the subject does not make is skipped with the reason, for instance <c>not tried, needs
        /// WithOracle</c>. A broken law fails with the message of <c>Laws.Report</c>: the seed and the smallest
        /// counterexample found, as a table of candles. An indicator that throws fails totality and one that does not repeat
        /// itself fails purity; the laws that cannot be decided because of it are skipped, so each fault fails once. Laws are
        /// tried when the tests run, each once however often they run, and those of a subject one after the other, in their
        /// order; several subjects run side by side.
        ///
        /// A law that is not decided is skipped also where a filter leaves out the law that is broken. A run of one law can
        /// pass for an indicator that breaks another: filter to look at something, and run all ten to accept an indicator.
        /// </remarks>
        /// <exception cref="T:System.ArgumentOutOfRangeException">There are fewer cases than 1.</exception>
        static member tests
            (
                subject: Subject,
                [<Optional; DefaultParameterValue(500)>] cases: int,
                [<Optional; DefaultParameterValue(1UL)>] seed: uint64
            ) : Test =
            demandCases cases
            let tried = Laws.All |> Array.map (fun law -> lazy Laws.Try(law, subject, cases, seed))

            // Two laws at once would disturb each other where an indicator keeps something outside its state.
            testSequencedGroup
                $"the laws of {subject.Name}"
                (testList subject.Name [ for law in Laws.All -> case tried law ])

        /// <summary>The ten laws of an indicator of candles as ten test cases; nothing is claimed of it.</summary>
        /// <param name="name">The name of the list, and in messages.</param>
        /// <param name="indicator">The indicator. Its state must survive System.Text.Json.</param>
        /// <param name="cases">Random cases for each law, at least 1; 500 unless given.</param>
        /// <param name="seed">Decides the cases; 1 unless given.</param>
        /// <returns>The list of <c>Laws.tests(Subject.Of(name, indicator))</c>: five laws are tried, five skipped.</returns>
        /// <exception cref="T:System.ArgumentException">There is no name.</exception>
        /// <exception cref="T:System.ArgumentOutOfRangeException">There are fewer cases than 1.</exception>
        static member tests
            (
                name: string,
                indicator: Indicator<'State, Candle, float>,
                [<Optional; DefaultParameterValue(500)>] cases: int,
                [<Optional; DefaultParameterValue(1UL)>] seed: uint64
            ) : Test =
            Laws.tests (Subject.Of(name, indicator), cases, seed)

        /// <summary>The ten laws of an indicator of numbers, tried on closes, as ten test cases; nothing is claimed of it.</summary>
        /// <param name="name">The name of the list, and in messages.</param>
        /// <param name="indicator">The indicator. Its state must survive System.Text.Json.</param>
        /// <param name="cases">Random cases for each law, at least 1; 500 unless given.</param>
        /// <param name="seed">Decides the cases; 1 unless given.</param>
        /// <returns>The list of <c>Laws.tests(Subject.OfCloses(name, indicator))</c>: five laws are tried, five skipped.</returns>
        /// <exception cref="T:System.ArgumentException">There is no name.</exception>
        /// <exception cref="T:System.ArgumentOutOfRangeException">There are fewer cases than 1.</exception>
        static member tests
            (
                name: string,
                indicator: Indicator<'State, float, float>,
                [<Optional; DefaultParameterValue(500)>] cases: int,
                [<Optional; DefaultParameterValue(1UL)>] seed: uint64
            ) : Test =
            Laws.tests (Subject.OfCloses(name, indicator), cases, seed)

        /// <summary>The ten laws of each of several subjects.</summary>
        /// <param name="name">The name of the list.</param>
        /// <param name="subjects">The indicators, with their claims, each of another name.</param>
        /// <param name="cases">Random cases for each law, at least 1; 500 unless given.</param>
        /// <param name="seed">Decides the cases; 1 unless given.</param>
        /// <returns>A list of lists, one a subject; Expecto refuses to run two of one name.</returns>
        /// <exception cref="T:System.ArgumentException">There is no subject.</exception>
        /// <exception cref="T:System.ArgumentOutOfRangeException">There are fewer cases than 1.</exception>
        static member tests
            (
                name: string,
                subjects: Subject seq,
                [<Optional; DefaultParameterValue(500)>] cases: int,
                [<Optional; DefaultParameterValue(1UL)>] seed: uint64
            ) : Test =
            demandCases cases
            let subjects = demandSome (nameof subjects) subjects
            testList name [ for subject in subjects -> Laws.tests (subject, cases, seed) ]

        /// <summary>The ten laws of each of several entries of a catalogue, say those of a feature set.</summary>
        /// <param name="name">The name of the list.</param>
        /// <param name="entries">The entries, as <c>FeatureSet.Of("sma,fall", catalogue).Entries</c> gives them.</param>
        /// <param name="cases">Random cases for each law, at least 1; 500 unless given.</param>
        /// <param name="seed">Decides the cases; 1 unless given.</param>
        /// <returns>A list of lists, one an entry, called by the entry's id; five laws of each are tried, five skipped.</returns>
        /// <exception cref="T:System.ArgumentException">There is no entry.</exception>
        /// <exception cref="T:System.ArgumentOutOfRangeException">There are fewer cases than 1.</exception>
        static member tests
            (
                name: string,
                entries: CatalogueEntry seq,
                [<Optional; DefaultParameterValue(500)>] cases: int,
                [<Optional; DefaultParameterValue(1UL)>] seed: uint64
            ) : Test =
            demandCases cases
            Laws.tests (name, demandSome (nameof entries) entries |> List.map Subject.Of, cases, seed)
