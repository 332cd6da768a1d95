namespace BtcBandit.Tests.Runner

open System
open System.Collections.Concurrent
open System.Threading
open System.Threading.Tasks
open Expecto
open Expecto.Impl

/// The tests of a program.
type internal Suite = {
    /// What the files of results call it.
    Name: string
    Tests: Test
    /// What is wrong with them, beyond what the tests show themselves.
    Faults: Fault list
    /// Where a test is written, as far as the debug symbols say.
    Location: FlatTest -> SourceLocation option
}

/// Who is told what happens in a run.
type internal Listener = {
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

    /// A fault as a test that failed.
    let wrong (fault: Fault) : Outcome = {
        Name = fault.ToString()
        Verdict = Verdict.Failed(fault.Message, "")
        Duration = TimeSpan.Zero
    }

    let private verdict (summary: TestSummary) =
        match summary.result with
        | TestResult.Passed -> Verdict.Passed
        | TestResult.Ignored why -> Verdict.Skipped why
        | TestResult.Failed text -> Report.failed text
        | TestResult.Error error -> Report.errored error

    /// Lists of tests, each to be run in its order; the lists beside each other, and then those that run alone.
    let private lanes (tests: FlatTest list) : FlatTest list list * FlatTest list =
        let alone, beside = tests |> List.partition (fun test -> test.sequenced = Synchronous)
        let single, grouped = beside |> List.partition (fun test -> test.sequenced = InParallel)
        let groups = grouped |> List.groupBy _.sequenced |> List.map snd
        groups @ List.map List.singleton single, alone

    /// Runs lists beside each other: one on each processor, and at least two, since tests may wait for each other. It
    /// replaces Expecto's scheduler: that looks for a free place every 10 ms (1,000 empty tests in 6.2 s on two processors)
    /// or, without a limit, starts all at once on the thread pool, where tests that wait leave no thread to those they wait
    /// for. Delete it when Expecto waits for the end of a test instead.
    let private inParallel (one: FlatTest -> Async<unit>) (lists: FlatTest list list) =
        let waiting = ConcurrentQueue lists

        let work () =
            let mutable next = []

            while waiting.TryDequeue(&next) do
                for test in next do
                    // Starts on this thread, so that a test that waits takes none of the pool's.
                    (Async.StartImmediateAsTask(one test)).GetAwaiter().GetResult()

        [
            for _ in 1 .. max 2 Environment.ProcessorCount ->
                Task.Factory.StartNew(work, TaskCreationOptions.LongRunning)
        ]
        |> Task.WhenAll
        |> Async.AwaitTask

    /// Runs these tests of a suite and writes the files that the settings ask for, which were prepared before.
    let run
        (settings: Settings)
        (suite: Suite)
        (tests: FlatTest list)
        (listener: Listener)
        (cancel: CancellationToken)
        =
        async {
            let faults = faults suite
            let outcomes = ConcurrentQueue<Outcome>()

            for fault in faults do
                outcomes.Enqueue(wrong fault)
                do! listener.Wrong(wrong fault)

            let config = { ExpectoConfig.defaultConfig with joinWith = JoinWith.Slash }

            let one (test: FlatTest) =
                async {
                    if not cancel.IsCancellationRequested then
                        if test.shouldSkipEvaluation.IsNone then
                            do! listener.Started test

                        let! summary = execTestAsync cancel config test

                        let outcome = {
                            Name = Selection.nameOf test
                            Verdict = verdict summary
                            Duration = summary.duration
                        }

                        outcomes.Enqueue outcome
                        do! listener.Ended test outcome
                }

            if faults |> List.forall _.LetsRun then
                let tests = Test.toTestCodeList (Selection.tree settings.Replay tests)
                let lists, alone = if settings.Sequenced then [], tests else lanes tests
                do! inParallel one lists

                for test in alone do
                    do! one test

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
