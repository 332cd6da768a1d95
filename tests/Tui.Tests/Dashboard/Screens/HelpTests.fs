namespace BtcBandit.Tui.Tests.Dashboard

open System
open NUnit.Framework
open BtcBandit.Tui.Dashboard.Input
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests

[<TestFixture>]
type HelpTests() =

    let keys = [ for struct (keys, means) in HelpPane.Keys -> keys, means ]

    [<Test>]
    member _.``the documentation lists the same keys``() =
        let rows =
            (Repository.read "docs/dashboard.md").Split '\n'
            |> Array.skipWhile ((<>) "## Keys")
            |> Array.skip 1
            |> Array.takeWhile (fun line -> not (line.StartsWith "## "))
            |> Array.filter _.StartsWith('|')
            |> Array.skip 2
            |> Array.map (fun row -> row.Trim('|').Split('|') |> Array.map _.Trim().Trim('`'))

        Assert.That([ for row in rows -> row[0], row[1] ], Is.EqualTo<(string * string) list> keys)

    /// One key of each kind in the list does something; the others are its neighbours.
    [<Test>]
    member _.``every character in the list does something``() =
        let characters =
            [
                for names, _ in keys do
                    for name in names.Split([| ' '; ',' |], StringSplitOptions.RemoveEmptyEntries) do
                        if name.Length = 1 && name[0] < '\u2190' then
                            name[0]
            ]

        Assert.That(characters, Has.Member('q').And.Member('?').And.Member('G'))

        let state page zoom =
            UiState(
                Page = Recorded.place page,
                ZoomPlace = zoom,
                At = Nullable 50L,
                Range = struct (1L, 100L),
                LogLines = 3L
            )

        let states = [ state "overview" 0; state "trades" 0; state "market" 1 ]

        for character in characters do

            let acts (before: UiState) =
                let key = Key.Of character

                Reducer.CommandOf(before, key) <> Command.None
                || Reducer.Reduce(before, key) <> before

            Assert.That(List.exists acts states, $"{character}")
