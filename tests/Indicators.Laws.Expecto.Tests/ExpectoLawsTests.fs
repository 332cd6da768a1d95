module BtcBandit.Indicators.Laws.Expecto.Tests.ExpectoLawsTests

open System
open System.Threading
open Expecto
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

let private ten = [
    "1 oracle: every output equals its definition"
    "2 causality: an output is the same to the last bit whatever comes after it"
    "3 warm-up: it is silent for exactly the stated number of candles and never after"
    "4 totality: every output is a finite number for every valid series"
    "5 scale: prices times a power of two multiply prices exactly and leave ratios alone, higher prices act as stated"
    "6 bounds: every output stays within the stated bounds"
    "7 purity: a kept state can be stepped again, in any order and by two threads, with the same results"
    "8 snapshot: a state saved as JSON and restored goes on to the last bit"
    "9 forgetting: after the stated number of candles it no longer matters what came before them"
    "10 drift: after a long run an output still equals a fresh computation of its window"
]

let private mean = Broken.ofLast 2 3 Array.average

let private names tests = Test.toTestCodeList tests |> List.map (fun test -> String.concat "/" test.name)

let private under (list: string) = ten |> List.map (fun name -> $"{list}/{name}")

/// A subject that counts its steps, whoever makes them.
let private counted () =
    let steps = ref 0

    let indicator =
        Indicator.scan
            (fun () (candle: Candle) ->
                Interlocked.Increment steps |> ignore
                struct ((), candle.Close))
            ()

    steps, Subject.Of("counted", indicator).InPrices()

let private lawOf (name: string) = (name.Substring(name.LastIndexOf '/' + 1)).Split(' ', ':')[1]

