namespace BtcBandit.Tui.Tests.Dashboard.Model

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

module ViewModelTests =

    let private steps = lazy (Recorded.synthetic.Value |> Seq.truncate 10 |> List.ofSeq)

    let private timeOf number = steps.Value[number - 1].Candle.OpenTime

    /// A line about the candle of a step; one without a candle for 0.
    let private noteOf number : RunNote =
        if number = 0 then
            RunNote.Remark "said"
        else
            RunNote.NotFilled(timeOf number, "gate; hold")

    /// The steps whose lines are shown at a moment.
    let private shown (moment: int) (noted: int list) =
        let log = RunLog()

        for number in noted do
            log.Add(noteOf number)

        let history = Recorded.historyOf 100 steps.Value
        let ui = UiState(At = Nullable(int64 moment))
        let model = Recorded.modelOf history log Recorded.archive ui 20
        [ for line in model.LogAtMoment -> noted[int line.Number - 1] ]

    [<Tests>]
    let tests =
        testList "ViewModelTests" [
            testCase "at a moment of the past, the log has no line of a later candle"
            <| fun () ->
                equal [ 1; 3; 5 ] (shown 5 [ 1; 3; 5; 6; 8 ])
                equal [ 1; 3 ] (shown 4 [ 1; 3; 5; 6; 8 ])
                equal [] (shown 2 [ 3; 5; 6 ])
                equal [ 1; 3; 3 ] (shown 9 [ 1; 3; 3 ])
                equal [ 1; 5; 5 ] (shown 5 [ 1; 5; 5; 6; 6; 7 ])

            testCase "at the newest step it has every line"
            <| fun () -> equal [ 9; 1; 0; 10; 0 ] (shown 10 [ 9; 1; 0; 10; 0 ])

            testCase "a line without a candle is as old as the one before it"
            <| fun () ->
                equal [ 0; 1; 0 ] (shown 4 [ 0; 1; 0; 5; 0; 6; 0 ])
                equal [ 0; 0 ] (shown 1 [ 0; 0; 5; 0 ])

            /// The passes of a warm-up have the same candles, and all their lines are there.
            testCase "lines of an earlier pass stay, however late their candles"
            <| fun () ->
                equal [ 2; 6; 9; 1; 3 ] (shown 4 [ 2; 6; 9; 1; 3; 5; 8 ])
                equal [ 2; 6; 9; 0 ] (shown 1 [ 2; 6; 9; 0; 3; 5; 8 ])
                equal [ 2; 9; 9 ] (shown 5 [ 2; 9; 9; 6 ])
        ]
