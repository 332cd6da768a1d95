namespace BtcBandit.Engine.Tests.Watching

open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Watching.Rows

/// Bars of several steps, which grow step by step.
module LevelTests =

    /// A level of some steps, and the numbers of steps of its bars.
    let private levelOf (span: BarSpan) steps =
        let level = Level span

        steps |> List.iteri (fun i (_, row: StepRow, _) -> level.Add(i, &row))

        let sizes =
            steps
            |> List.countBy (fun (_, row: StepRow, _) -> Naive.startOf span.Name row.Time)
            |> List.map snd

        level, sizes

    [<Tests>]
    let tests =
        testList "LevelTests" [
            // Here and below more than 100: borders of bars and of what is seen are to meet.
            propertyOf 200 "each step is in the bar of its time, and bars begin where the one before ended"
            <| fun () ->
                Prop.forAll cases (fun (gaps, _, _, _, _, _) ->
                    let steps = rowsOf gaps 1L

                    for span in Array.tail spans do
                        let level, sizes = levelOf span steps
                        let starts = List.scan (+) 0 sizes

                        for bar in 0 .. sizes.Length - 1 do
                            equal starts[bar] (level.StartOf bar)

                            for index in [ starts[bar]; starts[bar + 1] - 1 ] do
                                equal bar (level.BarOf index))

            propertyOf
                200
                "a bar counts as finished for whoever sees all of its steps, and when a step of the next one is there"
            <| fun () ->
                Prop.forAll cases (fun (gaps, seen, _, _, _, _) ->
                    let steps = rowsOf gaps 1L

                    for span in Array.tail spans do
                        let level, sizes = levelOf span steps
                        let ends = List.scan (+) 0 sizes |> List.tail
                        // The newest bar may go on.
                        let finished = List.truncate (ends.Length - 1) ends

                        equal
                            (finished |> List.filter (fun last -> last <= seen) |> List.length)
                            (level.FinishedBefore seen))

            propertyOf 200 "a finished bar is the sum of its steps"
            <| fun () ->
                Prop.forAll cases (fun (gaps, _, _, _, _, _) ->
                    let steps = rowsOf gaps 1L

                    for span in Array.tail spans do
                        let level, sizes = levelOf span steps
                        let bars = Naive.bars span.Name steps

                        for bar in 0 .. sizes.Length - 2 do
                            let sum, naive = level[bar], bars[bar]
                            let _, high, low, _ = naive.Prices

                            equal
                                (high, low, naive.Volume, naive.Drawdown)
                                (sum.High, sum.Low, sum.Volume, sum.Drawdown)

                            equal naive.Invested (float32 sum.Invested / float32 sizes[bar]))
        ]
