namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

module SyntheticTests =

    let private whole (scaled: float) (value: float) = float (round (value * scaled)) / scaled = value

    let private isPrinted (candle: Candle) =
        whole 100.0 candle.Open
        && whole 100.0 candle.High
        && whole 100.0 candle.Low
        && whole 100.0 candle.Close
        && whole 1e5 candle.Volume

    let private isValid (candle: Candle) =
        match Candle.tryCreate (candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume) with
        | Ok _ -> true
        | Error _ -> false

    let private every (interval: int64) (candles: SyntheticCandle[]) =
        candles
        |> Array.pairwise
        |> Array.forall (fun (a, b) -> b.Candle.OpenTime - a.Candle.OpenTime = interval)

    [<Tests>]
    let tests =
        testList "SyntheticTests" [
            // Few: each case makes 900 candles, and no seed is special.
            propertyOf 30 "the same options give the same market, enumerated once or twice"
            <| fun (seed: int64) (choice: int) ->
                let world = worlds[abs (choice % worlds.Length)]
                let market = SyntheticFeed.Truth(SyntheticOptions(World = world, Seed = seed))
                let first = market |> Seq.take 300 |> Seq.toArray

                first = (market |> Seq.take 300 |> Seq.toArray)
                && first = take 300 (SyntheticOptions(World = world, Seed = seed))

            testCase "two enumerations walked in turn do not disturb each other"
            <| fun () ->
                let market = SyntheticFeed.Candles(SyntheticOptions())
                let together = Seq.zip market market |> Seq.take 500
                holds (together |> Seq.forall (fun (a, b) -> a = b))

            testCase "candles are the truth without its second half"
            <| fun () ->
                for world in worlds do
                    let options = SyntheticOptions(World = world)
                    let candles = SyntheticFeed.Candles options |> Seq.take 500 |> Seq.toArray
                    Expect.isTrue (candles = (take 500 options |> Array.map _.Candle)) (string world)

            testCase "another seed is another market"
            <| fun () ->
                for world in worlds |> Array.except [ SyntheticWorld.Flat ] do
                    let closes seed =
                        take 200 (SyntheticOptions(World = world, Seed = seed))
                        |> Array.map _.Candle.Close

                    Expect.isFalse (closes 1L = closes 2L) (string world)

            testCase "candles are valid, printed on the exchange's grid and on time, in every world and timeframe"
            <| fun () ->
                for world in worlds do
                    for timeframe in Timeframe.All do
                        let options = SyntheticOptions(World = world, Timeframe = timeframe, Seed = 5L)
                        let truth = take 3_000 options
                        let name = $"{world} {timeframe}"
                        Expect.isTrue (truth |> Array.forall (fun t -> isValid t.Candle && isPrinted t.Candle)) name
                        Expect.equal (truth[0].Candle.OpenTime) options.StartTime name
                        Expect.isTrue (every timeframe.Milliseconds truth) name

            testCase "a candle opens where the last one closed, but for a small gap at a jump"
            <| fun () ->
                let truth = take 50_000 (SyntheticOptions())

                let gaps =
                    truth
                    |> Array.pairwise
                    |> Array.map (fun (a, b) -> 1e4 * abs (b.Candle.Open / a.Candle.Close - 1.0))

                isWithin 10 45 (gaps |> Array.filter ((<) 0.01) |> Array.length)
                isBelow 10.0 (Array.max gaps)

            testCase "the flat world never moves and is silent at times"
            <| fun () ->
                let truth = take 2_000 (SyntheticOptions(World = SyntheticWorld.Flat))

                holds (
                    truth
                    |> Array.forall (fun t ->
                        t.Candle.High = 50_000.0 && t.Candle.Low = 50_000.0 && t.NextEdgeBps = 0.0)
                )

                isWithin 140 260 (truth |> Array.filter (fun t -> t.Candle.Volume = 0.0) |> Array.length)

            testCase "the market ends with the year 9999"
            <| fun () ->
                let start = 253_402_300_740_000L
                let candles = SyntheticFeed.Candles(SyntheticOptions(StartTime = start)) |> Seq.toArray
                equal 1 candles.Length

            cases "millions of candles later the price is still a price" [
                SyntheticWorld.Drifts, "1m", 10_000_000
                SyntheticWorld.Martingale, "1h", 1_000_000
                SyntheticWorld.Martingale, "1d", 1_000_000
            ]
            <| fun (world: SyntheticWorld, timeframe: string, count: int) ->
                let _, timeframe = Timeframe.TryParse timeframe
                let mutable lowest, highest = infinity, 0.0

                for candle in
                    SyntheticFeed.Candles(SyntheticOptions(World = world, Timeframe = timeframe, Seed = 3L))
                    |> Seq.truncate count do
                    lowest <- min lowest candle.Low
                    highest <- max highest candle.High

                isAbove 50.0 lowest
                isBelow 50_000_000.0 highest

            testCase "the wildest market that is accepted stays on the map"
            <| fun () ->
                for world in worlds do
                    let wild =
                        SyntheticOptions(
                            World = world,
                            Timeframe = Timeframe.All[12],
                            InitialPrice = 1_000.0,
                            NoiseBps = 100.0,
                            Clustering = 0.12,
                            JumpProbability = 1.0,
                            JumpBps = 500.0,
                            DriftBps = 100.0,
                            RegimeCandles = 1e9,
                            LevelBps = 100.0,
                            Momentum = 0.9
                        )

                    let truth = take 100_000 wild

                    Expect.isTrue
                        (truth
                         |> Array.forall (fun t -> isValid t.Candle && Double.IsFinite t.NextEdgeBps))
                        (string world)

            // Many: thirteen parameters, whose ends are to meet.
            propertyOf 300 "whatever is accepted gives a market"
            <| fun (seed: int64) (shares: FsCheck.NormalFloat[]) ->
                // Shares of each range, its ends included.
                let share index =
                    if index < shares.Length then
                        max 0.0 (min 1.0 (abs shares[index].Get / 10.0))
                    else
                        0.5

                let options =
                    SyntheticOptions(
                        World = worlds[int (4.999 * share 0)],
                        Seed = seed,
                        Timeframe = Timeframe.All[int (12.999 * share 1)],
                        InitialPrice = 1_000.0 + 9_999_000.0 * share 2,
                        NoiseBps = 100.0 * share 3,
                        Clustering = 0.12 * share 4,
                        JumpProbability = share 5,
                        JumpBps = 500.0 * share 6,
                        DriftBps = 100.0 * share 7,
                        RegimeCandles = 1.0 + 1_000.0 * share 8,
                        ReversionHalfLife = 0.1 + 1_000.0 * share 9,
                        LevelBps = 100.0 * share 10,
                        Momentum = 0.9 * share 11,
                        FlipEvery = 1 + int (1_000.0 * share 12)
                    )

                take 200 options
                |> Array.forall (fun t -> isValid t.Candle && isPrinted t.Candle && Double.IsFinite t.NextEdgeBps)

            testCase "a candle allocates nothing"
            <| fun () ->
                for world in worlds do
                    use market = SyntheticFeed.Candles(SyntheticOptions(World = world)).GetEnumerator()

                    let walk count =
                        for _ in 1..count do
                            market.MoveNext() |> ignore

                    let allocated () =
                        let before = GC.GetAllocatedBytesForCurrentThread()
                        walk 20_000
                        GC.GetAllocatedBytesForCurrentThread() - before

                    walk 20_000
                    // The runtime allocates on this thread too, now and then; what the market allocates is there every time.
                    Expect.isLessThan (Seq.min [ for _ in 1..3 -> allocated () ]) 2_000L (string world)
        ]
