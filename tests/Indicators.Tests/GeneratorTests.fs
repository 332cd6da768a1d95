namespace BtcBandit.Indicators.Tests

open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Laws

/// What a property shows when it does not hold: the smallest series and period that it does not hold for.
module GeneratorTests =

    /// What FsCheck brings a false claim down to.
    let private counterexample (cases: Arbitrary<'case>) (claim: 'case -> bool) : 'case =
        let mutable smallest = None

        let runner = {
            new IRunner with
                member _.OnStartFixture _ = ()
                member _.OnArguments(_, _, _) = ()
                member _.OnShrink(_, _) = ()

                member _.OnFinished(_, result) =
                    match result with
                    | TestResult.Failed(_, _, [ :? 'case as shrunk ], _, _, _, _) -> smallest <- Some shrunk
                    | _ -> ()
        }

        Check.One(Config.Quick.WithRunner runner, Prop.forAll cases claim)

        match smallest with
        | Some case -> case
        | None -> failwith "the claim was not seen to be false"

    let private smallest claim =
        let (CandleSeries candles) =
            counterexample (Arbitraries.Series()) (fun (CandleSeries candles) -> Array.forall claim candles)

        candles

    [<Tests>]
    let tests =
        testList "GeneratorTests" [
            testCase "a false claim about one candle comes back as one candle"
            <| fun () ->
                equal [| Market.candle 0L 1.0 1.0 1.0 1.0 0.0 |] (smallest (fun candle -> candle.Volume > 0.0))
                equal [| Market.candle 0L 1.0 1.0 1.0 1.0 1.0 |] (smallest (fun candle -> candle.Volume = 0.0))
                equal 1 (smallest (fun candle -> candle.High = candle.Low)).Length

            testCase "a false claim about two candles comes back as two"
            <| fun () ->
                let (CandleSeries candles) =
                    counterexample (Arbitraries.Series()) (fun (CandleSeries candles) ->
                        candles
                        |> Array.pairwise
                        |> Array.forall (fun (before, now) -> now.Close <= before.Close))

                equal 2 candles.Length

            testCase "a false claim about a period comes back as the least"
            <| fun () ->
                equal (Period 11) (counterexample (Arbitraries.Periods()) (fun (Period period) -> period <= 10))
        ]
