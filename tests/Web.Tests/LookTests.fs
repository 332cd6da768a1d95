namespace BtcBandit.Web.Tests

open System
open System.Globalization
open Expecto
open BtcBandit.Tests.Shared

/// What the page shows of the past, and how it is kept.
module LookTests =

    let private count = 9_000

    let private opened () = Opening.page count (Screens.dark ())

    let private minute (time: int64) =
        DateTimeOffset
            .FromUnixTimeMilliseconds(time)
            .UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)

    [<Tests>]
    let tests =
        testList "LookTests" [
            testCase "a trade shows the reasons of the step that ordered it"
            <| fun () ->
                let served, visit = opened ()
                use served = served
                use visit = visit
                visit.Click "#trades tbody tr:not(.gap)"
                let step, _, _, _, _ = List.last (RealRun.fills count)
                let ordered = (step - 1L).ToString("N0", CultureInfo.InvariantCulture)
                visit.Until $"document.getElementById('why-step').textContent.includes('kept · step {ordered} ·')"
                let answer = served.Json $"/api/steps?since={step - 2L}&limit=1"
                let found = answer.GetProperty("steps").EnumerateArray() |> Seq.exactlyOne
                let action = string (found.GetProperty "action")
                differs "hold" action
                contains (action.ToUpperInvariant()) (visit.Text "#why-body")
                visit.IsSound()

            testCase "away from the newest candle the legend is of the last bar in sight, with its date"
            <| fun () ->
                let served, visit = opened ()
                use served = served
                use visit = visit
                let legend () = visit.Text "#legends p"
                let newest = visit.Eval<float> "btcbandit.bars.newest" |> int64
                lacks (minute newest) (legend ())

                visit.Eval<bool> "(btcbandit.market.chart.range = { from: 20.5, to: 60.5 }, true)"
                |> ignore
                // Other bars may be loaded for the new range.
                let shown = "document.querySelector('#legends p').textContent"
                let last = "btcbandit.market.chart.last"
                let words = $"new Date({last}).toISOString().slice(0, 16).replace('T', ' ')"
                visit.Until $"{last} < btcbandit.bars.newest - btcbandit.bars.span && {shown}.includes({words})"

                // Bars may still be coming: both are looked at in one moment.
                let close = $"btcbandit.bars.close[btcbandit.bars.time.indexOf({last})]"
                let price = $"{close}.toLocaleString('en-US', {{ minimumFractionDigits: 2, maximumFractionDigits: 2 }})"
                visit.Until $"{shown}.includes({words}) && {shown}.includes({price})"
                visit.IsSound()

            testCase "the picture says what it shows, above the chart"
            <| fun () ->
                let served, visit = opened ()
                use served = served
                use visit = visit

                let text =
                    visit.Eval<string>
                        "import('/js/picture.js').then(m => m.captionOf('BTC/USDT', 300000, Date.UTC(2024, 2, 9, 6), Date.UTC(2024, 2, 10, 6, 50)))"

                equal "BTC/USDT · 5m · 2024-03-09 06:00 to 2024-03-10 06:50 UTC · BtcBandit" text

                let height =
                    visit.Eval<int>
                        "import('/js/picture.js').then(m => { const plain = btcbandit.market.chart.picture(); return m.captioned(plain, 'x').height - plain.height; })"

                equal 26 height
                visit.IsSound()
        ]
