namespace BtcBandit.Engine.Tests.Journal

open System
open System.IO
open System.Reactive.Linq
open Microsoft.Win32.SafeHandles
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Exchange
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// A run and its journal, on a disk of the test's making.
type Journalled(folder: RunFolder, every, create: string -> TradesFile) =
    let parameters = Make.parametersOf 5 1.0 0.5 1_000.0
    let run = TradingRun(Trading.planOf parameters, null, null)

    let journal =
        new StepJournal(
            folder,
            null,
            every,
            Func<RunState> run.Capture,
            Action ignore,
            Action<string, int64>(fun _ _ -> ()),
            CreateTrades = Func<string, TradesFile> create
        )

    member _.OnCompleted() = journal.OnCompleted()
    member _.CheckpointNow() = journal.CheckpointNow()

    /// Journals so many steps, the last one again and again.
    member _.Play (count: int) lastRepeated =
        let mutable made = 0

        for candle in Trading.market SyntheticWorld.Drifts 1L 120 do
            match run.Next candle with
            | null -> ()
            | _ when made = count -> ()
            | _ ->
                made <- made + 1

                for _ in 1 .. (if made = count then lastRepeated else 1) do
                    journal.OnNext run.Made

        equal count made

    interface IDisposable with
        member _.Dispose() = journal.Dispose()

module StepJournalTests =

    let private journalOn (folder: RunFolder) every (create: string -> TradesFile) =
        new Journalled(folder, every, create)

    let private play (journal: Journalled) (count: int) lastRepeated = journal.Play count lastRepeated

    let private failureOf (action: unit -> unit) =
        try
            action ()
            failwith "nothing failed"
        with :? JournalException as error ->
            lacks "\n" error.Message
            error.Message

    [<Tests>]
    let tests =
        testList "StepJournalTests" [
            testCase "a file that may not grow is one clear line"
            <| fun () ->
                use data = new Temporary()
                use folder = RunFolder.Open data.Path

                use journal =
                    journalOn folder 10 (fun path ->
                        TradesFile.Create(Disk.mayNotGrow path, Action<SafeFileHandle> ignore))

                equal
                    $"the journal in {data.Path} cannot be written: a file may not grow further; the run is saved up to step 0"
                    (failureOf (fun () -> play journal 5 1))

                fails (File.Exists folder.StatePath)

            testCase "any other argument out of range is a fault of the program, not of the disk"
            <| fun () ->
                use data = new Temporary()
                use folder = RunFolder.Open data.Path

                use journal = journalOn folder 10 (fun _ -> raise (ArgumentOutOfRangeException "step"))

                throwsFor<ArgumentOutOfRangeException> "step" (fun () -> play journal 5 1)

            testCase "a background sync that failed stops the run at the next checkpoint"
            <| fun () ->
                use data = new Temporary()
                use folder = RunFolder.Open data.Path
                let sync (_: SafeFileHandle) = raise (IOException "the disk is gone\nfor good")

                use journal =
                    journalOn folder 1_000_000 (fun path ->
                        TradesFile.Create(Disk.plain path, Action<SafeFileHandle> sync))

                let write () =
                    play journal 2 40_000
                    journal.OnCompleted()

                // The first step is saved before any sync; the end never is.
                equal
                    $"the journal in {data.Path} cannot be written: the disk is gone; the run is saved up to step 1"
                    (failureOf write)

                // Rows before the state: it must not account for what is perhaps not on the disk.
                equal 1L (nonNull (StateFile.Read folder.StatePath)).Run.Statistics.Steps

            testCase "a disk that fills up between two checkpoints stops the run, which goes on where the state is"
            <| fun () ->
                use data = new Temporary()
                use whole = new Temporary()

                do
                    use folder = RunFolder.Open whole.Path
                    use journal = journalOn folder 10 TradesFile.Create
                    play journal 30 1

                do
                    use folder = RunFolder.Open data.Path

                    // The header and the first row, then those up to the tenth, then a whole buffer that does not fit.
                    use journal =
                        journalOn folder 10 (fun path ->
                            TradesFile.Create(Disk.fullAfter 2 path, Action<SafeFileHandle> ignore))

                    let expected =
                        $"the journal in {data.Path} cannot be written: no space left; the run is saved up to step 10"

                    equal expected (failureOf (fun () -> play journal 15 40_000))
                    equal expected (failureOf journal.OnCompleted)

                    equal expected (failureOf journal.CheckpointNow)

                let state = nonNull (StateFile.Read(data.File "state.json"))
                equal 10L state.Run.Statistics.Steps
                isAbove state.TradesBytes (FileInfo(data.File "trades.csv").Length)

                let rows count path = Array.truncate (count + 1) (File.ReadAllLines path)
                equal (rows 10 (whole.File "trades.csv")) (rows 10 (data.File "trades.csv"))

                do
                    use file = TradesFile.Continue(data.File "trades.csv", state.TradesBytes, state.Run)

                    file.Cut()
                    equal state.TradesBytes (FileInfo(data.File "trades.csv").Length)

            testCase "a step whose row was not taken is never saved, also when there is room again"
            <| fun () ->
                use data = new Temporary()
                use folder = RunFolder.Open data.Path

                use journal =
                    journalOn folder 1_000_000 (fun path ->
                        TradesFile.Create(Disk.fullOnceAfter 1 path, Action<SafeFileHandle> ignore))

                let expected =
                    $"the journal in {data.Path} cannot be written: no space left; the run is saved up to step 1"

                equal expected (failureOf (fun () -> play journal 2 40_000))
                equal expected (failureOf journal.OnCompleted)
                let state = nonNull (StateFile.Read folder.StatePath)
                equal 1L state.Run.Statistics.Steps
        ]
