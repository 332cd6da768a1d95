namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open System.Threading
open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Tests.Feeds

[<TestFixture>]
type SessionReplayTests() =

    let candles = Runs.market 1L |> Seq.truncate 600 |> Array.ofSeq

    /// A session over candles, and what a replay of the recorded ones says.
    let replayOf (folder: Temporary) steps (recorded: Candle seq) change =
        let plan =
            SessionPlan(
                Run = Runs.planOf Catalogue.Default Runs.parameters 1L,
                Candles = Runs.feed candles,
                DataDir = folder.Path,
                Steps = Nullable steps
            )

        use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)
        session.RunAsync().GetAwaiter().GetResult() |> ignore
        change ()
        session.Replay recorded

    // Few: each case is two sessions and their replays.
    [<Property(MaxTest = 20)>]
    member _.``every session of a run is equal to its replay``(first: byte, second: byte) =
        use folder = new Temporary()

        [ 1 + int first; 1 + int second ]
        |> List.forall (fun steps ->
            match replayOf folder steps candles ignore with
            | :? ReplayResult.Same as same -> same.Candles >= int64 steps && same.Hash.Length = 16
            | _ -> false)

    [<Test>]
    member _.``the hash is that of the candles``() =
        let hash (recorded: Candle array) =
            use folder = new Temporary()

            match replayOf folder 50 recorded ignore with
            | :? ReplayResult.Same as same -> same.Candles, same.Hash
            | other -> failwith $"%A{other}"

        equal (hash candles) (hash candles)
        // The candles after the session are not of it.
        equal (hash candles) (hash (Array.truncate 400 candles))

    [<Test>]
    member _.``a candle with another close is found at its step``() =
        use folder = new Temporary()
        let changed = Array.copy candles
        let at = 120
        let old = candles[at]

        changed[at] <-
            match Candle.tryCreate (old.OpenTime, old.Open, old.High + 5.0, old.Low, old.Close + 1.0, old.Volume) with
            | Ok candle -> candle
            | Error error -> failwith error.Message

        match replayOf folder 50 changed ignore with
        | :? ReplayResult.Differs as differs ->
            equal old.OpenTime differs.OpenTime
            Assert.That((differs.Live <> differs.Replayed))
            Assert.That(differs.Live, Does.StartWith $"{old.OpenTime},")
        | other -> Assert.Fail $"%A{other}"

    [<Test>]
    member _.``a difference that no row shows is found in the state``() =
        use folder = new Temporary()
        let changed = Array.copy candles
        let old = changed[60]

        changed[60] <-
            match
                Candle.tryCreate (old.OpenTime, old.Open, old.High, old.Low, old.Close, old.Volume * (1.0 + 1e-14))
            with
            | Ok candle -> candle
            | Error error -> failwith error.Message

        match replayOf folder 50 changed ignore with
        | :? ReplayResult.Differs as differs -> equal ("", "") (differs.Live, differs.Replayed)
        | other -> Assert.Fail $"%A{other}"

    [<Test>]
    member _.``a candle that was not recorded is missed``() =
        use folder = new Temporary()
        let last = Array.truncate (100 + 50 - 1) candles

        match replayOf folder 50 last ignore with
        | :? ReplayResult.Incomplete as few -> equal (149L, 150L) (few.Recorded, few.Taken)
        | other -> Assert.Fail $"%A{other}"

        let holed = Array.append candles[..19] candles[21..]
        use folder = new Temporary()
        Assert.That((replayOf folder 50 holed ignore), Is.Not.InstanceOf<ReplayResult.Same>())

    [<Test>]
    member _.``a row that was changed is found``() =
        use folder = new Temporary()

        let change () =
            let path = folder.File "trades.csv"
            let lines = File.ReadAllLines path
            lines[30] <- lines[30].Replace(",hold,", ",buy,").Replace(",sell,", ",buy,") + " "
            File.WriteAllText(path, String.Join('\n', lines) + "\n")

        match replayOf folder 50 candles change with
        | :? ReplayResult.Differs as differs -> Assert.That(differs.Live, Does.EndWith " ")
        | other -> Assert.Fail $"%A{other}"

    [<Test>]
    member _.``without a step there is nothing to replay``() =
        use folder = new Temporary()

        let plan =
            SessionPlan(
                Run = Runs.planOf Catalogue.Default Runs.parameters 1L,
                Candles = Runs.feed candles[..20],
                DataDir = folder.Path
            )

        use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)
        session.RunAsync().GetAwaiter().GetResult() |> ignore
        Assert.That((session.Replay candles |> isNull))
