namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Laws

/// Prices and volumes up to the ends of what outputs are promised for, and beyond.
module LimitTests =

    let private everything =
        [
            yield! Catalogue.BuiltIn.Kinds
            "sma:1,wma:100,bb:7:1000,bb:7:0.001,bb:1,vwap:cumulative,vwap:7,vwap:1,sar:1000:1000,sar:0.00001:0.00001"
            "supertrend:7:1000,supertrend:7:0.001,trix:1,rsi:1,macd:1:2:1,roc:1,zscore:2,stdev:1"
        ]
        |> String.concat ","

    let private pushed (featureSet: FeatureSet) (run: FeatureSetRun) (candles: Candle seq) = [|
        for candle in candles do
            let row, vector =
                Array.zeroCreate featureSet.Columns.Length, Array.zeroCreate featureSet.Features.Length

            let ready = run.Push(&candle, Span row, Span vector)
            struct (ready, row, vector)
    |]

    /// All features within a limit, from the candle on with which the slowest, wma:100, has its window.
    let private staysWithin limit rows =
        equal (Array.init 401 (fun i -> i >= 99)) (rows |> Array.map (fun struct (ready, _, _) -> ready))

        rows[99..]
        |> all (fun struct (_, _, vector: float[]) -> vector |> Array.forall (fun feature -> abs feature <= limit))

    /// A market whose prices are spread over a range of magnitudes.
    let private market (least: float) (most: float) =
        let random = Random 5

        let between least most =
            let share = random.NextDouble()
            let power = share * Math.Log10 most + (1.0 - share) * Math.Log10 least
            max least (min most (Math.Pow(10.0, power)))

        [|
            for i in 0L .. 400L do
                let prices = Array.init 4 (fun _ -> between least most) |> Array.sort
                // Ends are met as well, also twice in a row.
                let low = if i % 7L = 0L then least else prices[0]
                let high = if i % 5L < 2L then most else prices[3]

                let volume = if i % 11L = 0L then 0.0 else between 1e-150 1e150
                Market.candle (i * 3_600_000L) prices[1] high low prices[2] volume
        |]

    [<Tests>]
    let tests =
        testList "LimitTests" [
            cases "outputs are finite from 1e-150 to 1e150, prices within a factor of 1e15" [
                1e135, 1e150
                1e150, 1e150
                1e-7, 1e8
                1e-150, 1e-135
                1e-150, 1e-150
            ]
            <| fun (least: float, most: float) ->
                let featureSet = FeatureSet.Of everything
                let rows = pushed featureSet (featureSet.Start()) (market least most)

                for struct (_, row, _) in rows do
                    for i in 0 .. row.Length - 1 do
                        Expect.isTrue (Double.IsFinite row[i]) featureSet.Columns[i]

                staysWithin 5.0 rows

            cases "beyond that features stay within their limits, and a saved state goes on" [
                1e153, 1e155
                1e-308, 1e308
                1e307, 1.7e308
                5e-324, 5e-324
                1e308, 1e308
            ]
            <| fun (least: float, most: float) ->
                let featureSet = FeatureSet.Of everything
                let candles = market least most
                let run = featureSet.Start()
                let before = pushed featureSet run candles[..199]
                let restored = featureSet.Restore(JsonDocument.Parse(run.Save().GetRawText()).RootElement)
                let after = pushed featureSet run candles[200..]

                staysWithin 5.0 (Array.append before after)
                // As text, in which NaN is equal to NaN.
                holds ($"%A{pushed featureSet restored candles[200..]}" = $"%A{after}")
                equal (run.Save().GetRawText()) (restored.Save().GetRawText())
        ]
