namespace BtcBandit.Tests.Runner

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open Expecto
open Expecto.Impl

/// The tests of a program.
type internal Suite =
    {
        /// What the files of results call it.
        Name: string
        Tests: Test
        /// What is wrong with them, beyond what the tests show themselves.
        Faults: Fault list
        /// Where a test is written, as far as the debug symbols say.
        Location: FlatTest -> SourceLocation option
    }

/// Who is told what happens in a run.
type internal Listener =
    {
        Started: FlatTest -> Async<unit>
        Ended: FlatTest -> Outcome -> Async<unit>
        /// A fault of the suite counts as a failed test.
        Wrong: Outcome -> Async<unit>
    }

/// A run of tests with Expecto, whoever asked for it.
[<RequireQualifiedAccess>]
module internal Execution =

    /// The tests that the settings leave.
    let chosen (settings: Settings) (suite: Suite) : FlatTest list =
        match settings.Filter with
        | None -> Selection.chosen (fun _ -> true) suite.Tests
        | Some filter -> Selection.chosen (Filter.matches filter) suite.Tests

    let faults (suite: Suite) : Fault list = suite.Faults @ Selection.faults suite.Tests

    let private wrong (fault: Fault) =
        {
            Name = fault.ToString()
            Verdict = Verdict.Failed(fault.Message, "")
            Duration = TimeSpan.Zero
        }

    let private printer (listener: Listener) (byName: string -> FlatTest) (outcomes: ConcurrentQueue<Outcome>) =
        let ended name verdict duration =
            let outcome = { Name = name; Verdict = verdict; Duration = duration }

            outcomes.Enqueue outcome
            listener.Ended (byName name) outcome

        TestPrinters.silent
        |> TestPrinters.withBeforeEach_WithIsSkipped (fun name isSkipped ->
            if isSkipped then async.Zero() else listener.Started(byName name))
        |> TestPrinters.withPassed (fun name duration -> ended name Verdict.Passed duration)
        |> TestPrinters.withIgnored (fun name why -> ended name (Verdict.Skipped why) TimeSpan.Zero)
        |> TestPrinters.withFailed (fun name text duration -> ended name (Report.failed text) duration)
        |> TestPrinters.withExn (fun name error duration -> ended name (Report.errored error) duration)

    /// Runs these tests of a suite and writes the files that the settings ask for.
    let run
        (settings: Settings)
        (suite: Suite)
        (tests: FlatTest list)
        (listener: Listener)
        (cancel: CancellationToken)
        =
        async {
            // What an earlier run left must not be taken for the result of this one.
            settings.Failed |> Option.iter File.Delete
            let faults = faults suite
            let outcomes = ConcurrentQueue<Outcome>()

            for fault in faults do
                outcomes.Enqueue(wrong fault)
                do! listener.Wrong(wrong fault)

            if faults |> List.forall _.LetsRun then
                let tree = Selection.tree settings.Replay tests
                let byName = dict [ for test in tests -> Selection.nameOf test, test ]

                let config =
                    { ExpectoConfig.defaultConfig with
                        printer = printer listener (fun name -> byName[name]) outcomes
                        joinWith = JoinWith.Slash
                        // No limit but the thread pool's: with one, Expecto looks for a free place only every 10 ms.
                        parallelWorkers = 0
                        runInParallel = not settings.Sequenced
                    }

                let! _ = evalTestsWithCancel cancel config tree false
                ()

            // In the order of the suite, whichever ended first.
            let places =
                dict (
                    tests
                    |> List.mapi (fun place test -> Selection.nameOf test, place)
                    |> List.distinctBy fst
                )

            let place (outcome: Outcome) =
                match places.TryGetValue outcome.Name with
                | true, place -> place
                | _ -> -1

            let outcomes = outcomes |> List.ofSeq |> List.sortBy place

            settings.Junit
            |> Option.iter (fun path -> Report.writeJunit path suite.Name outcomes)

            // A script that reads no names believes that every test passed: they must have been tried.
            if faults.IsEmpty && not tests.IsEmpty && not cancel.IsCancellationRequested then
                settings.Failed |> Option.iter (fun path -> Report.writeFailed path outcomes)

            return outcomes
        }
