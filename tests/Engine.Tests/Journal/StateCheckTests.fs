namespace BtcBandit.Engine.Tests.Journal

open System.IO
open System.Text.Json.Nodes
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

module StateCheckTests =

    let private parsed (text: string) = nonNull (JsonNode.Parse text)

    let private at (name: string) (node: JsonNode) = nonNull node[name]

    let private item (index: int) (pending: JsonArray) = nonNull pending[index]

    /// Reads the golden state after its pending outcomes were changed.
    let private readWith (change: JsonArray -> unit) =
        use folder = new Temporary()
        let path = folder.File "state.json"
        let json = parsed (File.ReadAllText(Repository.path "tests/Golden/run-schema-2/state.json"))
        change ((json |> at "run" |> at "pending").AsArray())
        File.WriteAllText(path, json.ToJsonString())
        StateFile.Read path |> ignore

    let rec private remove (path: string list) (node: JsonNode) =
        match path, node with
        | [ name ], (:? JsonObject as record) -> record.Remove name |> ignore
        | name :: rest, (:? JsonObject as record) -> remove rest (nonNull record[name])
        | _ :: rest, (:? JsonArray as list) -> remove rest (nonNull list[0])
        | _ -> failwith $"no field {path}"

    let private newest = File.ReadAllText(Repository.path "tests/Golden/run-schema-6/state.json")

    /// Fields of a saved run. Left out: what an agent or an indicator reads itself, what is computed from other fields, and
    /// the version of the arithmetic, which old files do not state.
    let private Fields: string list =
        let rec paths (node: JsonNode | null) (at: string) : string list =
            match node with
            | :? JsonObject as record -> [
                for KeyValue(name, value) in record do
                    $"{at}{name}"
                    yield! paths value $"{at}{name}/"
              ]
            // One element stands for all.
            | :? JsonArray as list when list.Count > 0 -> paths list[0] $"{at}0/"
            | _ -> []

        let state = JsonNode.Parse(File.ReadAllText(Repository.path "tests/Golden/run-schema-6/state.json"))

        paths state ""
        |> List.filter (fun path ->
            not (
                path.Contains "agent/state/"
                || path.Contains "indicators/"
                || path = "run/statistics/drawdown"
                || path = "run/rivals/results/moving_average_cross_return"
                || path = "arithmetic"
            ))

    [<Tests>]
    let tests =
        testList "StateCheckTests" [
            testCase "the golden state is sound" <| fun () -> readWith ignore

            testCase "pending outcomes are in the order of time"
            <| fun () ->
                let swap pending =
                    let first = (item 0 pending |> at "open_time").GetValue<int64>()
                    (item 1 pending)["open_time"] <- JsonValue.Create(first - 1L)

                contains "a pending outcome does not fit" (thrown<JournalException>(fun () -> readWith swap)).Message

            testCase "only the newest pending outcome may be without its entry"
            <| fun () ->
                let forget pending = (item 0 pending)["entry_price"] <- null

                contains "a pending outcome does not fit" (thrown<JournalException>(fun () -> readWith forget)).Message

            cases "a pending outcome has an action, a horizon and an exposure that a decision can have" [
                "action", "7"
                "action", "-1"
                "action", "null"
                "horizon", "0"
                "horizon", "-5"
                "exposure", "-0.1"
                "exposure", "1.1"
            ]
            <| fun (field: string, value: string) ->
                // The newest one was a decision, with an action and a horizon.
                let change (pending: JsonArray) = (item (pending.Count - 1) pending)[field] <- JsonNode.Parse value

                contains "a pending outcome does not fit" (thrown<JournalException>(fun () -> readWith change)).Message

            cases "a state without one of its fields is refused" Fields
            <| fun (field: string) ->
                use folder = new Temporary()
                let path = folder.File "state.json"
                let json = parsed newest
                remove (List.ofArray (field.Split '/')) json
                File.WriteAllText(path, json.ToJsonString())

                because field (fun () -> throws<JournalException>(fun () -> StateFile.Read path |> ignore))

            cases "a value that no run can have is refused" [
                "arithmetic", "-5"
                "run/candles", "9223372036854775807"
                "run/statistics/steps", "20000"
                "run/statistics/trades", "9223372036854775807"
                "run/statistics/mean_return", "1e308"
                "run/statistics/daily/days", "1"
                "run/statistics/daily/days", "-1"
                "run/statistics/daily/calendar_days", "7"
                "run/statistics/daily/equity", "0"
                "run/statistics/daily/mean_return", "1e308"
                "run/statistics/daily/squared_deviations", "-1"
                "run/statistics/daily/squared_losses", "-1"
                "run/statistics/daily/day_end", "0"
                "run/statistics/buy_and_hold_units", "-1"
                "run/statistics/buy_and_hold_units", "1e308"
                "run/pending/0/entry_price", "1e-320"
                "run/pending/0/features", "[9, 0, 0, 0, 0, 0, 1]"
                "run/pending/0/features", "null"
            ]
            <| fun (field: string, value: string) ->
                use folder = new Temporary()
                let path = folder.File "state.json"
                let json = parsed newest

                let parent =
                    Array.fold
                        (fun (node: JsonNode) (name: string) ->
                            match node with
                            | :? JsonArray as list -> item (int name) list
                            | node -> at name node)
                        json
                        (Array.truncate (field.Split('/').Length - 1) (field.Split '/'))

                parent[Array.last (field.Split '/')] <- JsonNode.Parse value
                File.WriteAllText(path, json.ToJsonString())
                throws<JournalException>(fun () -> StateFile.Read path |> ignore)

            testCase "a file that is not UTF-8 is refused"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "state.json"
                let bytes = System.Text.Encoding.UTF8.GetBytes newest
                bytes[newest.IndexOf("linear-ts", System.StringComparison.Ordinal)] <- 0xffuy
                File.WriteAllBytes(path, bytes)

                contains
                    "it is not UTF-8 text"
                    (thrown<JournalException>(fun () -> StateFile.Read path |> ignore)).Message
        ]
