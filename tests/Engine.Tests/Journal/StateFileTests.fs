namespace BtcBandit.Engine.Tests.Journal

open System
open System.IO
open System.Text.Json
open NUnit.Framework
open BtcBandit.Engine.Domain
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Pipeline
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Pipeline

[<TestFixture>]
type StateFileTests() =

    let golden name = Repository.path $"tests/Golden/run-schema-2/{name}"

    let document () = nonNull (StateFile.Read(golden "state.json"))

    let another (document: StateDocument) bytes = StateDocument(document.Schema, bytes, document.Run)

    [<Test>]
    member _.``the schema of the golden file is the newest, or an older one that is still read``() =
        Assert.That(StateFile.Schema, Is.GreaterThanOrEqualTo 2)
        equal 40L (document ()).Run.Statistics.Steps

    [<Test>]
    member _.``a golden state written again is the same to the last byte``() =
        use folder = new Temporary()
        let path = folder.File "state.json"
        StateFile.Write(path, document ())
        // Written before states had an arithmetic: it is of the first.
        let golden = (File.ReadAllText(golden "state.json")).TrimEnd()
        equal (golden[.. golden.Length - 3] + ",\n \"arithmetic\": 1\n}") (File.ReadAllText path)

    [<Test>]
    member _.``a golden run still continues, and its rows stay``() =
        use folder = new Temporary()

        for name in [ "state.json"; "trades.csv" ] do
            File.Copy(golden name, folder.File name)

        let plan = Runs.planWith "sma:14,ema:14,atr:14" Runs.parameters 1L folder.Path 20
        let result, told = Runs.run plan
        equal "continuing synthetic drifts seed 1 BTC/USDT 1m after step 40" (List.head told)
        Assert.That(told[1], Does.StartWith "the run was saved by a version with arithmetic 1, this one has 2")
        equal 2 told.Length
        equal 60L (nonNull result.Run).Statistics.Steps
        let before, now = File.ReadAllText(golden "trades.csv"), File.ReadAllText(folder.File "trades.csv")
        Assert.That(now, Does.StartWith before)
        equal 61 (now.TrimEnd('\n').Split('\n').Length)

    [<Test>]
    member _.``the state before is kept, and nothing else is left``() =
        use folder = new Temporary()
        let path = folder.File "state.json"

        for bytes in 1L .. 3L do
            StateFile.Write(path, another (document ()) bytes)

        equal [ "state.json"; "state.json.bak" ] (Runs.files folder.Path)
        equal 3L (nonNull (StateFile.Read path)).TradesBytes
        equal 2L (nonNull (StateFile.Read(path + ".bak"))).TradesBytes

    [<Test>]
    member _.``what a crash left half written beside it does not matter``() =
        use folder = new Temporary()
        let path = folder.File "state.json"
        StateFile.Write(path, another (document ()) 1L)
        File.WriteAllText(path + ".tmp", "{\"schema\": 2, \"trades_by")
        equal 1L (nonNull (StateFile.Read path)).TradesBytes
        StateFile.Write(path, another (document ()) 2L)
        equal 2L (nonNull (StateFile.Read path)).TradesBytes
        equal [ "state.json"; "state.json.bak" ] (Runs.files folder.Path)

    [<Test>]
    member _.``a state with a number that is none is not written, and the old one stands``() =
        use folder = new Temporary()
        let path = folder.File "state.json"
        let document = document ()
        StateFile.Write(path, document)
        let before = File.ReadAllText path
        let run = document.Run

        let broken =
            RunState(
                Header = run.Header,
                Candles = run.Candles,
                LastCandle = run.LastCandle,
                QValues = [| nan; 0.0; 0.0 |],
                Indicators = run.Indicators,
                Agent = run.Agent,
                Portfolio = run.Portfolio,
                PendingOrder = run.PendingOrder,
                Pending = run.Pending,
                Statistics = run.Statistics,
                Rivals = run.Rivals
            )

        Assert.That(
            Action(fun () -> StateFile.Write(path, StateDocument(2, 1L, broken))),
            Throws.InstanceOf<JsonException>()
        )

        equal before (File.ReadAllText path)

    [<Test>]
    member _.``there is nothing to read where there is no file``() =
        use folder = new Temporary()
        equal true (isNull (StateFile.Read(folder.File "state.json")))

    [<Test>]
    member _.``a newer schema is refused with one line that names both``() =
        use folder = new Temporary()
        let path = folder.File "state.json"
        let newer = StateFile.Schema + 1
        let text = File.ReadAllText(golden "state.json")
        File.WriteAllText(path, text.Replace("\"schema\": 2", $"\"schema\": {newer}"))

        Assert.That(
            Action(fun () -> StateFile.Read path |> ignore),
            Throws.TypeOf<JournalException>().And.Message.EqualTo
                $"{path}: schema {newer} is newer than this program, which reads up to {StateFile.Schema}; it is left as it is"
        )
