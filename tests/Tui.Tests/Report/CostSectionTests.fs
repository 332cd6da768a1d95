namespace BtcBandit.Tui.Tests.Report

open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Tui.Report
open BtcBandit.Tui.Tests.Programs

/// The break-even fee in words.
module CostSectionTests =

    let private why points =
        let sensitivity =
            CostSensitivity.Of [|
                for fee, result, trades in points -> CostPoint(fee, result, 0.0, trades, 0.0)
            |]

        let struct (fee, why) = CostSection.BreakEven sensitivity
        fee, why

    [<Tests>]
    let tests =
        testList "CostSectionTests" [
            testCase "no fee at which it loses is said to gain"
            <| fun () ->
                equal ("-", "gains up to 2 bps, then stays out") (why [ 0.0, 0.2, 9L; 2.0, 0.1, 5L; 3.0, 0.0, 0L ])
                equal ("-", "gains at 2 bps, then stays out") (why [ 0.0, -0.2, 9L; 2.0, 0.1, 5L; 3.0, 0.0, 0L ])
                equal ("> 2 bps", "gains at every fee tried") (why [ 0.0, 0.2, 9L; 2.0, 0.1, 5L ])
                equal ("> 2 bps", "gains at the highest fee tried") (why [ 0.0, -0.2, 9L; 2.0, 0.1, 5L ])
                equal ("-", "no gain, even at 0 bps") (why [ 0.0, -0.2, 9L; 2.0, -0.1, 5L ])
                equal ("3.5 bps", "per side, where the return is 0") (why [ 2.0, 0.3, 9L; 4.0, -0.1, 9L ])
        ]
