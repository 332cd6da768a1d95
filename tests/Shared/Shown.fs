namespace BtcBandit.Tests.Shared

open System
open System.Collections
open System.Globalization
open Microsoft.FSharp.Reflection

/// Values as text, complete: `%A` leaves out what comes after the hundredth element, `string` what comes after the third.
module Shown =
    let private quoted (text: string) =
        let escaped = text.Replace("\\", "\\\\").Replace("\"", "\\\"")
        $"\"{escaped}\""

    let private flags = Reflection.BindingFlags.Public ||| Reflection.BindingFlags.NonPublic

    let rec show (value: obj | null) : string =
        match value with
        | null -> "null"
        | :? string as text -> quoted text
        | :? char as letter -> $"'{letter}'"
        | :? bool as truth -> if truth then "true" else "false"
        | :? float as number -> number.ToString("R", CultureInfo.InvariantCulture)
        | :? DateTime as time -> time.ToString("O", CultureInfo.InvariantCulture)
        | :? DateTimeOffset as time -> time.ToString("O", CultureInfo.InvariantCulture)
        | :? DateOnly as date -> date.ToString("O", CultureInfo.InvariantCulture)
        | :? TimeOnly as time -> time.ToString("O", CultureInfo.InvariantCulture)
        | :? IFormattable as number when not (value :? IEnumerable) ->
            number.ToString(null, CultureInfo.InvariantCulture)
        | :? IEnumerable as items -> $"""[{String.Join("; ", [ for item in items -> show item ])}]"""
        | value ->
            let kind = value.GetType()

            if FSharpType.IsTuple kind then
                $"""({String.Join(", ", FSharpValue.GetTupleFields value |> Array.map show)})"""
            elif FSharpType.IsRecord(kind, flags) then
                let names = FSharpType.GetRecordFields(kind, flags) |> Array.map _.Name
                let values = FSharpValue.GetRecordFields(value, flags) |> Array.map show
                $"""{{ {String.Join("; ", Array.map2 (fun name value -> $"{name} = {value}") names values)} }}"""
            elif FSharpType.IsUnion(kind, flags) then
                match FSharpValue.GetUnionFields(value, kind, flags) with
                | case, [||] -> case.Name
                | case, [| one |] -> $"{case.Name} {show one}"
                | case, several -> $"""{case.Name}({String.Join(", ", Array.map show several)})"""
            else
                string value

    /// Where two texts differ first, as one line, or nothing.
    let private ofTexts (expected: string) (actual: string) =
        let at =
            Seq.zip expected actual
            |> Seq.tryFindIndex (fun (one, other) -> one <> other)
            |> Option.defaultValue (min expected.Length actual.Length)

        if expected.Length + actual.Length > 60 then
            let part (text: string) = quoted (text.Substring(at, min 40 (text.Length - at)))
            $"\n   first difference at character {at}: {part expected} expected, {part actual} found"
        else
            ""

    let private ofItems (expected: IEnumerable) (actual: IEnumerable) =
        let one, other = [| for item in expected -> show item |], [| for item in actual -> show item |]

        let at =
            Seq.zip one other
            |> Seq.tryFindIndex (fun (one, other) -> one <> other)
            |> Option.defaultValue (min one.Length other.Length)

        let item (items: string[]) = if at < items.Length then items[at] else "nothing"

        let lengths =
            if one.Length = other.Length then
                ""
            else
                $", {one.Length} elements expected, {other.Length} found"

        $"\n   first difference at element {at}: {item one} expected, {item other} found{lengths}"

    /// Two values that should be equal and are not, and for texts and sequences where they differ first.
    let difference (expected: obj | null) (actual: obj | null) =
        let where =
            match expected, actual with
            | (:? string as expected), (:? string as actual) -> ofTexts expected actual
            | (:? IEnumerable as expected), (:? IEnumerable as actual) -> ofItems expected actual
            | _ -> ""

        $"\nexpected: {show expected}\n  actual: {show actual}{where}"
