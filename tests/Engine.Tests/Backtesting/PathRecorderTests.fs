namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Globalization
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// A step by hand: only what the recorder looks at.
type Point = {
    OpenTime: int64
    Equity: float
    Price: float
    Position: float
    Costs: float
    Profit: float voption
    Buys: bool
    Action: TradeAction
}

module Points =
    let at (text: string) =
        DateTimeOffset
            .Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .ToUnixTimeMilliseconds()

    let still openTime equity = {
        OpenTime = openTime
        Equity = equity
        Price = 100.0
        Position = 0.0
        Costs = 0.0
        Profit = ValueNone
        Buys = false
        Action = TradeAction.Hold
    }

    let private header = Make.headerOf 1 Make.parameters
    let private benchmarks = (Benchmarks(FillMoment.NextOpen, null, 0.0)).Snapshot().Results

    let private fillOf (point: Point) : Fill | null =
        match point.Profit with
        | ValueSome profit -> Fill(TradeAction.Sell, point.OpenTime, point.Price, 1.0, 0.0, 0.0, Nullable profit)
        | ValueNone when point.Buys -> Fill(TradeAction.Buy, point.OpenTime, point.Price, 1.0, 0.0, 0.0, Nullable())
        | ValueNone -> null

    /// The steps of these points, in a run that starts with an equity.
    let steps (initial: float) (points: Point seq) =
        let mutable statistics = RunStatistics.StartWith initial

        [
            for index, point in Seq.indexed points do
                let candle = Make.candle point.OpenTime point.Price point.Price
                let fill = fillOf point
                let cash = point.Equity - point.Position * point.Price
                let portfolio = Portfolio(cash, point.Position, 0.0, 0.0, point.Costs, 0.5 * point.Costs)
                statistics <- statistics.With(&candle, portfolio, fill, Nullable(), Costs.None, false)

                Step(
                    Number = int64 index + 1L,
                    Observation =
                        Observation(
                            int64 index,
                            candle,
                            Collections.Immutable.ImmutableArray.Create 0.0,
                            Nullable(Collections.Immutable.ImmutableArray.Create 0.0),
                            0.001
                        ),
                    Header = header,
                    Decision =
                        Decision(
                            point.Action,
                            ActionValue.Certain(0.0, true),
                            ActionValue.Certain(0.0, true),
                            ActionValue.Certain(0.0, true)
                        ),
                    Fill = fill,
                    Portfolio = portfolio,
                    Reward = Nullable(),
                    Reason = "exploit",
                    Statistics = statistics,
                    Benchmarks = benchmarks
                )
        ]

    let record initial points =
        let recorder = PathRecorder()

        for step in steps initial points do
            recorder.Next step

        recorder.ToPath()

