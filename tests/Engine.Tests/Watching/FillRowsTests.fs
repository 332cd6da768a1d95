namespace BtcBandit.Engine.Tests.Watching

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Watching.Rows

/// Executions, which share time and equity with their steps.
module FillRowsTests =

    let private reasons: (string | null)[] = [| null; "exploit"; "explore"; "gate" |]

    /// Steps from a number on, and the executions of those at which the gap is odd.
    let private filled (gaps: (int * int) list) first =
        let steps = rowsOf gaps first
        let rows = Column<StepRow>()
        let fills = FillRows(rows, first)

        let added = [
            for (number, row, value), (gap, _) in List.zip steps gaps do
                rows.Add &row

                if gap % 2 = 1 then
                    let profit = if gap % 3 = 0 then nan else value - 50.0

                    let fill =
                        FillRow(
                            number,
                            row.Time,
                            Double.IsNaN profit,
                            value,
                            value / 8.0,
                            0.25 * value,
                            0.125 * value,
                            profit,
                            row.Equity,
                            reasons[gap % 4]
                        )

                    fills.Add &fill
                    fill
        ]

        fills, added

    [<Tests>]
    let tests =
        testList "FillRowsTests" [
            // Here and below more than 100: what is seen and where a search begins are to meet.
            propertyOf 200 "an execution comes back as it was, with the time and the equity of its step"
            <| fun () ->
                Prop.forAll cases (fun (gaps, _, first, _, _, _) ->
                    let fills, added = filled gaps first
                    equal added.Length fills.Count
                    // Records with NaN are not equal to themselves, their texts are.
                    equal (List.map string added) [ for i in 0 .. fills.Count - 1 -> string fills[i] ])

            propertyOf 200 "searches look at as many executions as they are told to"
            <| fun () ->
                Prop.forAll cases (fun (gaps, seen, first, _, _, _) ->
                    let fills, added = filled gaps first
                    let shown = List.truncate seen added
                    let last = first + int64 gaps.Length

                    for step in [ 0L; first; first + int64 (seen / 2); last; Int64.MaxValue ] do
                        let before = shown |> List.filter (fun fill -> fill.Step < step) |> List.length
                        let until = shown |> List.filter (fun fill -> fill.Step <= step) |> List.length
                        equal (before, until) (fills.From(shown.Length, step), fills.After(shown.Length, step)))
        ]
