namespace BtcBandit.Engine.Tests.Journal

open System
open System.IO
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// Rows found by their numbers, against a list of them.
module StepIndexTests =

    /// The row of a step; rows have different lengths, also those of another run.
    let private row run (step: int) =
        let reason = String('x', (step * 7 + run * 3) % 23 + 1)
        $"{1_704_067_200_000L + 60_000L * int64 step},{step},hold,,,,,,{run},0,{1000 + step},0,0,0,{reason}\n"

    let private text run steps = String.Concat(TradesFile.Header + "\n" :: [ for step in 1..steps -> row run step ])

    let private write (folder: Temporary) (content: string) = File.WriteAllText(folder.File "trades.csv", content)

    let private append (folder: Temporary) (content: string) = File.AppendAllText(folder.File "trades.csv", content)

    let private indexOf (folder: Temporary) = StepIndex(folder.File "trades.csv")

    /// The numbers of rows, and the run that they are of.
    let private read (index: StepIndex) first count = [ for row in index.Read(first, count) -> row.Step, int row.Cash ]

    let private expected run steps first count = [
        for step in first .. min (first + int64 count - 1L) (int64 steps) -> step, run
    ]

    [<Tests>]
    let tests =
        testList "StepIndexTests" [
            // Few: each case writes up to 3,500 rows.
            propertyOf 60 "the rows of any steps are found, across the borders of 1,024 rows"
            <| fun () ->
                let steps = Shrinking.oneOf [ 0; 1; 5; 1_023; 1_024; 1_025; 2_047; 2_048; 2_049; 3_500 ]
                let counts = Shrinking.oneOf [ 1; 2; 10; 1_000; 1_025 ]

                let first =
                    Gen.oneof [
                        Gen.choose (1, 3_600)
                        Gen.elements [ 1; 1_023; 1_024; 1_025; 1_026; 2_048; 2_049 ]
                    ]

                let asked = Gen.zip first counts.Generator |> Gen.listOfLength 8
                let simpler = Shrinking.listOver 1 (Shrinking.both (Shrinking.towards 1) counts.Shrinker)
                let cases = Arb.fromGenShrink (Gen.zip steps.Generator asked, Shrinking.both steps.Shrinker simpler)

                Prop.forAll cases (fun (steps, asked) ->
                    use folder = new Temporary()
                    write folder (text 1 steps)
                    let index = indexOf folder

                    for first, count in asked do
                        equal (expected 1 steps (int64 first) count) (read index first count))

            testCase "rows that are appended later are found, and half a row is not"
            <| fun () ->
                use folder = new Temporary()
                write folder (text 1 1_023)
                let index = indexOf folder
                equal (expected 1 1_023 1_020L 10) (read index 1_020L 10)
                let torn = row 1 1_024
                append folder torn[..10]
                equal (expected 1 1_023 1_020L 10) (read index 1_020L 10)
                append folder torn[11..]
                equal (expected 1 1_024 1_020L 10) (read index 1_020L 10)

                for step in 1_025..2_100 do
                    append folder (row 1 step)

                equal (expected 1 2_100 1_020L 1_100) (read index 1_020L 1_100)

            testCase "a header that is not whole yet is none"
            <| fun () ->
                use folder = new Temporary()
                write folder TradesFile.Header[..5]
                let index = indexOf folder
                equal [] (read index 1L 10)
                write folder (text 1 3)
                equal (expected 1 3 1L 10) (read index 1L 10)

            testCase "after a rollback the file is read anew"
            <| fun () ->
                use folder = new Temporary()
                write folder (text 1 3_000)
                let index = indexOf folder
                equal (expected 1 3_000 2_990L 100) (read index 2_990L 100)
                write folder (text 1 1_500)
                equal [] (read index 2_990L 100)
                equal (expected 1 1_500 1_490L 100) (read index 1_490L 100)

                // It grows again, beyond where it was.
                for step in 1_501..3_100 do
                    append folder (row 1 step)

                equal (expected 1 3_100 2_990L 200) (read index 2_990L 200)

            testCase "another run's file, longer than the one before, is read anew"
            <| fun () ->
                use folder = new Temporary()
                write folder (text 1 2_100)
                let index = indexOf folder
                equal (expected 1 2_100 2_049L 5) (read index 2_049L 5)
                write folder (text 2 4_000)
                equal (expected 2 4_000 2_049L 5) (read index 2_049L 5)
                equal (expected 2 4_000 3_999L 5) (read index 3_999L 5)

            testCase "a damaged row ends what is found, and what lies before it is found"
            <| fun () ->
                use folder = new Temporary()
                write folder (text 1 1_100 + "not,a,row\n" + row 1 1_102)
                let index = indexOf folder
                equal (expected 1 1_100 1L 1_100) (read index 1L 1_100)
                equal [] (read index 1_101L 1)

            testCase "a file that is missing or of something else has no rows"
            <| fun () ->
                use folder = new Temporary()
                let index = indexOf folder
                equal [] (read index 1L 10)
                write folder ("time,price\n" + row 1 1)
                equal [] (read index 1L 10)
                write folder (text 1 2)
                equal (expected 1 2 1L 10) (read index 1L 10)
                File.Delete(folder.File "trades.csv")
                equal [] (read index 1L 10)

            testCase "rows that are not those of their steps are not returned"
            <| fun () ->
                use folder = new Temporary()
                // A file that begins with step 11.
                write folder (String.Concat(TradesFile.Header + "\n" :: [ for step in 11..30 -> row 1 step ]))
                let index = indexOf folder
                equal [] (read index 1L 5)
                equal [] (read index 11L 5)

            testCase "there is no step 0"
            <| fun () -> throws<ArgumentOutOfRangeException>(fun () -> StepIndex("x").Read(0L, 1) |> ignore)
        ]