module PathRecorderTests =

    let private near (expected: float) (actual: float) = isNear (1e-12 * (1.0 + abs expected)) expected actual

    let private minute = Candles.minute

    /// A run of minutes, from an equity of 100.
    let private minutes (equities: (int * float) list) =
        Points.record 100.0 [
            for index, equity in equities -> Points.still (Candles.newYear + int64 index * minute) equity
        ]

    let private underWater equities = (minutes equities).LongestUnderWater

    let private trips (profits: float list) =
        Points.record 100.0 [
            for index, profit in List.indexed profits do
                let time = Candles.newYear + 2L * int64 index * minute
                { Points.still time 100.0 with Buys = true; Position = 1.0 }
                { Points.still (time + minute) 100.0 with Profit = ValueSome profit }
        ]

    let private show (months: RunMonth seq) = [ for month in months -> month.Year, month.Month, month.Steps ]

    [<Tests>]
    let tests =
        testList "PathRecorderTests" [
            testCase "months by hand: a year ends, whole months are missing, the first counts from the initial equity"
            <| fun () ->
                let path =
                    Points.record 1_000.0 [
                        Points.still (Points.at "2023-12-31T23:58") 990.0
                        // Buying and holding buys ten units here.
                        {
                            Points.still (Points.at "2023-12-31T23:59") 1_010.0 with
                                Buys = true
                                Position = 1.0
                                Costs = 1.0
                        }
                        {
                            Points.still (Points.at "2024-01-01T00:00") 1_111.0 with
                                Price = 110.0
                                Profit = ValueSome 5.0
                                Costs = 2.0
                        }
                        {
                            Points.still (Points.at "2024-01-31T23:59") 999.9 with
                                Price = 90.0
                                Buys = true
                                Position = 2.0
                                Costs = 3.0
                        }
                        {
                            Points.still (Points.at "2024-04-01T00:00") 1_199.88 with
                                Price = 99.0
                                Profit = ValueSome -3.0
                                Costs = 4.0
                        }
                    ]

                equal [ 2023, 12, 2L; 2024, 1, 2L; 2024, 4, 1L ] (show path.Months)
                let figures (of': RunMonth -> float) = [ for month in path.Months -> of' month ]

                let each (expected: float list) of' =
                    for expected, actual in List.zip expected (figures of') do
                        near expected actual

                each [ 0.01; -0.01; 0.2 ] _.Return
                each [ 0.0; -0.1; 0.1 ] _.BuyAndHoldReturn.Value
                // From 1,000 to 990, from 1,111 to 999.9, none.
                each [ 0.01; 0.1; 0.0 ] _.MaxDrawdown
                each [ 1.0; 2.0; 1.0 ] (fun month -> float month.Trades)
                each [ 0.0; 1.0; 1.0 ] (fun month -> float month.RoundTrips)
                each [ 0.0; 1.0; 0.0 ] (fun month -> float month.Wins)
                // Fees, and half as much for slippage.
                each [ 1.5; 3.0; 1.5 ] _.Costs
                each [ 0.5; 0.5; 0.0 ] _.Exposure
                equal 2L path.Entries

            testCase "a step is of the month in which its candle opens"
            <| fun () ->
                let months name = (Points.record 100.0 [ Points.still (Points.at name) 101.0 ]).Months |> show
                equal [ 2024, 2, 1L ] (months "2024-02-29T23:59")
                equal [ 2024, 3, 1L ] (months "2024-03-01T00:00")
                equal [ 1970, 1, 1L ] (months "1970-01-01T00:00")
                equal [ 9999, 12, 1L ] (months "9999-12-31T23:59")

            testCase "a month in which buying and holding has not bought yet has no return of it"
            <| fun () ->
                let path =
                    Points.record 1_000.0 [
                        Points.still (Points.at "2024-01-31") 1_000.0
                        Points.still (Points.at "2024-02-01") 1_000.0
                        { Points.still (Points.at "2024-02-02") 1_000.0 with Price = 120.0 }
                    ]

                equal false path.Months[0].BuyAndHoldReturn.HasValue
                near 0.2 path.Months[1].BuyAndHoldReturn.Value

            testCase "a month's first peak is the last equity before it"
            <| fun () ->
                let path =
                    Points.record 100.0 [
                        Points.still (Points.at "2024-01-31T23:58") 200.0
                        Points.still (Points.at "2024-01-31T23:59") 160.0
                        Points.still (Points.at "2024-02-01T00:00") 120.0
                    ]

                near 0.2 path.Months[0].MaxDrawdown
                // From 160, not from the peak of the run.
                near 0.25 path.Months[1].MaxDrawdown

            testCase "the months have the run's return and steps between them"
            <| fun () ->
                let equities = [ for i in 0..400 -> 100.0 + 7.0 * sin (float i) ]

                let points =
                    equities
                    |> List.mapi (fun i equity -> Points.still (Candles.newYear + int64 i * 86_400_000L) equity)

                let months = (Points.record 100.0 points).Months
                equal 14 months.Count
                equal 401L (months |> Seq.sumBy _.Steps)

                (1.0, months)
                ||> Seq.fold (fun growth month -> growth * (1.0 + month.Return))
                |> near (List.last equities / 100.0)

            testCase "nothing has been recorded before the first step"
            <| fun () ->
                let path = PathRecorder().ToPath()
                equal (0L, 0L, ActionCounts()) (path.LongestUnderWater, path.LongestLosingRun, path.Actions)
                isEmpty path.Months

            testCase "time under water by hand"
            <| fun () ->
                equal 0L (underWater [ 0, 100.0 ])
                equal 0L (underWater [ 0, 100.0; 1, 100.0; 2, 101.0 ])
                // The initial equity is a peak at the first open.
                equal minute (underWater [ 0, 90.0 ])
                // From the close of minute 0 to that of minute 3, at which the peak is reached again.
                equal (3L * minute) (underWater [ 0, 110.0; 1, 100.0; 2, 105.0; 3, 110.0 ])
                // The longer of two; the last one has not ended.
                equal (3L * minute) (underWater [ 0, 110.0; 1, 100.0; 2, 105.0; 3, 111.0; 4, 90.0; 5, 90.0 ])
                equal (4L * minute) (underWater [ 0, 110.0; 1, 100.0; 2, 120.0; 3, 90.0; 4, 90.0; 5, 90.0; 6, 90.0 ])
                // Missing candles are time as well.
                equal (20L * minute) (underWater [ 0, 110.0; 10, 100.0; 20, 120.0 ])

            // Many, being cheap: falls and recoveries are to meet in every order.
            /// From each close that no earlier one exceeds, to the first that is as high again.
            propertyOf 500 "time under water is that of all pairs of closes"
            <| fun (changes: (uint8 * int8) list) ->
                let points =
                    ((0, 100.0), changes)
                    ||> List.scan (fun (index, equity) (gap, change) ->
                        index + 1 + int gap % 3, max 1.0 (equity + float (int change % 4)))
                    |> List.tail

                // The initial equity stands at the open of the first candle.
                let closes =
                    match points with
                    | [] -> [||]
                    | (first, _) :: _ ->
                        Array.ofList (
                            (int64 first * minute, 100.0)
                            :: [ for index, equity in points -> int64 (index + 1) * minute, equity ]
                        )

                let last = closes.Length - 1

                let longest =
                    [
                        for i in 0..last do
                            let _, height = closes[i]

                            if closes[..i] |> Array.forall (fun (_, earlier) -> earlier <= height) then
                                let later = seq { i + 1 .. last }
                                let back = later |> Seq.tryFind (fun j -> snd closes[j] >= height)
                                let until = defaultArg back last

                                if seq { i + 1 .. until } |> Seq.exists (fun j -> snd closes[j] < height) then
                                    fst closes[until] - fst closes[i]
                    ]
                    |> List.fold max 0L

                underWater points = longest

            testCase "the longest losing run by hand"
            <| fun () ->
                let longest profits = (trips profits).LongestLosingRun
                equal 0L (longest [])
                equal 0L (longest [ 1.0; 2.0 ])
                // A trip without a profit has lost: its trouble was for nothing.
                equal 3L (longest [ 1.0; -1.0; -1.0; 0.0; 5.0; -1.0 ])
                equal 2L (longest [ -1.0; 1.0; -1.0; -1.0 ])

            property "the longest losing run is the longest stretch without a profit"
            <| fun (profits: int8 list) ->
                let profits = profits |> List.map (fun profit -> float (profit % 3y))

                let stretches = [
                    for first in 0 .. profits.Length - 1 do
                        for last in first .. profits.Length - 1 do
                            if profits[first..last] |> List.forall (fun profit -> profit <= 0.0) then
                                int64 (last - first + 1)
                ]

                (trips profits).LongestLosingRun = List.fold max 0L stretches
                && (trips profits).Entries = int64 profits.Length

            testCase "every decision is counted, also one that fills nothing"
            <| fun () ->
                let acting count action =
                    List.replicate count { Points.still Candles.newYear 100.0 with Action = action }

                let points = acting 3 TradeAction.Sell @ acting 5 TradeAction.Hold @ acting 2 TradeAction.Buy

                let timed =
                    points
                    |> List.mapi (fun i point -> { point with OpenTime = point.OpenTime + int64 i * minute })

                equal (ActionCounts(3L, 5L, 2L)) (Points.record 100.0 timed).Actions

            testCase "a buy on top of a position is no entry"
            <| fun () ->
                let buy index position = {
                    Points.still (Candles.newYear + int64 index * minute) 100.0 with
                        Buys = true
                        Position = position
                }

                equal 1L (Points.record 100.0 [ buy 0 0.5; buy 1 0.6; buy 2 0.7 ]).Entries

            testCase "what has been recorded does not change with later steps"
            <| fun () ->
                let steps =
                    Points.steps 100.0 [
                        for i in 0..9 -> Points.still (Candles.newYear + int64 i * minute) (100.0 - float i)
                    ]

                let recorder = PathRecorder()
                recorder.Next steps[0]
                recorder.Next steps[1]
                let early = recorder.ToPath()

                for step in steps[2..] do
                    recorder.Next step

                equal (2L, minute) (early.Months[0].Steps, early.LongestUnderWater)
                equal 10L (recorder.ToPath().Months[0].Steps)

            testCase "within a month nothing is kept of a step"
            <| fun () ->
                let recorder = PathRecorder()

                let steps =
                    Points.steps 100.0 [
                        for i in 0..99 -> Points.still (Candles.newYear + int64 i * minute) (100.0 - float i)
                    ]

                let record () =
                    for _ in 1..1_000 do
                        for step in steps do
                            recorder.Next step

                let allocated () =
                    let before = GC.GetAllocatedBytesForCurrentThread()
                    record ()
                    GC.GetAllocatedBytesForCurrentThread() - before

                // What is compiled and begun at the first steps counts once.
                record ()
                // The runtime allocates on this thread too, now and then.
                Expect.isLessThan (Seq.min [ for _ in 1..3 -> allocated () ]) 100_000L "100,000 steps"
        ]
