namespace BtcBandit.Tui.Tests.Dashboard.Drawing

open System
open NUnit.Framework
open FsCheck
open FsCheck.FSharp
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Tests.Programs

/// Text that is broken into lines.
[<TestFixture>]
type WrappedTests() =

    let lines text width = List.ofSeq (Wrapped.Lines(text, width))

    let solid (text: string) = text.Replace(" ", "")

    /// Words of 1 to 30 letters, with one space or more between them.
    let texts =
        gen {
            let letter = Gen.elements [ 'a'; 'Z'; '0'; '.'; '±'; '◀' ]
            let! words = Gen.listOf (Gen.choose (1, 30) |> Gen.bind (fun length -> Gen.listOfLength length letter))
            let! gaps = Gen.listOfLength words.Length (Gen.choose (0, 3))

            let parts = List.map2 (fun gap word -> String(' ', gap) + String(Array.ofList word)) gaps words

            return String.Join(' ', parts)
        }

    let shorter (text: string) =
        Shrinking.shorter (List.ofSeq text)
        |> Seq.map (fun characters -> String(Array.ofList characters).TrimEnd())

    let texts = Arb.fromGenShrink (texts, shorter)
    let scene = Shrinking.pair texts (Shrinking.between 1 60)

    // 500 cases, since few of them have a word that is as long as the line.
    let keeps law = Check.One(Config.QuickThrowOnFailure.WithMaxTest 500, Prop.forAll scene law)

    [<Test>]
    member _.``text is broken between words``() =
        equal [ "money stays"; "out" ] (lines "money stays out" 11)
        equal [ "money"; "stays"; "out" ] (lines "money stays out" 8)
        equal [ "supertrend_"; "distance x" ] (lines "supertrend_distance x" 11)

    [<Test>]
    member _.``text that fits stays as it is, also with spaces before it``() =
        equal [ "  sma_distance" ] (lines "  sma_distance" 14)
        equal [ "" ] (lines "" 5)

    [<Test>]
    member _.``no line is wider than asked for``() =
        keeps (fun (text, width) -> lines text width |> List.forall (fun line -> line.Length <= width))

    [<Test>]
    member _.``no character but spaces is lost, and their order stays``() =
        keeps (fun (text, width) -> solid (String.Join("", lines text width)) = solid text)

    [<Test>]
    member _.``no word is broken that fits into a line``() =
        keeps (fun (text, width) ->
            let counts all = Array.countBy id all |> Map.ofArray
            let shown = lines text width |> Array.ofList |> Array.collect words |> counts

            words text
            |> Array.filter (fun word -> word.Length <= width)
            |> counts
            |> Map.forall (fun word count -> Map.tryFind word shown |> Option.exists (fun many -> many >= count)))

    [<Test>]
    member _.``no line ends where its next word has room``() =
        keeps (fun (text, width) ->
            lines text width
            |> List.pairwise
            |> List.forall (fun (above, below) -> above.Length + 1 + (Array.head (below.Split ' ')).Length > width))

    [<Test>]
    member _.``a table with names and values of any length loses nothing, and is as wide as asked for``() =
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

    [<Test>]
    member _.``values stand beside their names, and below them where there is no room``() =
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

    [<Test>]
    member _.``of texts that say the same, the first that fits is shown``() =
        let first width = Wrapped.First(width, ReadOnlySpan [| "evidence 0.73"; "0.73"; "-" |])
        equal [ "evidence 0.73"; "0.73"; "0.73"; "-"; "-" ] (List.map first [ 13; 12; 4; 3; 0 ])

    [<Test>]
    member _.``two amounts keep their cents where both fit``() =
        let both room = Figures.Both(1_037.114, -103.092, room, true)
        equal (struct ("+1,037.11", "-103.09")) (both 16)
        equal (struct ("+1,037", "-103")) (both 15)
        equal (struct ("1,037", "2")) (Figures.Both(1_037.114, 2.0, 11))
