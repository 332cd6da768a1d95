namespace BtcBandit.Web.Tests

open System
open Deque.AxeCore.Playwright
open Microsoft.Playwright
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared

/// Everyone can use the page: what axe finds, and what the keyboard reaches.
module AccessTests =

    let private count = 9_000

    let private opened = Opening.page count

    // The package brings axe into the page and asks it once; every further view asks the same axe, which is quicker.
    let private check (visit: Visit) (view: string) =
        if not (visit.Eval<bool> "'axe' in window") then
            let found = await (visit.Page.RunAxe())
            Expect.isEmpty [ for violation in found.Violations -> violation.Id ] view

        let found =
            visit.Json
                "await axe.run(document, { resultTypes: ['violations'] }).then(({ violations, passes }) => ({ violations: violations.map(v => `${v.id}: ${v.nodes.map(n => n.html)}`), passes: passes.length }))"

        let violations = [
            for each in found.GetProperty("violations").EnumerateArray() -> each.GetString()
        ]

        Expect.isEmpty violations view
        Expect.isGreaterThan (found.GetProperty("passes").GetInt32()) 10 "axe has looked at nothing"

    let private dialogs (visit: Visit) check =
        visit.Click "#b-menu"
        check "indicators"
        visit.Press "Escape"

        for button, dialog in [ "#b-run", "this run"; "#b-help", "keys"; "#b-go", "go to a date" ] do
            visit.Click button
            check dialog
            visit.Press "Escape"

        visit.Click "#b-help"
        visit.Click "#b-about2"
        check "licences"
        visit.Press "Escape"

    // Everything that can have the focus, as the order of the Tab key should have it; one row of the table stands for all.
    let private focusable (visit: Visit) (root: string) =
        visit.Eval<string[]>
            $"(() => {{ window.names ??= new Map(); return [...document.querySelectorAll('{root} :is(a[href], button, input, select, textarea, summary, [tabindex])')].filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({{ visibilityProperty: true }}) && !e.classList.contains('skip')).map(e => {{ if (!names.has(e)) names.set(e, (e.id || e.textContent.trim().slice(0, 20) || e.tagName) + '#' + names.size); return names.get(e); }}); }})()"

    // Where the focus is, and how it shows: name, whether an outline is drawn, whether it is in the window.
    let private focused (visit: Visit) =
        let at =
            visit.Json
                "(e => { const s = getComputedStyle(e), r = e.getBoundingClientRect(); return [names.get(e) ?? e.tagName, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, r.right > 0 && r.left < innerWidth && r.bottom > 0 && r.top < innerHeight, e.classList.contains('skip')]; })(document.activeElement)"

        at[0].GetString() |> nonNull, at[1].GetBoolean(), at[2].GetBoolean(), at[3].GetBoolean()

    let private tabThrough (visit: Visit) presses = [
        for _ in 1..presses do
            visit.Press "Tab"
            let name, isVisible, isInside, isSkip = focused visit

            if name <> "BODY" && name <> "HTML" && not isSkip then
                Expect.isTrue isVisible $"{name} does not show its focus"
                Expect.isTrue isInside $"{name} has the focus out of sight"
                name
    ]

    [<Tests>]
    let tests =
        testList "AccessTests" [
            cases "axe finds nothing on any view" [ "dark"; "light" ]
            <| fun (theme: string) ->
                let served, visit = opened (Screens.named theme)
                use served = served
                use visit = visit
                let check = check visit
                check "main"
                dialogs visit check
                visit.Click "#filters button[value=win]"
                visit.Click "#trades tbody tr:not(.gap)"
                visit.Until "document.getElementById('why-step').textContent.includes('kept')"
                check "a kept step, with the crosshair"
                visit.Click "#b-focus"
                check "only the chart"
                visit.Click "#b-focus"
                (served :> IDisposable).Dispose()
                visit.Until "document.getElementById('link').dataset.state === 'lost'"
                check "a lost connection"

            cases "axe finds nothing on any view of a phone" [ "phone"; "light phone" ]
            <| fun (screen: string) ->
                let served, visit = opened (Screens.named screen)
                use served = served
                use visit = visit
                let check = check visit
                check "chart"
                dialogs visit check

                for view in [ "run"; "trades"; "chart" ] do
                    visit.Click $"#tabs [data-view={view}]"
                    check view

                visit.Click "#b-why"
                visit.Pause 400
                check "why"

            testCase "the Tab key reaches everything, and shows where it is"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                let wanted = focusable visit "body"
                isAbove 30 wanted.Length
                let reached = tabThrough visit (wanted.Length + 4)
                equal [] (List.ofArray wanted |> List.except reached)
                // Ten thousand rows are one stop.
                equal 1 (visit.Eval<int> "document.querySelectorAll('#trades tbody [tabindex=\"0\"]').length")
                visit.IsSound()

            testCase "a dialog keeps the focus, and Escape gives it back"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit

                for key, dialog, button in [ "r", "d-run", "b-run"; "?", "d-help", "b-help"; "g", "d-go", "b-go" ] do
                    visit.Eval<unit> $"document.getElementById('{button}').focus()"
                    visit.Press "Enter"
                    visit.Until $"document.getElementById('{dialog}').open"
                    let wanted = focusable visit $"#{dialog}"
                    // A date has a stop for each of its parts.
                    let reached = tabThrough visit (2 * wanted.Length + 8)
                    equal [] (List.ofArray wanted |> List.except reached)
                    equal [] (reached |> List.except wanted)
                    visit.Press "Escape"
                    equal false (visit.Eval<bool> $"document.getElementById('{dialog}').open")
                    equal button (visit.Eval<string> "document.activeElement.id")
                    visit.Press key
                    visit.Until $"document.getElementById('{dialog}').open"
                    visit.Press "Escape"

                visit.IsSound()

            testCase "the chart is moved, read and asked by keys"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                visit.Eval<unit> "document.getElementById('chart').focus()"

                let range () =
                    let range = visit.Json "btcbandit.market.chart.range"
                    range.GetProperty("from").GetDouble(), range.GetProperty("to").GetDouble()

                let press key =
                    visit.Press key
                    visit.Pause 60

                let width (from, until) = until - from
                let before = range ()
                press "ArrowLeft"
                let moved = range ()
                isBelow (fst before) (fst moved)
                isNear 0.5 (width before) (width moved)
                press "ArrowUp"
                isBelow (width before - 1.0) (width (range ()))
                press "End"
                visit.Until "btcbandit.market.view.isFollowing"
                press "Shift+ArrowLeft"
                visit.Until "btcbandit.market.chart.at !== null"
                let at = visit.Eval<int> "btcbandit.market.chart.at"
                press "Shift+ArrowLeft"
                equal (at - 1) (visit.Eval<int> "btcbandit.market.chart.at")
                visit.Until "document.getElementById('spoken').textContent.includes('close ')"
                press "Enter"
                visit.Until "document.getElementById('why-step').textContent.includes('kept')"
                press "Escape"
                visit.Until "!document.getElementById('why-step').textContent.includes('kept')"
                press "Home"
                visit.Until "btcbandit.bars.isAtStart && btcbandit.market.view.stick === Infinity"
                press "4"
                visit.Until "btcbandit.bars.span === 3600000"
                press "0"
                visit.Until "btcbandit.market.view.span === null"
                press "f"
                equal false (visit.Sees ".side")
                press "f"
                equal true (visit.Sees ".side")
                press "l"
                equal "true" (visit.Eval<string> "document.getElementById('b-log').ariaPressed")
                visit.IsSound()

            testCase "arrows go through the table row by row, and Enter shows the candle of one"
            <| fun () ->
                let served, visit = opened (Screens.dark ())
                use served = served
                use visit = visit
                visit.Eval<unit> "document.querySelector('#trades tbody tr[tabindex=\"0\"]').focus()"

                for _ in 1..30 do
                    visit.Press "ArrowDown"

                let fills = RealRun.fills count |> List.rev
                let step, time, _, _, _ = fills[30]
                equal "32" (visit.Eval<string> "document.activeElement.ariaRowIndex")
                visit.Press "Enter"
                // The order was given at the close before.
                let number = (step - 1L).ToString("N0", Globalization.CultureInfo.InvariantCulture)
                visit.Until $"document.getElementById('why-step').textContent.includes('kept · step {number}')"

                visit.Until
                    $"btcbandit.bars.time[btcbandit.market.chart.at] <= {time} && btcbandit.bars.time[btcbandit.market.chart.at] + btcbandit.bars.span > {time}"

                visit.Press "End"
                equal (string (fills.Length + 1)) (visit.Eval<string> "document.activeElement.ariaRowIndex")
                visit.IsSound()
        ]
