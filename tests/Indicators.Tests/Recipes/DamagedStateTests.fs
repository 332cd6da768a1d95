namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open System.Text.Json.Nodes
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// Saved states with a count or a list that no run has: each is refused, or what follows is the same.
module DamagedStateTests =

    let private week = lazy (Array.take 3_000 (Week.candles ()))

    /// Every place in a saved state, as the names and indices that lead there.
    let rec private places (node: JsonNode | null) : string list list =
        match node with
        | :? JsonObject as object -> [
            for field in object do
                for rest in places field.Value -> field.Key :: rest
          ]
        | _ -> [ [] ]

    let rec private at (place: string list) (node: JsonNode) : JsonNode =
        match place with
        | [] -> node
        | name :: rest -> at rest (Unchecked.nonNull node[name])

    /// The same state with something else at one place.
    let private changed (place: string list) (change: JsonNode -> JsonNode) (saved: JsonNode) : JsonElement =
        let copy = saved.DeepClone()
        let parent = at (List.take (place.Length - 1) place) copy
        parent[List.last place] <- change (at place copy)
        JsonDocument.Parse(copy.ToJsonString()).RootElement

    let private restored (entry: CatalogueEntry) (saved: JsonElement) : ColumnRun voption =
        try
            ValueSome(entry.Restore saved)
        with :? JsonException ->
            ValueNone

    let private rows (entry: CatalogueEntry) (run: ColumnRun) (candles: Candle[]) =
        let row = Array.zeroCreate<float> entry.Columns.Length

        [
            for candle in candles do
                let speaks = run.Push(&candle, Span row)
                struct (speaks, List.ofArray row)
        ]

    let private isWhole (entry: CatalogueEntry) (saved: JsonNode) (place: string list) =
        match at place saved with
        | :? JsonValue as value when value.GetValueKind() = JsonValueKind.Number ->
            // A field of whole numbers is told by what it refuses: prices are whole numbers too at times.
            let half = JsonValue.Create(Math.Floor(value.GetValue<float>()) + 0.5)
            (restored entry (changed place (fun _ -> half) saved)).IsNone
        | _ -> false

    let private number (value: int64) (_: JsonNode) : JsonNode = Unchecked.nonNull (JsonValue.Create value)

    let private resized (length: int -> int) (list: JsonNode) : JsonNode =
        let copy = JsonArray()
        let items = list.AsArray()

        for i in 0 .. length items.Count - 1 do
            if i < items.Count then
                copy.Add((Unchecked.nonNull items[i]).DeepClone())
            else
                copy.Add(JsonValue.Create 1.0)

        copy

    /// What is done to the state of an entry: a name and the change.
    let private damages (entry: CatalogueEntry) (saved: JsonNode) = [
        for place in places saved do
            let name = String.Join('.', place)

            if isWhole entry saved place then
                let value = (at place saved).GetValue<int64>()

                // Any day is the day of a VWAP, so one more is a sound state of other candles.
                let next = if List.last place = "Anchor" then [] else [ value + 1L ]

                for other in
                    next
                    @ [ -1L; -1L - value; int64 Int32.MaxValue; int64 Int32.MinValue; Int64.MaxValue ] do
                    if other <> value then
                        $"{name} = {other}", changed place (number other) saved

            match at place saved with
            | :? JsonArray as list ->
                $"{name} too long", changed place (resized ((+) 10_001)) saved

                if List.last place = "front" && list.Count > 0 then
                    $"{name} cut", changed place (resized (fun length -> length - 1)) saved
                    $"{name} grown", changed place (resized ((+) 1)) saved

                if List.last place = "back" then
                    $"{name} empty", changed place (resized (fun _ -> 0)) saved
            | _ -> ()
    ]

    let private entry text =
        match Catalogue.parse text with
        | Ok entries -> entries[0]
        | Error message -> failwith message

    let private Ids = [
        yield! Catalogue.BuiltIn.Kinds
        "sma:1"
        "bb:40:1"
        "vwap:cumulative"
        "vwap:9"
        "macd:2:3:1"
        "trix:1"
        "supertrend:1:1"
    ]

    [<Tests>]
    let tests =
        testList "DamagedStateTests" [
            cases "a count or a list that no run has is refused, or nothing comes of it" Ids
            <| fun (id: string) ->
                let entry = entry id

                // Warm, so that one more than a count is more than any run has.
                for cut in [ 200; 1_000 ] do
                    let run = entry.Start()
                    rows entry run week.Value[.. cut - 1] |> ignore
                    let saved = Unchecked.nonNull (JsonNode.Parse(run.Save().GetRawText()))
                    let after = week.Value[cut .. cut + 300]
                    let expected = rows entry run after
                    let tried = damages entry saved
                    // A run that is silent would go on the same whatever its state.
                    expected |> all (fun (struct (speaks, _)) -> speaks)
                    isNotEmpty tried

                    for name, damaged in tried do
                        match restored entry damaged with
                        | ValueNone -> ()
                        | ValueSome run -> Expect.isTrue (rows entry run after = expected) $"{id} after {cut}, {name}"

            cases "every state of a run is accepted, from the first candle on" Ids
            <| fun (id: string) ->
                let entry = entry id
                let run = entry.Start()

                for candle in week.Value[..299] do
                    Expect.isTrue ((restored entry (run.Save())).IsSome) $"{id}"
                    rows entry run [| candle |] |> ignore

            testCase "a damaged state is told by its entry"
            <| fun () ->
                let saved = """{"id":"ema:5","state":{"Seen":-1,"Mean":2}}"""

                equal
                    "The saved state of ema:5 is damaged: no run of it has such counts or windows."
                    (thrown<JsonException>(fun () ->
                        (entry "ema:5").Restore(JsonDocument.Parse(saved).RootElement) |> ignore))
                        .Message

            testCase "the range of a feature set saw the candles that its closes are of"
            <| fun () ->
                let featureSet = FeatureSet.Of "sma:3"

                let row, vector =
                    Array.zeroCreate featureSet.Columns.Length, Array.zeroCreate featureSet.Features.Length

                for candles in [ 0; 1; 14; 15; 16; 40 ] do
                    let run = featureSet.Start()

                    for candle in week.Value[.. candles - 1] do
                        run.Push(&candle, Span row, Span vector) |> ignore

                    let saved = Unchecked.nonNull (JsonNode.Parse(run.Save().GetRawText()))
                    let restore change = featureSet.Restore(change saved) |> ignore
                    restore (fun saved -> JsonDocument.Parse(saved.ToJsonString()).RootElement)

                    for seen in [ -1L; 15L ] do
                        let damaged = changed [ "context"; "Range"; "Average"; "Seen" ] (number seen)
                        because $"{candles}, {seen}" (fun () -> throws<JsonException>(fun () -> restore damaged))
        ]