[<Tests>]
let tests =
    testList "ExpectoLawsTests" [
        testCase "a subject has ten test cases, called by number, name and sentence" (fun () ->
            Expect.equal (names (Laws.tests (Subject.Of("mean", mean)))) (under "mean") "")

        testCase "a right one passes where it claims, and is skipped with the reason where it does not" (fun () ->
            let results = Results.ofTests (Laws.tests (Subject.Of("mean", mean).InPrices().WithWindow(3), 50))
            Expect.isEmpty (Results.failures results) ""

            Expect.equal
                (Results.skips results)
                [
                    $"mean/{ten[0]}", "not tried, needs WithOracle"
                    $"mean/{ten[5]}", "not tried, needs WithBounds"
                    $"mean/{ten[8]}", "not tried, needs WithForgetting"
                ]
                "")

        testCase "without a claim five are tried and five skipped" (fun () ->
            let results = Results.ofTests (Laws.tests ("mean", mean, 50))
            Expect.isEmpty (Results.failures results) ""

            Expect.equal
                (Results.skips results |> List.map snd)
                [
                    "not tried, needs WithOracle"
                    "not tried, needs WithScaling or WithShifting"
                    "not tried, needs WithBounds"
                    "not tried, needs WithForgetting"
                    "not tried, needs WithWindow"
                ]
                "")

        testCase "the laws of one subject run one after the other, subjects side by side" (fun () ->
            let groups =
                Laws.tests ("mine", [ Subject.Of("a", mean); Subject.Of("b", mean) ])
                |> Test.toTestCodeList
                |> List.countBy _.sequenced

            Expect.equal groups [ SynchronousGroup "the laws of a", 10; SynchronousGroup "the laws of b", 10 ] "")

        for fault, law, _ in Broken.all () do
            testCase $"{fault} fails {law} and nothing else, with the words of the report" (fun () ->
                let subject () =
                    Broken.all ()
                    |> List.pick (fun (other, _, subject) -> if other = fault then Some subject else None)

                let report = Laws.Report(subject (), 100)
                let results = Results.ofTests (Laws.tests (subject (), 100))

                Expect.equal
                    (Results.failures results
                     |> List.map (fun (name, message) -> lawOf name, message))
                    [
                        law, (report.Verdicts |> Array.find (fun verdict -> verdict.Law.Name = law)).Message
                    ]
                    ""

                for name, reason in Results.skips results do
                    let line = (string report).Split '\n' |> Array.find _.Contains($" {lawOf name} ")
                    Expect.stringEnds line $"  {reason}" "")

        testCase "one that throws fails totality, and the laws that met it say so" (fun () ->
            let _, _, strict =
                Broken.all ()
                |> List.find (fun (fault, _, _) -> fault.StartsWith "an exception where")

            let results = Results.ofTests (Laws.tests (strict, 100))
            let told = Results.failures results

            Expect.equal (List.map fst told) [ $"strict/{ten[3]}" ] ""
            Expect.stringContains (snd told[0]) "It threw InvalidOperationException at candle 1: no more." ""
            Expect.stringContains (snd told[0]) "\n>  1970-01-01 00:00:00" ""

            Expect.containsAll
                (Results.skips results)
                [
                    for law in [ 1; 2; 6; 7 ] -> $"strict/{ten[law]}", "not decided, it breaks law 4, totality"
                ]
                "")

        testCase "what only another law meets still fails the law that it is about" (fun () ->
            let _, _, tired =
                Broken.all ()
                |> List.find (fun (fault, _, _) -> fault.EndsWith "long run meets")

            let results = Results.ofTests (Laws.tests (tired, 100))
            let told = Results.failures results

            Expect.equal (List.map fst told) [ $"tired/{ten[3]}" ] ""
            Expect.stringContains (snd told[0]) "met by the law of drift" ""

            Expect.contains (Results.skips results) ($"tired/{ten[9]}", "not decided, it breaks law 4, totality") "")

        testCase "the message is all that a failure shows" (fun () ->
            let results = Results.ofTests (Laws.tests ("late", Broken.ofLast 1 3 Array.average, 100))
            let _, message = Results.failures results |> List.exactlyOne
            Expect.stringStarts message "late breaks law 3, warm-up: " ""
            Expect.isFalse (message.Contains "   at ") "")

        for cases, seed in [ 1, 1UL; 20, 1UL; 40, 1UL; 40, 9UL ] do
            testCase $"{cases} cases with seed {seed} are those of the report, each tried once" (fun () ->
                let made, subject = counted ()
                Laws.Report(subject, cases, seed) |> ignore
                let again, subject = counted ()
                let tests = Laws.tests (subject, cases, seed)
                Expect.equal again.Value 0 "nothing is tried before the tests run"
                Results.ofTests tests |> ignore
                Expect.equal again.Value made.Value "")

        testCase "without a word it is 500 cases with seed 1" (fun () ->
            let made, subject = counted ()
            Laws.Report(subject, 500, 1UL) |> ignore
            let again, subject = counted ()
            Results.ofTests (Laws.tests subject) |> ignore
            Expect.equal again.Value made.Value "")

        testCase "the same seed gives the same message, another seed another" (fun () ->
            let message seed =
                Results.ofTests (Laws.tests ("late", Broken.ofLast 1 3 Array.average, 50, seed))
                |> Results.failures
                |> List.exactlyOne
                |> snd

            Expect.equal (message 7UL) (message 7UL) ""
            Expect.stringContains (message 7UL) "Seed 7; " ""
            Expect.stringContains (message 8UL) "Seed 8; " "")

        testCase "fewer cases than 1 are refused as by Laws.Check, when the tests are made" (fun () ->
            let refused (make: unit -> unit) =
                try
                    make ()
                    "accepted"
                with :? ArgumentOutOfRangeException as error ->
                    error.Message

            let subject = Subject.Of("mean", mean)
            let entries = (FeatureSet.Of "sma:3").Entries

            for cases in [ 0; -1; Int32.MinValue ] do
                let expected = refused (fun () -> Laws.Check(subject, cases))
                Expect.stringContains expected $"{cases}" ""

                for make in
                    [
                        fun () -> Laws.tests (subject, cases)
                        fun () -> Laws.tests ("mean", mean, cases)
                        fun () -> Laws.tests ("sma", Averages.sma 3, cases)
                        fun () -> Laws.tests ("all", [ subject ], cases)
                        fun () -> Laws.tests ("none", List.empty<Subject>, cases)
                        fun () -> Laws.tests ("entries", entries, cases)
                    ] do
                    Expect.equal (refused (make >> ignore)) expected "")

        testCase "no subject and no entry are refused, when the tests are made" (fun () ->
            let refused (make: unit -> Test) =
                try
                    make () |> ignore
                    "accepted"
                with :? ArgumentException as error ->
                    error.Message

            let none = "No subject proves nothing; at least 1 is needed."

            Expect.equal
                (refused (fun () -> Laws.tests ("none", List.empty<Subject>)))
                $"{none} (Parameter 'subjects')"
                ""

            Expect.equal
                (refused (fun () -> Laws.tests ("none", List.empty<CatalogueEntry>)))
                $"{none} (Parameter 'entries')"
                "")

        testCase "an indicator of numbers is tested on closes" (fun () ->
            let tests = Laws.tests ("sma", Averages.sma 3, 50)
            Expect.equal (names tests) (under "sma") ""
            Expect.isEmpty (Results.failures (Results.ofTests tests)) "")

        testCase "several subjects are a list of lists" (fun () ->
            let tests =
                Laws.tests ("mine", [ Subject.Of("mean", mean); Subject.OfCloses("sma", Averages.sma 3) ], 20, 3UL)

            Expect.equal (names tests) (under "mine/mean" @ under "mine/sma") "")

        testCase "several entries pass their cases and seed on" (fun () ->
            let recipe = IndicatorRecipe.Of("late", Broken.ofLast 1 3 Array.average)
            let entries = (FeatureSet.Of("late", Catalogue.BuiltIn.With recipe)).Entries
            let failures = Results.failures (Results.ofTests (Laws.tests ("entries", entries, 50, 7UL)))
            let report = Laws.Report(Subject.Of entries[0], 50, 7UL)
            Expect.equal failures [ $"entries/late/{ten[2]}", report.Verdicts[2].Message ] "")

        testCase "every kind of the catalogue keeps the laws" (fun () ->
            let kinds = List.ofSeq Catalogue.BuiltIn.Kinds
            let entries = (FeatureSet.Of(String.concat "," kinds)).Entries
            let results = Results.ofTests (Laws.tests ("catalogue", entries, 30))
            Expect.isGreaterThanOrEqual kinds.Length 14 ""
            Expect.hasLength results (10 * kinds.Length) ""
            Expect.isEmpty (Results.failures results) ""
            Expect.hasLength (Results.skips results) (5 * kinds.Length) "")
    ]
