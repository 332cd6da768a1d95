namespace BtcBandit.Engine.Tests.Evaluation

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

module RunSummaryTests =

    let private benchmarks = (Benchmarks(FillMoment.NextOpen, null, 0.0)).Snapshot()

    let private summaryOf timeframe portfolio statistics speed =
        RunSummary.Of(timeframe, 99L, statistics, portfolio, benchmarks.Results, Make.parameters, "sma:14", speed)

    let private timeframeOf name =
        match Timeframe.TryParse name with
        | true, found -> found
        | _ -> failwith name

    let private lengthOf timeframe = (timeframeOf timeframe).Milliseconds

    /// A run that holds one unit and no cash, through the closes of these candles, whose numbers may have holes.
    let private holdAt timeframe (start: float) (closes: (int * float) list) =
        let portfolio = Portfolio(0.0, 1.0, 0.0, 0.0, 3.0, 2.0)
        let none: Fill | null = null

        let statistics =
            (RunStatistics.StartWith start, closes)
            ||> List.fold (fun statistics (index, close) ->
                let candle = Make.candle (Candles.newYear + int64 index * lengthOf timeframe) close close
                statistics.With(&candle, portfolio, none, Nullable 0.25, Costs.None, false))

        summaryOf (timeframeOf timeframe) portfolio statistics (Nullable 12.5)

    /// The same without holes; the first close is what it starts with.
    let private hold timeframe (closes: float list) = holdAt timeframe closes.Head (List.indexed closes.Tail)

    let private zigzag count = [ for index in 0..count -> 100.0 + float (index % 3) ]

    let private isNull (value: Nullable<'value>) = equal false value.HasValue

    let private near = isNearPercent 1e-10

    [<Tests>]
    let tests =
        testList "RunSummaryTests" [
            testCase "a hand-computed run"
            <| fun () ->
                // Returns +10 %, -20 %, +25 %; a day is a candle.
                let summary = hold "1d" [ 100.0; 110.0; 88.0; 110.0 ]
                equal (99L, 3L) (summary.Candles, summary.Steps)
                equal Candles.newYear summary.FirstOpenTime.Value
                equal (Candles.newYear + 2L * 86_400_000L) summary.LastOpenTime.Value
                equal (100.0, 110.0) (summary.InitialEquity, summary.FinalEquity)
                near 0.1 summary.TotalReturn
                near 0.2 summary.MaxDrawdown
                // Mean 0.05; squared deviations 0.0025 + 0.0625 + 0.04 = 0.105, over 2.
                near (0.05 / sqrt 0.0525 * sqrt 365.0) summary.Sharpe.Value
                // The one loss of 0.2, over all three.
                near (0.05 / sqrt (0.04 / 3.0) * sqrt 365.0) summary.Sortino.Value
                // A day is a step.
                near summary.Sharpe.Value summary.SharpeDaily.Value
                near summary.Sortino.Value summary.SortinoDaily.Value
                near 1.0 summary.Exposure.Value
                near 0.75 summary.CumulativeReward
                // It buys 100 / 88 at the second open, and 110 / 88 is left of it.
                near 0.25 summary.BuyAndHoldReturn.Value
                equal (3.0, 2.0, 12.5) (summary.FeesPaid, summary.SlippagePaid, summary.CandlesPerSecond.Value)
                equal (1L, "linear-ts") (summary.Seed, summary.Agent)
                equal "sma:14" summary.Indicators

            testCase "growth per year by hand"
            <| fun () ->
                // Doubled in 365 days; 21 % in two years are 10 % a year.
                let over days (last: float) = hold "1d" [ for i in 0..days -> if i = days then last else 100.0 ]
                isNear 1e-9 1.0 ((over 365 200.0).Cagr.Value)
                isNear 1e-9 0.1 ((over 730 121.0).Cagr.Value)
                // Investopedia's example: 10,000 dollars become 19,000 in three years, 23.86 % a year.
                isNear 5e-5 0.2386 ((over 1_095 190.0).Cagr.Value)
                isNear 1e-9 (-0.5) ((over 365 50.0).Cagr.Value)
                equal (Nullable 0.0) (over 365 100.0).Cagr

            cases "growth per year is of the time, whatever the timeframe" [ "1m", 2_880; "1h", 48; "1d", 2 ]
            <| fun (timeframe: string, count: int) ->
                let closes = [ for i in 0..count -> if i < count then 100.0 else 102.0 ]
                let expected = Math.Pow(1.02, 365.0 / 2.0) - 1.0
                isNear (1e-12 * expected) expected ((hold timeframe closes).Cagr.Value)

            testCase "volatility and Calmar by hand"
            <| fun () ->
                let summary = hold "1d" [ 100.0; 110.0; 88.0; 110.0 ]
                near (sqrt 0.0525 * sqrt 365.0) summary.Volatility.Value
                near (Math.Pow(1.1, 365.0 / 3.0) - 1.0) summary.Cagr.Value
                near ((Math.Pow(1.1, 365.0 / 3.0) - 1.0) / 0.2) summary.Calmar.Value
                // A loss has a negative ratio.
                near ((Math.Pow(0.8, 365.0 / 2.0) - 1.0) / 0.2) (hold "1d" [ 100.0; 100.0; 80.0 ]).Calmar.Value

            testCase "the Sharpe ratio is the mean return per year over the volatility"
            <| fun () ->
                for timeframe in [ "1m"; "1h"; "1d" ] do
                    let summary = hold timeframe (zigzag 2_000)

                    let returns =
                        zigzag 2_000
                        |> List.pairwise
                        |> List.map (fun (before, now) -> now / before - 1.0)

                    let perYear = 365.0 * 86_400_000.0 / float (lengthOf timeframe)
                    let expected = List.average returns * perYear / summary.Volatility.Value
                    isNear (1e-9 * abs expected) expected summary.Sharpe.Value

            testCase "nothing per year is made up"
            <| fun () ->
                let short = hold "1m" (zigzag 1_439)
                isNull short.Cagr
                isNull short.Volatility
                isNull short.Calmar
                let day = hold "1m" (zigzag 1_440)
                holds (day.Cagr.HasValue && day.Volatility.HasValue && day.Calmar.HasValue)
                // One step has no deviation, a rising line no drawdown.
                isNull (hold "1d" [ 100.0; 99.0 ]).Volatility
                isNull (hold "1d" [ 100.0; 101.0; 102.0 ]).Calmar
                // A thousandfold on one day is 10^1095 a year.
                let jump = hold "1d" [ 1.0; 1_000.0 ]
                isNull jump.Cagr
                isNull jump.Calmar
                // A rate that a double holds, over a drawdown of a thousandth.
                let steep = hold "1d" [ 100.0; 99.9; 4_800.0 ]
                holds steep.Cagr.HasValue
                isNull steep.Calmar
                contains "\"calmar\": null" (steep.ToJson())

            testCase "round trips by hand"
            <| fun () ->
                let statistics =
                    RunStatistics(
                        InitialEquity = 1_000.0,
                        Equity = 1_000.0,
                        Steps = 10L,
                        Trades = 9L,
                        RoundTrips = 4L,
                        Wins = 3L,
                        GrossProfit = 30.0,
                        GrossLoss = 12.0,
                        InvestedSteps = 2L,
                        Turnover = 8.5
                    )

                let summary = summaryOf Timeframe.OneMinute (Portfolio.WithCash 1_000.0) statistics (Nullable())
                equal (9L, 4L) (summary.Trades, summary.RoundTrips)
                equal 0.75 summary.WinRate.Value
                equal 2.5 summary.ProfitFactor.Value
                equal (10.0, 12.0) (summary.AverageWin.Value, summary.AverageLoss.Value)
                equal 0.2 summary.Exposure.Value
                equal 8.5 summary.Turnover
                isNull summary.CandlesPerSecond

            testCase "without a step nothing is made up"
            <| fun () ->
                let start = RunStatistics.StartWith 1_000.0
                let summary = summaryOf Timeframe.OneMinute (Portfolio.WithCash 1_000.0) start (Nullable())
                isNull summary.FirstOpenTime
                isNull summary.LastOpenTime
                isNull summary.BuyAndHoldReturn
                isNull summary.MaCrossReturn
                isNull summary.Sharpe
                isNull summary.Sortino
                isNull summary.SharpeDaily
                isNull summary.SortinoDaily
                isNull summary.WinRate
                isNull summary.ProfitFactor
                isNull summary.AverageWin
                isNull summary.AverageLoss
                isNull summary.Cagr
                isNull summary.Volatility
                isNull summary.Calmar
                isNull summary.Exposure
                isNull summary.Regret
                isNull summary.CandlesPerSecond
                equal (0.0, 0.0) (summary.TotalReturn, summary.MaxDrawdown)

            testCase "nothing is annualised from less than a day"
            <| fun () ->
                let short, day = hold "1m" (zigzag 1_439), hold "1m" (zigzag 1_440)
                isNull short.Sharpe
                isNull short.Sortino
                holds (day.Sharpe.HasValue && day.Sortino.HasValue)

            testCase "the same returns per candle are annualised by the timeframe"
            <| fun () ->
                let sharpe timeframe = (hold timeframe (zigzag 2_000)).Sharpe.Value
                let sortino timeframe = (hold timeframe (zigzag 2_000)).Sortino.Value

                for timeframe, perYear in
                    [ "1m", 525_600.0; "5m", 105_120.0; "1h", 8_760.0; "4h", 2_190.0; "1d", 365.0 ] do
                    near (sqrt (perYear / 365.0) * sharpe "1d") (sharpe timeframe)
                    near (sqrt (perYear / 365.0) * sortino "1d") (sortino timeframe)

            testCase "without holes the steps of a year are those of the timeframe, to the last bit"
            <| fun () ->
                for count in [ 1_440; 1_441; 10_007; 44_640 ] do
                    let summary = hold "1m" (zigzag count)

                    let returns =
                        zigzag count
                        |> List.pairwise
                        |> List.map (fun (before, now) -> now / before - 1.0)

                    // Welford (1962).
                    let next (mean, squares) (index, change) =
                        let deviation = change - mean
                        let mean = mean + deviation / float (index + 1)
                        mean, squares + deviation * (change - mean)

                    let mean, squares = List.fold next (0.0, 0.0) (List.indexed returns)
                    let ratio = mean / sqrt (squares / float (count - 1))
                    equal (ratio * sqrt (365.0 * 24.0 * 60.0 * 60_000.0 / 60_000.0)) summary.Sharpe.Value

            /// The same returns in ten times the time: the year has a tenth of them.
            testCase "missing candles do not raise the ratios"
            <| fun () ->
                let closes = (zigzag 2_000).Tail
                let dense = holdAt "1m" 100.0 (List.indexed closes)
                let sparse = holdAt "1m" 100.0 (closes |> List.mapi (fun index close -> 10 * index, close))
                // From the first open to the last close: the last nine minutes of ten are missing.
                let share = 2_000.0 / float (10 * 1_999 + 1)
                near (dense.Sharpe.Value * sqrt share) sparse.Sharpe.Value
                near (dense.Sortino.Value * sqrt share) sparse.Sortino.Value

            /// Equity that is known at every candle is the same equity where nine of ten are missing, so its ratio is nearly the same.
            testCase "on a tenth of the minutes the ratio is about that of all"
            <| fun () ->
                let change index = 1e-6 + 1e-3 * (CounterRandom.Uniform(7L, 1, int64 index) - 0.5)

                let closes =
                    [ 0..200_000 ]
                    |> List.scan (fun close index -> close * (1.0 + change index)) 100.0
                    |> List.indexed

                let all = holdAt "1m" 100.0 closes
                let tenth = holdAt "1m" 100.0 (closes |> List.filter (fun (index, _) -> index % 10 = 9 || index = 0))
                isNear (0.05 * abs all.Sharpe.Value) all.Sharpe.Value tenth.Sharpe.Value
                isNear (0.05 * abs all.SharpeDaily.Value) all.SharpeDaily.Value tenth.SharpeDaily.Value

            testCase "a flat line has no ratio, a rising one no downside, one step no variance"
            <| fun () ->
                let flat = hold "1d" [ 100.0; 100.0; 100.0 ]
                isNull flat.Sharpe
                isNull flat.Sortino
                let rising = hold "1d" [ 100.0; 101.0; 103.0 ]
                holds rising.Sharpe.HasValue
                isNull rising.Sortino
                isNull (hold "1d" [ 100.0; 99.0 ]).Sharpe

            testCase "no round trip has no win rate, and no loss no profit factor"
            <| fun () ->
                isNull (hold "1d" [ 100.0; 101.0 ]).WinRate
                isNull (hold "1d" [ 100.0; 101.0 ]).ProfitFactor

                let wins =
                    RunStatistics(InitialEquity = 1.0, Equity = 1.0, RoundTrips = 1L, Wins = 1L, GrossProfit = 3.0)

                let won = summaryOf Timeframe.OneMinute (Portfolio.WithCash 1.0) wins (Nullable())
                isNull won.ProfitFactor
                isNull won.AverageLoss
                equal 3.0 won.AverageWin.Value
                let lost = RunStatistics(InitialEquity = 1.0, Equity = 1.0, RoundTrips = 2L, GrossLoss = 3.0)
                let lost = summaryOf Timeframe.OneMinute (Portfolio.WithCash 1.0) lost (Nullable())
                isNull lost.AverageWin
                equal 1.5 lost.AverageLoss.Value

            testCase "the JSON object has exactly these fields, in this order"
            <| fun () ->
                let expected =
                    "candles, steps, first_open_time, last_open_time, initial_equity, final_equity, total_return, \
                     buy_and_hold_return, ma_cross_return, cagr, volatility, max_drawdown, calmar, sharpe, sortino, sharpe_daily, sortino_daily, \
                     trades, round_trips, win_rate, \
                     profit_factor, average_win, average_loss, fees_paid, slippage_paid, exposure, turnover, cumulative_reward, regret, \
                     candles_per_second, seed, indicators, agent"

                let text = (hold "1d" [ 100.0; 110.0 ]).ToJson()
                use json = JsonDocument.Parse text
                let fields = [ for property in json.RootElement.EnumerateObject() -> property.Name ]
                equal expected (String.Join(", ", fields))
                equal JsonValueKind.Null (json.RootElement.GetProperty("regret").ValueKind)
                equal 3.0 (json.RootElement.GetProperty("fees_paid").GetDouble())
        ]
