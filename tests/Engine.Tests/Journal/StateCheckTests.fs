namespace BtcBandit.Engine.Tests.Journal

open System.IO
open System.Text.Json.Nodes
open NUnit.Framework
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Pipeline

[<TestFixture>]
type StateCheckTests() =

    let parsed (text: string) = nonNull (JsonNode.Parse text)

    let at (name: string) (node: JsonNode) = nonNull node[name]

    let item (index: int) (pending: JsonArray) = nonNull pending[index]

    /// Reads the golden state after its pending outcomes were changed.
    let readWith (change: JsonArray -> unit) =
        use folder = new Temporary()
        let path = folder.File "state.json"
        let json = parsed (File.ReadAllText(Repository.path "tests/Golden/run-schema-2/state.json"))
        change ((json |> at "run" |> at "pending").AsArray())
        File.WriteAllText(path, json.ToJsonString())
        StateFile.Read path |> ignore

    [<Test>]
    member _.``the golden state is sound``() = readWith ignore

    [<Test>]
    member _.``pending outcomes are in the order of time``() =
        let swap pending =
            let first = (item 0 pending |> at "open_time").GetValue<int64>()
            (item 1 pending)["open_time"] <- JsonValue.Create(first - 1L)

        Assert.That(
            System.Action(fun () -> readWith swap),
            Throws.TypeOf<JournalException>().And.Message.Contains "a pending outcome does not fit"
        )

    [<Test>]
    member _.``only the newest pending outcome may be without its entry``() =
        let forget pending = (item 0 pending)["entry_price"] <- null

        Assert.That(
            System.Action(fun () -> readWith forget),
            Throws.TypeOf<JournalException>().And.Message.Contains "a pending outcome does not fit"
        )
