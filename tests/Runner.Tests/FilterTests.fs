module BtcBandit.Runner.Tests.FilterTests

open Expecto
open FsCheck
open FsCheck.FSharp
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared

let private names = [
    [ "ResumeTests"; "a run goes on" ]
    [ "ResumeTests"; "inner"; "a limit of BTC/USDT" ]
    [ "SocketTests"; "a run goes on" ]
    [ "WebSocketTests"; "rows(1,\"a|b\",True)" ]
    [ "alone" ]
]

/// Which of the names an expression leaves, by their places.
let private left expression =
    match Filter.parse expression with
    | Error message -> failtest message
    | Ok filter -> [
        for place, name in List.indexed names do
            if Filter.matches filter name then
                place
      ]

let private refusal expression =
    match Filter.parse expression with
    | Ok filter -> failtest $"it was read as {Filter.print filter}"
    | Error message -> message

/// Simpler filters: parts of it, and the same with a part or a text that is simpler.
let rec private simpler (filter: Filter) : Filter seq =
    let shorter (text: string) =
        Shrinking.shorter (List.ofSeq text)
        |> Seq.filter (_.IsEmpty >> not)
        |> Seq.map (List.map string >> String.concat "")

    seq {
        match filter with
        | Contains(field, text) ->
            for text in shorter text do
                Contains(field, text)
        | Equals(field, text) ->
            Contains(field, text)

            for text in shorter text do
                Equals(field, text)
        | Not inner ->
            inner
            yield! simpler inner |> Seq.map Not
        | And(a, b) ->
            a
            b
            yield! Shrinking.both simpler simpler (a, b) |> Seq.map And
        | Or(a, b) ->
            a
            b
            yield! Shrinking.both simpler simpler (a, b) |> Seq.map Or
    }

/// Filters of any shape, with texts in which every sign occurs.
type internal Filters =
    static member Filter() : Arbitrary<Filter> =
        let sign = Gen.elements (List.ofSeq @"\()&|=!~ ab/.")
        let text = Gen.nonEmptyListOf sign |> Gen.map (List.map string >> String.concat "")
        let text = Gen.resize 6 text
        let field = Gen.elements [ Full; Display; Own ]

        let rec filter size =
            let leaf =
                Gen.oneof [
                    Gen.map2 (fun f t -> Contains(f, t)) field text
                    Gen.map2 (fun f t -> Equals(f, t)) field text
                ]

            if size <= 1 then
                leaf
            else
                let smaller = filter (size / 2)

                Gen.oneof [
                    leaf
                    Gen.map Not smaller
                    Gen.map2 (fun a b -> And(a, b)) smaller smaller
                    Gen.map2 (fun a b -> Or(a, b)) smaller smaller
                ]

        Arb.fromGenShrink (Gen.sized (fun size -> filter (min size 12)), simpler)

let private ofFilters name check = propertyWith 300 [ typeof<Filters> ] name check

let private found filter = names |> List.filter (Filter.matches filter) |> set

[<Tests>]
let tests =
    testList "FilterTests" [
        cases
            "an expression leaves the tests that it describes"
            [
                "FullyQualifiedName~ResumeTests", [ 0; 1 ]
                "FullyQualifiedName~SocketTests", [ 2; 3 ]
                "FullyQualifiedName~.SocketTests.", [ 2 ]
                "FullyQualifiedName~SocketTests.a run", [ 2 ]
                "FullyQualifiedName~SocketTests/a run", [ 2 ]
                "FullyQualifiedName~.alone", [ 4 ]
                "FullyQualifiedName=ResumeTests/a run goes on", [ 0 ]
                "FullyQualifiedName=ResumeTests.a run goes on", [ 0 ]
                "FullyQualifiedName=ResumeTests", []
                "FullyQualifiedName!=alone", [ 0; 1; 2; 3 ]
                "FullyQualifiedName!~Tests", [ 4 ]
                "Name~goes", [ 0; 2 ]
                "Name~Resume", []
                "Name=alone", [ 4 ]
                "Name=a limit of BTC/USDT", [ 1 ]
                "DisplayName~Resume", [ 0; 1 ]
                "DisplayName~ResumeTests.", []
                "socket", [ 2; 3 ]
                "!socket", [ 0; 1; 4 ]
                "Resume&limit", [ 1 ]
                "Resume|alone", [ 0; 1; 4 ]
                "Resume&limit|alone", [ 1; 4 ]
                "alone|Resume&limit", [ 1; 4 ]
                "(alone|Resume)&limit", [ 1 ]
                "!(alone|Resume)", [ 2; 3 ]
                "!alone&!Resume", [ 2; 3 ]
                "!!alone", [ 4 ]
                " ( Name ~ goes ) & Name !~ x ", [ 0; 2 ]
                @"rows\(1", [ 3 ]
                @"a\|b", [ 3 ]
                "nothing of this name", []
            ]
            (fun (expression, expected) -> Expect.equal (left expression) expected "")

        cases
            "an expression that means nothing is refused in one line"
            [
                "", "missing at position 1"
                "a&", "missing at position 3"
                "|a", "missing at position 1"
                "Name~", "missing at position 6"
                "(a", "a ')' is missing"
                "a)", "')' at position 2"
                "a(1)", @"write '\('"
                "Category~x", "'Category' is no property"
                "Name~b~c", "'~' at position 7"
                @"a\", "at the end"
                "a !", "'!' at position 3"
            ]
            (fun (expression, expected) ->
                let message = refusal expression
                Expect.stringContains message expected ""
                Expect.stringStarts message $"--filter '{expression}': " ""
                Expect.isFalse (message.Contains '\n') "more than one line")

        ofFilters "printing and parsing agree" (fun filter ->
            // What `!` stands before is written in one of two ways; both are read as the same.
            Filter.parse (Filter.print filter) = Ok filter)

        ofFilters "a filter and its negation share the tests out" (fun filter ->
            found (Not filter) = set names - found filter)

        ofFilters "and leaves what both leave, or what either does" (fun (a, b) ->
            found (And(a, b)) = Set.intersect (found a) (found b)
            && found (Or(a, b)) = found a + found b)

        ofFilters "signs bind as they are written, and binds more than or" (fun (a, b, c) ->
            let text = $"({Filter.print a})|({Filter.print b})&({Filter.print c})"
            Filter.parse text = Ok(Or(a, And(b, c))))

        testCase "a test without a name is left by a filter that excludes names" (fun () ->
            Expect.isFalse (Filter.matches (Contains(Own, "a")) []) ""
            Expect.isTrue (Filter.matches (Not(Equals(Own, "a"))) []) "")

        property "whatever is written, it is read or refused" (fun (expression: string | null) ->
            match Filter.parse (string expression) with
            | Ok _ -> true
            | Error message -> message <> "")
    ]
