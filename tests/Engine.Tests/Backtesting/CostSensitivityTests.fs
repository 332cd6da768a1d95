namespace BtcBandit.Engine.Tests.Backtesting

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Tests.Feeds

/// The fee at which a return becomes 0.
module CostSensitivityTests =

    let private of' points =
        CostSensitivity.Of [|
            for fee, result, trades in points -> CostPoint(fee, result, 0.0, trades, 0.0)
        |]

    let private kind points = let found = of' points in found.Kind, Option.ofNullable found.BreakEvenFeeBps

    [<Tests>]
    let tests =
        testList "CostSensitivityTests" [
            testCase "between two fees the return is a straight line"
            <| fun () ->
                // From 30 % at 2 bps to -10 % at 4 bps: three quarters of the way.
                equal
                    (BreakEvenKind.Found, Some 3.5)
                    (kind [ 0.0, 0.5, 9L; 2.0, 0.3, 9L; 4.0, -0.1, 9L; 8.0, -0.4, 9L ])

            testCase "a return of exactly 0 with trades is the break-even itself"
            <| fun () -> equal (BreakEvenKind.Found, Some 5.0) (kind [ 0.0, 0.5, 9L; 5.0, 0.0, 2L ])

            testCase "the first fall below 0 counts"
            <| fun () ->
                equal
                    (BreakEvenKind.Found, Some 1.0)
                    (kind [ 0.0, 0.1, 9L; 2.0, -0.1, 9L; 4.0, 0.1, 9L; 6.0, -0.1, 9L ])

            testCase "without a crossing it is said why"
            <| fun () ->
                equal (BreakEvenKind.NeverTrades, None) (kind [ 0.0, 0.0, 0L; 2.0, 0.0, 0L ])
                equal (BreakEvenKind.StopsTrading, None) (kind [ 0.0, 0.2, 9L; 2.0, 0.0, 0L ])
                equal (BreakEvenKind.AlwaysGains, None) (kind [ 0.0, 0.2, 9L; 2.0, 0.1, 9L ])
                equal (BreakEvenKind.AlwaysGains, None) (kind [ 0.0, -0.2, 9L; 2.0, 0.1, 9L ])
                equal (BreakEvenKind.NeverGains, None) (kind [ 0.0, -0.2, 9L; 2.0, -0.1, 9L ])
                equal (BreakEvenKind.NeverGains, None) (kind [ 0.0, -0.2, 9L; 2.0, 0.0, 0L ])
                equal (BreakEvenKind.AlwaysGains, None) (kind [ 0.0, 0.1, 9L ])

            testCase "the last gain is the fee before the one at which the gain ends"
            <| fun () ->
                let last points = (of' points).LastGainFeeBps |> Option.ofNullable
                equal (Some 3.0) (last [ 0.0, 0.2, 9L; 3.0, 0.1, 9L; 5.0, 0.0, 0L ])
                // It loses at the lowest fee, which is no gain.
                equal (Some 3.0) (last [ 0.0, -0.2, 9L; 3.0, 0.1, 9L; 5.0, 0.0, 0L; 7.0, 0.1, 3L; 9.0, 0.0, 0L ])
                equal (Some 3.0) (last [ 0.0, -0.2, 9L; 1.0, -0.1, 9L; 3.0, 0.1, 9L; 5.0, 0.0, 0L ])
                equal None (last [ 0.0, -0.2, 9L; 3.0, 0.1, 9L ])
                equal None (last [ 0.0, 0.0, 0L ])
        ]
