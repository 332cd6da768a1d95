namespace BtcBandit.Engine.Tests.Watching

open System
open System.Runtime.CompilerServices
open System.Threading
open System.Threading.Tasks
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

/// Lists that grow while others read them.
module ColumnTests =

    let private add<'value
        when 'value: unmanaged and 'value: struct and 'value: (new: unit -> 'value) and 'value :> ValueType>
        (column: Column<'value>)
        (value: 'value)
        =
        column.Add &value

    /// Sizes around the borders of chunks, of which the table holds four at first.
    let private sizes =
        Gen.oneof [
            Gen.choose (0, 50)
            Gen.elements [ 1_023; 1_024; 1_025; 2_048; 4_095; 4_096; 4_097; 8_192; 8_193; 9_000 ]
        ]
        |> fun sizes -> Arb.fromGenShrink (sizes, Shrinking.towards 0)

    [<Tests>]
    let tests =
        testList "ColumnTests" [
            // Here and below few: the sizes that matter are ten.
            propertyOf 60 "a column is a list"
            <| fun () ->
                Prop.forAll sizes (fun size ->
                    let column = Column<int64>()

                    for i in 1..size do
                        add column (int64 i * 3L)
                        equal i column.Count

                    equal [ for i in 1..size -> int64 i * 3L ] [ for i in 0 .. size - 1 -> column[i] ])

            propertyOf 60 "a value never moves"
            <| fun () ->
                Prop.forAll sizes (fun size ->
                    let column = Column<int64>()
                    add column 7L
                    let place = &column[0]

                    for i in 1..size do
                        add column (int64 i)

                    holds (Unsafe.AreSame(&place, &column[0])))

            property "the first value that is not below a wanted one is found among those that are seen"
            <| fun (values: int list) (wanted: int) ->
                let values = List.sort values
                let column = Column<int>()

                for value in values do
                    add column value

                for seen in 0 .. values.Length do
                    let expected =
                        values
                        |> List.truncate seen
                        |> List.filter (fun value -> value < wanted)
                        |> List.length

                    equal expected (column.FirstNot(seen, (fun value -> value < wanted)))

            propertyOf 60 "rows have all their numbers, in single precision, and none where there was none"
            <| fun () ->
                Prop.forAll sizes (fun size ->
                    let rows = FloatRows 3

                    for i in 1..size do
                        // A row of one, two, three and four numbers, and of none.
                        rows.Add(ReadOnlySpan [| for column in 1 .. i % 5 -> 0.1 * float (column * i) |])

                    for i in 1..size do
                        let expected = [
                            for column in 1..3 -> if column <= i % 5 then float32 (0.1 * float (column * i)) else nanf
                        ]

                        equal (List.map string expected) [ for value in rows[i - 1].ToArray() -> string value ])

            testCase "rows without numbers can be kept"
            <| fun () ->
                let rows = FloatRows 0

                for _ in 1..3_000 do
                    rows.Add(ReadOnlySpan [||])

                equal 0 rows[2_999].Length

            testCase "whoever reads below a published count sees what was written"
            <| fun () ->
                let count = 300_000
                let column, rows = Column<struct (int * int64 * int)>(), FloatRows 2
                let published = ref 0
                let wrong = ref 0

                let reader () =
                    let mutable at = 0

                    while at < count do
                        let seen = Volatile.Read &published.contents

                        // The newest values, and one that is old.
                        for i in [ seen - 1; seen - 2; at; seen / 2 ] do
                            if i >= 0 && i < seen then
                                let struct (one, two, three) = column[i]
                                let row = rows[i]

                                if
                                    (one, two, three) <> (i, int64 -i, i)
                                    || row[0] <> float32 i
                                    || row[1] <> float32 -i
                                then
                                    Interlocked.Increment &wrong.contents |> ignore

                        at <- seen

                let readers = [ for _ in 1..2 -> Task.Run reader ]

                for i in 0 .. count - 1 do
                    add column (struct (i, int64 -i, i))
                    rows.Add(ReadOnlySpan [| float i; float -i |])
                    Volatile.Write(&published.contents, i + 1)

                Task.WaitAll(Array.ofList readers)
                equal 0 wrong.Value
        ]
