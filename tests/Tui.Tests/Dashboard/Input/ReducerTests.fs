namespace BtcBandit.Tui.Tests.Dashboard.Input

open System
open NUnit.Framework
open FsCheck
open FsCheck.FSharp
open BtcBandit.Indicators
open BtcBandit.Tui.Dashboard.Input
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

[<TestFixture>]
type ReducerTests() =

    let start = UiState().With(struct (10L, 500L), 4L)

    let press keys (state: UiState) = Seq.fold (fun state key -> Reducer.Reduce(state, key)) state keys

    let typed (text: string) state = press (Seq.map Key.Of text) state

    let reached =
        Gen.listOf (Gen.elements Recorded.keys)
        |> Gen.map (fun keys -> press keys start)

    let always law = Check.QuickThrowOnFailure(Prop.forAll (Arb.fromGen reached) law)

    let closed (state: UiState) = typed "" (state.Closed())

    [<Test>]
    member _.``whatever is pressed, the state can be shown``() =
        always (fun state ->
            state.ZoomPlace >= 0
            && state.ZoomPlace < UiState.Zooms.Count
            && state.Scroll >= 0
            && state.Page >= 0
            && state.Page < Pages.All.Count
            && (not state.At.HasValue || (state.At.Value >= 10L && state.At.Value < 500L)))

    [<Test>]
    member _.``the pages are a circle, forward and back``() =
        always (fun state ->
            let state = closed state
            let round = press (List.replicate Pages.All.Count (Key KeyName.Tab)) state
            let back = press [ Key KeyName.Tab; Key KeyName.BackTab ] state
            round.Page = state.Page && back.Page = state.Page)

    [<Test>]
    member _.``each page has a key that opens it from anywhere``() =
        equal Pages.All.Count (Pages.All |> Seq.distinctBy _.Key |> Seq.length)

        always (fun state ->
            Seq.indexed Pages.All
            |> Seq.forall (fun (place, page) -> (typed $"{page.Key}" (closed state)).Page = place))

    [<Test>]
    member _.``up and down scroll on pages that are lists, and zoom on the others``() =
        for place, page in Seq.indexed Pages.All do
            let before = UiState(Page = place).With(struct (10L, 500L), 4L)
            let after = press [ Key KeyName.Down ] before
            equal (page.IsList, not page.IsList) (after.Scroll = 1, after.ZoomPlace = 1)

    [<Test>]
    member _.``an overlay switched twice is as before``() =
        always (fun state ->
            let state = closed state

            OverlayGroups.All
            |> Seq.forall (fun (struct (_, key, _)) ->
                typed $"{key}{key}" state = state && typed $"{key}" state <> state))

    [<Test>]
    member _.``each group of overlays has one key, which does nothing else``() =
        let stated =
            [
                for recipe in Catalogue.BuiltIn.Recipes do
                    match recipe.Overlay with
                    | null -> ()
                    | overlay -> overlay.Key, overlay.Group
            ]
            |> List.distinct

        equal [ for struct (_, key, name) in OverlayGroups.All -> key, name ] stated
        Assert.That(List.map fst stated, Is.Unique, "two groups of overlays have the same key")
        Assert.That(List.map snd stated, Is.Unique, "a group of overlays has two keys")

        for struct (group, key, name) in OverlayGroups.All do
            let after = typed $"{key}" start
            let alone = after.Overlays = (start.Overlays ^^^ group) && typed $"{key}{key}" start = start

            let isFree =
                Reducer.CommandOf(start, Key.Of key) = Command.None
                && (Key.Of key).Move = KeyName.Character
                && not (Pages.Find key).HasValue

            Assert.That(
                alone && isFree,
                $"the key '{key}' of the overlays '{name}' means something else: choose another"
            )

    [<Test>]
    member _.``letters of vi move as arrows do``() =
        always (fun state ->
            [
                'h', KeyName.Left
                'l', KeyName.Right
                'k', KeyName.Up
                'j', KeyName.Down
                'g', KeyName.Home
                'G', KeyName.End
            ]
            |> List.forall (fun (letter, name) -> typed $"{letter}" state = press [ Key name ] state))

    [<Test>]
    member _.``back and forward in time end where they began``() =
        let back = typed "hhh" start
        equal (Nullable 497L) back.At
        equal (Nullable()) (typed "lll" back).At
        equal (Nullable 10L) (press [ Key KeyName.Home ] start).At
        equal (Nullable()) (press [ Key KeyName.Home; Key KeyName.End ] start).At

    [<Test>]
    member _.``keys ask of the run what the footer says``() =
        let command key = Reducer.CommandOf(start, Key.Of key)

        for key, expected in
            [
                ' ', Command.TogglePause
                'n', Command.SingleStep
                '+', Command.Faster
                '-', Command.Slower
                'w', Command.Save
                'q', Command.Quit
                'x', Command.None
            ] do
            equal expected (command key)

    [<Test>]
    member _.``a live run is ended only after a question``() =
        let live = start.Confirming()
        equal Command.None (Reducer.CommandOf(live, Key.Of 'q'))
        let asked = typed "q" live
        Assert.That(asked.AsksToQuit)
        equal Command.Quit (Reducer.CommandOf(asked, Key.Of 'y'))
        equal Command.None (Reducer.CommandOf(asked, Key.Of 'n'))
        Assert.That((typed "n" asked).AsksToQuit, Is.False)

    [<Test>]
    member _.``help takes all keys until it is closed``() =
        let help = typed "?" start
        equal help (typed "2z +" help)
        equal Command.None (Reducer.CommandOf(help, Key.Of 'q'))
        equal start (typed "?" help)
