namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Reactive.Subjects
open System.Threading
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Tests.Feeds

/// A session is run once, and may be disposed at any time.
module SessionLifetimeTests =

    let private patience = TimeSpan.FromSeconds 20.0

    let private trades (folder: Temporary) = File.ReadAllBytes(folder.File "trades.csv")

    let private savedSteps (folder: Temporary) =
        (nonNull (StateFile.Read(folder.File "state.json"))).Run.Statistics.Steps

    /// Names, lengths and times of change.
    let private traces (folder: Temporary) = [
        for name in Runs.files folder.Path ->
            name, FileInfo(folder.File name).Length, File.GetLastWriteTimeUtc(folder.File name)
    ]

    let private sessionOn (candles: IObservable<Candle>) (pace: PaceControl | null) (folder: Temporary) =
        new Session(
            SessionPlan(Run = (Runs.plan folder.Path 1).Run, Candles = candles, DataDir = folder.Path, Pace = pace),
            TimeProvider.System,
            ignore,
            CancellationToken.None
        )

    let private refuses (session: Session) = throws<InvalidOperationException>(fun () -> session.RunAsync() |> ignore)

    /// The rows of so many steps, made in one go.
    let private uninterrupted steps =
        use folder = new Temporary()
        Runs.run (Runs.plan folder.Path steps) |> ignore
        trades folder

    /// A run that has paused itself after its fifth step, with what ends the pause.
    let private paused (folder: Temporary) =
        let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)
        let session = folder |> sessionOn (Runs.feed (Runs.market 1L)) pace
        use halted = new ManualResetEventSlim()

        use _ =
            session.Steps.Subscribe(
                (fun step ->
                    if step.Number = 5L then
                        pace.Paused <- true
                        halted.Set()),
                ignore<exn>
            )

        let running = Tasks.Task.Run<SessionResult>(fun () -> session.RunAsync())
        holds (halted.Wait patience)
        session, running, (fun () -> pace.Paused <- false)

    [<Tests>]
    let tests =
        testList "SessionLifetimeTests" [
            testCase "a session that has run is not run again, and nothing is written"
            <| fun () ->
                use folder = new Temporary()
                use session = folder |> sessionOn (Runs.feed (Runs.market 1L |> Seq.take 150)) null
                equal 50L (session.RunAsync().GetAwaiter().GetResult()).StepsMade
                let before = traces folder
                refuses session
                equal before (traces folder)
                equal (uninterrupted 50) (trades folder)

            testCase "a session that runs is not run a second time, and the run goes on"
            <| fun () ->
                use folder = new Temporary()
                use candles = new Subject<Candle>()
                use session = folder |> sessionOn candles null
                let running = session.RunAsync()
                Runs.market 1L |> Seq.take 120 |> Seq.iter candles.OnNext
                refuses session
                Runs.market 1L |> Seq.take 150 |> Seq.skip 120 |> Seq.iter candles.OnNext
                candles.OnCompleted()
                holds (running.Wait patience)
                equal null running.Result.Error
                equal (uninterrupted 50) (trades folder)

            testCase "of calls at the same time one runs"
            <| fun () ->
                use folder = new Temporary()
                use session = folder |> sessionOn (Runs.feed (Runs.market 1L |> Seq.take 150)) null
                use together = new Barrier 4

                let call () =
                    together.SignalAndWait()

                    try
                        (session.RunAsync().GetAwaiter().GetResult()).StepsMade
                    with :? InvalidOperationException ->
                        -1L

                let calls = [| for _ in 1..4 -> Tasks.Task.Run<int64> call |]
                let results = (Tasks.Task.WhenAll calls).GetAwaiter().GetResult()
                equal [ -1L; -1L; -1L; 50L ] (List.ofArray (Array.sort results))
                equal (uninterrupted 50) (trades folder)

            testCase "a session that is disposed twice leaves the folder to the next one"
            <| fun () ->
                use folder = new Temporary()
                let session = folder |> sessionOn (Runs.feed (Runs.market 1L |> Seq.take 150)) null
                session.RunAsync().GetAwaiter().GetResult() |> ignore
                session.Dispose()
                use _next = folder |> sessionOn (Observable.Never()) null
                session.Dispose()
                equal $"{Environment.ProcessId}\n" (File.ReadAllText(folder.File "lock.pid"))

            testCase "a disposed session is not run"
            <| fun () ->
                use folder = new Temporary()
                let session = folder |> sessionOn (Runs.feed (Runs.market 1L)) null
                session.Dispose()
                session.SaveSoon()

                throws<ObjectDisposedException>(fun () -> session.RunAsync() |> ignore)

                equal [] (Runs.files folder.Path)

            testCase "a paused run that is disposed ends as a stopped one, saved and unlocked"
            <| fun () ->
                use folder = new Temporary()
                let session, running, goOn = paused folder
                session.Dispose()
                let before = traces folder
                let hasEnded = running.Wait patience
                // Or the test would never end, where the wait goes on.
                goOn ()
                Expect.isTrue hasEnded "the run waits for ever"
                equal null running.Result.Error
                equal (5L, 5L) (running.Result.StepsMade, (nonNull running.Result.Run).Statistics.Steps)
                equal before (traces folder)
                equal 5L (savedSteps folder)
                // Only an unlocked folder can be continued.
                Runs.run (Runs.plan folder.Path 45) |> ignore
                equal (uninterrupted 50) (trades folder)

            testCase "a paused run whose last save fails when it is disposed ends with that error"
            <| fun () ->
                use folder = new Temporary()
                let session, running, goOn = paused folder
                let obstacle = Directory.CreateDirectory(folder.File "state.json.tmp")
                session.Dispose()
                let hasEnded = running.Wait patience
                goOn ()
                Expect.isTrue hasEnded "the run waits for ever"
                isA<JournalException> running.Result.Error
                obstacle.Delete()
                equal 1L (savedSteps folder)
                Runs.run (Runs.plan folder.Path 49) |> ignore
                equal (uninterrupted 50) (trades folder)

            testCase "a run that waits for candles ends when it is disposed, and later ones are not written"
            <| fun () ->
                use folder = new Temporary()
                use candles = new Subject<Candle>()
                let session = folder |> sessionOn candles null
                let running = session.RunAsync()
                Runs.market 1L |> Seq.take 50 |> Seq.iter candles.OnNext
                session.Dispose()
                Expect.isTrue (running.Wait patience) "the run waits for ever"
                equal null running.Result.Error
                equal null running.Result.Run
                Runs.market 1L |> Seq.take 150 |> Seq.skip 50 |> Seq.iter candles.OnNext
                equal [] (Runs.files folder.Path)

            testCase "a session can be disposed by whoever sees its steps"
            <| fun () ->
                use folder = new Temporary()
                let session = folder |> sessionOn (Runs.feed (Runs.market 1L)) null

                use _ =
                    session.Steps.Subscribe(
                        (fun step ->
                            if step.Number = 5L then
                                session.Dispose()),
                        ignore<exn>
                    )

                let running = Tasks.Task.Run<SessionResult>(fun () -> session.RunAsync())
                holds (running.Wait patience)
                equal null running.Result.Error
                equal (5L, 5L) (running.Result.StepsMade, savedSteps folder)
                equal (uninterrupted 5) (trades folder)

            testCase "a run at full speed that is disposed anywhere ends at a whole step"
            <| fun () ->
                for attempt in 1..20 do
                    use folder = new Temporary()
                    use reached = new ManualResetEventSlim()

                    // Before the first step and after it; the feed goes on while the session is disposed.
                    let candles =
                        (Runs.market 1L
                         |> Seq.mapi (fun index candle ->
                             if index = 20 * attempt then
                                 reached.Set()

                             candle))
                            .ToObservable
                            NewThreadScheduler.Default

                    let session = folder |> sessionOn candles null
                    let running = session.RunAsync()
                    holds (reached.Wait patience)
                    session.Dispose()
                    let before = traces folder
                    Expect.isTrue (running.Wait patience) $"attempt {attempt}: the run waits for ever"
                    because $"attempt {attempt}" (fun () -> isNull' running.Result.Error)
                    equal before (traces folder)

                    match running.Result.Run with
                    | null -> equal [] (Runs.files folder.Path)
                    | state ->
                        equal
                            (state.Statistics.Steps, state.Statistics.Steps)
                            (running.Result.StepsMade, savedSteps folder)

                        equal (uninterrupted (int state.Statistics.Steps)) (trades folder)
        ]
