namespace BtcBandit.Tui.Tests.Dashboard.Drawing

open System
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Tests.Programs

/// Text that is broken into lines.
module WrappedTests =

    let private lines text width = List.ofSeq (Wrapped.Lines(text, width))

    let private solid (text: string) = text.Replace(" ", "")

    /// Words of 1 to 30 letters, with one space or more between them.
    let private sentences =
        gen {
            let letter = Gen.elements [ 'a'; 'Z'; '0'; '.'; '±'; '◀' ]
            let! words = Gen.listOf (Gen.choose (1, 30) |> Gen.bind (fun length -> Gen.listOfLength length letter))
            let! gaps = Gen.listOfLength words.Length (Gen.choose (0, 3))

            let parts = List.map2 (fun gap word -> String(' ', gap) + String(Array.ofList word)) gaps words

            return String.Join(' ', parts)
        }

    let private shorter (text: string) =
        Shrinking.shorter (List.ofSeq text)
        |> Seq.map (fun characters -> String(Array.ofList characters).TrimEnd())

    let private texts = Arb.fromGenShrink (sentences, shorter)

    let private scene = Shrinking.pair texts (Shrinking.between 1 60)

    // 500 cases, since few of them have a word that is as long as the line.
    let private keeps law = Check.One(Config.QuickThrowOnFailure.WithMaxTest 500, Prop.forAll scene law)

    [<Tests>]
    let tests =
        testList "WrappedTests" [
            testCase "text is broken between words"
            <| fun () ->
                equal [ "money stays"; "out" ] (lines "money stays out" 11)
                equal [ "money"; "stays"; "out" ] (lines "money stays out" 8)
                equal [ "supertrend_"; "distance x" ] (lines "supertrend_distance x" 11)

            testCase "text that fits stays as it is, also with spaces before it"
            <| fun () ->
                equal [ "  sma_distance" ] (lines "  sma_distance" 14)
                equal [ "" ] (lines "" 5)

            testCase "no line is wider than asked for"
            <| fun () -> keeps (fun (text, width) -> lines text width |> List.forall (fun line -> line.Length <= width))

            testCase "no character but spaces is lost, and their order stays"
            <| fun () -> keeps (fun (text, width) -> solid (String.Join("", lines text width)) = solid text)

            testCase "no word is broken that fits into a line"
            <| fun () ->
                keeps (fun (text, width) ->
                    let counts all = Array.countBy id all |> Map.ofArray
                    let shown = lines text width |> Array.ofList |> Array.collect words |> counts

                    words text
                    |> Array.filter (fun word -> word.Length <= width)
                    |> counts
                    |> Map.forall (fun word count ->
                        Map.tryFind word shown |> Option.exists (fun many -> many >= count)))

            testCase "no line ends where its next word has room"
            <| fun () ->
                keeps (fun (text, width) ->
                    lines text width
                    |> List.pairwise
                    |> List.forall (fun (above, below) ->
                        above.Length + 1 + (Array.head (below.Split ' ')).Length > width))

            testCase "a table with names and values of any length loses nothing, and is as wide as asked for"
            <| fun () ->
                let table = Shrinking.pair (Shrinking.listsOf 1 (Shrinking.pair texts texts)) (Shrinking.between 3 80)

                let law (rows: (string * string) list, width) =
                    let input = [| for name, value in rows -> struct (name, value) |]
                    let struct (column, shown) = Wrapped.Table(input, width)

                    let fits =
                        shown
                        |> Seq.forall (fun struct (name, value) ->
                            (value = "" || (name.Length <= column && column + value.Length <= width))
                            && name.Length <= width)

                    let text (rows: struct (string * string) seq) =
                        String.Join("", rows |> Seq.map (fun struct (name, value) -> solid (name + value)))

                    fits && text shown = text input

                // 300 cases: names have to be longer, and shorter, than half of the width.
                Check.One(Config.QuickThrowOnFailure.WithMaxTest 300, Prop.forAll table law)

            testCase "values stand beside their names, and below them where there is no room"
            <| fun () ->
                let rows = [| struct ("Reason", "explore, as the draw was the largest"); struct ("", "") |]
                let table width = Wrapped.Table(rows, width)

                let struct (column, wide) = table 30

                equal
                    (8,
                     [
                         struct ("Reason", "explore, as the draw")
                         struct ("", "was the largest")
                         struct ("", "")
                     ])
                    (column, List.ofSeq wide)

                let struct (column, narrow) = table 20

                equal
                    (2,
                     [
                         struct ("Reason", "")
                         struct ("", "explore, as the")
                         struct ("", "draw was the")
                         struct ("", "largest")
                     ])
                    (column, List.ofSeq narrow |> List.truncate 4)

            testCase "of texts that say the same, the first that fits is shown"
            <| fun () ->
                let first width = Wrapped.First(width, ReadOnlySpan [| "evidence 0.73"; "0.73"; "-" |])
                equal [ "evidence 0.73"; "0.73"; "0.73"; "-"; "-" ] (List.map first [ 13; 12; 4; 3; 0 ])

            testCase "two amounts keep their cents where both fit"
            <| fun () ->
                let both room = Figures.Both(1_037.114, -103.092, room, true)
                equal (struct ("+1,037.11", "-103.09")) (both 16)
                equal (struct ("+1,037", "-103")) (both 15)
                equal (struct ("1,037", "2")) (Figures.Both(1_037.114, 2.0, 11))
        ]
