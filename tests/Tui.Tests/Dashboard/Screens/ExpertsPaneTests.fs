namespace BtcBandit.Tui.Tests.Dashboard.Screens

open System
open System.Collections.Immutable
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

module ExpertsPaneTests =

    let private sample step best =
        ExpertSample(
            step,
            ImmutableArray.CreateRange [
                for place, horizon in List.indexed [ 1; 2; 15; 30 ] ->
                    ExpertStanding(
                        horizon,
                        float place / 100.0 - 0.01,
                        int64 (1_000 + place),
                        0.0,
                        float place / 2.0,
                        3.0,
                        (horizon = best),
                        false
                    )
            ]
        )

    let private why (evidence: float) required isOpen asked =
        String.Join(
            ' ',
            ExpertsPane.Why(sample 9L 15, Gate(evidence, required, isOpen), RunParameters(Evidence = asked))
        )

    let private drawn (model: ViewModel) width height =
        let frame = Frame(width, height)
        ExpertsPane.Draw(frame.Canvas, model)
        String.Join('\n', frame.Lines())

    let private model () =
        let history = Recorded.historyOf 500 Recorded.synthetic.Value
        let plain = Recorded.modelOf history (RunLog()) Recorded.archive (UiState()) 120
        ViewModel(plain.Recall, plain.Run, plain.Log, plain.Ui, Experts = [| sample 100L 30; sample 400L 15 |])

    [<Tests>]
    let tests =
        testList "ExpertsPaneTests" [
            testCase "each expert has what it has earned, its evidence, and the best is marked"
            <| fun () ->
                let shown = model ()
                let text = drawn shown 100 30
                let line (name: string) = text.Split '\n' |> Array.find (fun line -> line.Contains name)
                contains "-1.00 %" (line "1 candle ")
                contains "+1.00 %" (line "15 candles")
                contains "+2.00 %" (line "30 candles")
                contains " 1,002 " (line "15 candles")
                // 1 where 3 is asked for.
                contains "◀ best so far" (line "15 candles")
                lacks "◀" (line "30 candles")

            testCase "the experts of the moment are shown, or it says of which step they are"
            <| fun () ->
                let plain = model ()
                let before = [| sample 100L 15 |]

                contains
                    "as of step 100"
                    (drawn (ViewModel(plain.Recall, plain.Run, plain.Log, plain.Ui, Experts = before)) 100 30)

                let own =
                    Recall(
                        plain.Recall.Steps,
                        plain.Recall.Newest,
                        1L,
                        [||],
                        plain.Recall.Curve,
                        plain.Recall.Mix,
                        Experts = (sample 1L 30).Standings
                    )

                let text = drawn (ViewModel(own, plain.Run, plain.Log, plain.Ui, Experts = before)) 100 30
                lacks "as of step" text
                contains "best expert looks 30 candles ahead" text

            testCase "it says why money stays out, and what has to happen"
            <| fun () ->
                let text = why 1.0 3.0 false 3.0

                contains
                    "Money stays out: the best expert looks 15 candles ahead, and its evidence is 1.00 where 3.00 is asked for."
                    text

                contains
                    "Money follows an expert once its net gain by timing is 3.00 times what luck alone would bring"
                    text

            testCase "it says why money follows"
            <| fun () ->
                let followed = why 3.5 3.0 true 3.0
                contains "its evidence is 3.50, and money follows until that falls below 0." followed
                lacks "Until then nothing is lost" followed
                contains "no evidence is asked for" (why 0.1 0.0 true 3.0)
                contains "Practice: --evidence off follows the best expert at once" (why -1.0 0.0 true 0.0)

            testCase "an agent without experts is told how to have some"
            <| fun () ->
                let plain = model ()
                let without = ViewModel(plain.Recall, plain.Run, plain.Log, plain.Ui)
                contains "Nothing is known of the experts at this step." (drawn without 100 30)
                let history = Recorded.historyOf 500 Recorded.oneHorizon.Value
                let text = drawn (Recorded.modelOf history (RunLog()) Recorded.archive (UiState()) 120) 100 30
                contains "--agent linear-ts with --horizon auto" text
                // Some agents look at no horizon at all.
                lacks "horizon ahead" text

            testCase "what experts have earned is drawn where there is room, at any size without a fault"
            <| fun () ->
                contains "•" (drawn (model ()) 100 30)

                for width in [ 1; 5; 20; 40; 80; 300 ] do
                    for height in [ 1; 3; 8; 12; 80 ] do
                        drawn (model ()) width height |> ignore
        ]
