namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Collections.Generic
open System.IO
open System.Reactive.Concurrency
open System.Text.Json
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Files
open BtcBandit.Engine.Tests.Trading

/// Chooses as a stub, on the open time and the close of each candle.
type private TimedAgent(wish: int64 -> float -> TradeAction) =
    interface IAgent with
        member _.Horizons = [| 1 |]

        member _.Choose(situation: inref<Situation>) =
            let wanted = wish situation.OpenTime situation.Close
            let score action offered = ActionValue.Certain((if action = wanted then 1.0 else 0.0), offered)

            let choice =
                Decision.ByDraw(
                    score TradeAction.Sell situation.MaySell,
                    score TradeAction.Hold true,
                    score TradeAction.Buy situation.MayBuy
                )

            Decision(choice.Action, choice.Sell, choice.Hold, choice.Buy, Horizon = 1)

        member _.Learn(_: inref<Outcome>) = ()
        member _.Snapshot() = AgentStates.write "timed" 0

/// Charges what it is told to at an open time.
type private TimedCosts(feeAt: int64 -> float) =
    interface ICostModel with
        member _.Id = "timed"
        member _.At(candle: inref<Candle>, _) = Costs.Of(feeAt candle.OpenTime, 0.0)

/// Runs that use the future, and runs that do not.
module CausalityTests =

    let private market seed count = Trading.market SyntheticWorld.Drifts seed count |> Array.ofList

    let private list = "sma:14,rsi:14"

    let private parametersOf agent = RunParameters(Agent = agent, Horizon = Nullable 5, History = 20)

    let private planOf agent (features: FeatureSet) =
        RunPlan.Of(Make.source, parametersOf agent, RunParts(FeatureSet = features))

    let private onSeed seed threads cuts (plan: CausalityPlan) =
        // There is no `with` for records of C#.
        CausalityPlan(plan.Run, Cuts = cuts, Seed = seed, MaxThreads = Nullable threads)

    let private check (candles: Candle[]) (plan: CausalityPlan) = plan.RunAsync(candles).GetAwaiter().GetResult()

    /// An indicator of the whole data set: a number for each candle, found by its open time.
    let private ofAll name (valueAt: Candle IReadOnlyList -> int -> float) (candles: IReadOnlyList<Candle>) =
        let first = candles[0].OpenTime

        let indicator =
            Indicator.scan
                (fun () (candle: Candle) -> struct ((), valueAt candles (int ((candle.OpenTime - first) / 60_000L))))
                ()

        IndicatorRecipe.Of(name, indicator).WithFeatures(IndicatorFeature.Centred(0, scale = 1e-5))

    let private withOwn (recipe: IndicatorRecipe) =
        FeatureSet.Of($"{list},{recipe.Kind}", Catalogue.BuiltIn.With recipe)

    let private features make = CausalityPlan.OfFeatures(fun candles -> withOwn (make candles))

    let private nextClose (candles: IReadOnlyList<Candle>) i = candles[min (i + 1) (candles.Count - 1)].Close

    /// The first candle and column that a check must name where each candle of one run is known to differ from some cut on.
    let private firstOf (result: CausalityResult) =
        let difference = nonNull result.Difference
        difference.Column, difference.Index

    let private isCausal (result: CausalityResult) =
        isNull' result.Difference
        isNull' result.Error
        equal true result.IsCausal

    let private agentOf (wish: IReadOnlyList<Candle> -> int64 -> float -> TradeAction) =
        CausalityPlan.OfPlan(fun candles ->
            let recipe = AgentRecipe("timed", "looks at the clock", fun _ _ -> TimedAgent(wish candles) :> IAgent)

            RunPlan.Of(
                Make.source,
                parametersOf "timed",
                RunParts(FeatureSet = FeatureSet.Of list, Agents = AgentCatalogue.Default.With recipe)
            ))

    let private indexOf (candles: IReadOnlyList<Candle>) openTime = int ((openTime - candles[0].OpenTime) / 60_000L)

    [<Tests>]
    let tests =
        testList "CausalityTests" [
            cases "every agent of the catalogue passes, on every synthetic market" [
                for agent in AgentCatalogue.Default.Names do
                    for world in Enum.GetValues<SyntheticWorld>() do
                        agent, world
            ]
            <| fun (agent: string, world: SyntheticWorld) ->
                let candles = Trading.market world 7L 1_700 |> Array.ofList
                let result = check candles (CausalityPlan.OfPlan(fun _ -> planOf agent (FeatureSet.Of list)))
                isCausal result
                equal (1_700L, 1_670L) (result.Candles, result.Steps)
                equal 64 result.Cuts.Count

            testCase "the default run passes, all indicators and several horizons with it"
            <| fun () ->
                let all = Catalogue.BuiltIn.Kinds |> String.concat ","
                let parameters = RunParameters(Indicators = all, History = 100, Costs = Costs.Of(1.0, 0.0))

                let result =
                    check (market 3L 3_000) (CausalityPlan.OfPlan(fun _ -> RunPlan.Of(Make.source, parameters)))

                isCausal result
                isAbove 100 result.Values

            testCase "a look at the next candle is caught, with its column, candle and values"
            <| fun () ->
                let candles = market 1L 400
                let result = check candles (features (ofAll "peek" nextClose))
                let difference = nonNull result.Difference
                // Cut after the first candle, which then has no next one.
                equal ("peek", 0L) (firstOf result)
                equal candles[0].OpenTime difference.OpenTime
                equal $"{candles[1].Close:R}" difference.Whole
                equal $"{candles[0].Close:R}" difference.Again
                equal CutFuture.Removed difference.Future
                equal 1L (nonNull difference.Cut).Candles
                equal false result.IsCausal

            testCase "a feature normalised by all candles is caught where features begin"
            <| fun () ->
                let candles = market 1L 900

                let normalised (all: IReadOnlyList<Candle>) =
                    let mean = all |> Seq.averageBy _.Close

                    let recipe =
                        IndicatorRecipe.Of(
                            "level",
                            Indicator.scan (fun () (candle: Candle) -> struct ((), candle.Close)) ()
                        )

                    // The column is what it should be; the scale of the feature is not.
                    recipe.WithFeatures(IndicatorFeature.Centred(0, scale = 0.5 / mean))

                let result = check candles (features normalised)
                equal ("feature level", 30L) (firstOf result)

            cases "a look that changes one value is caught at the candle before the cut" [
                // How far it looks, and the cut that shows it first: after that candle.
                for ahead in [ 1; 2; 10 ] -> ahead
            ]
            <| fun (ahead: int) ->
                let candles = market 5L 2_000

                // Right but where the look goes beyond what exists.
                let peeking (all: IReadOnlyList<Candle>) i = all[min (i + ahead) (all.Count - 1)].Volume

                let result = check candles (features (ofAll "far" peeking))
                let column, index = firstOf result
                let first = Seq.head result.Cuts
                equal "far" column
                // Of the candles up to the first cut, the earliest that looks beyond it.
                equal (max 0L (first.Candles - int64 ahead)) index

            testCase "a future of the same length is not enough to hide a look"
            <| fun () ->
                let candles = market 2L 600

                // Without a future it tells the truth, so only other candles there give it away.
                let sly (all: IReadOnlyList<Candle>) i =
                    if all.Count < candles.Length then
                        candles[min (i + 1) (candles.Length - 1)].Close
                    else
                        nextClose all i

                let difference = nonNull (check candles (features (ofAll "sly" sly))).Difference
                equal ("sly", CutFuture.Mirrored) (difference.Column, difference.Future)

                // And one that hides behind a length, which only a missing future gives away.
                let counting (all: IReadOnlyList<Candle>) _ = float all.Count
                let difference = nonNull (check candles (features (ofAll "count" counting))).Difference
                equal ("count", CutFuture.Removed) (difference.Column, difference.Future)
                equal ("600", "1") (difference.Whole, difference.Again)

            testCase "an agent that peeks is caught in its decision"
            <| fun () ->
                let candles = market 4L 1_500

                let plan =
                    agentOf (fun all openTime close ->
                        let i = indexOf all openTime

                        if i + 1 < all.Count && all[i + 1].Close > close then
                            TradeAction.Buy
                        else
                            TradeAction.Sell)

                let result = check candles plan
                let column, index = firstOf result
                // Truncated, it wants to sell at the cut; where the next candle rises, it would have bought.
                has column [ "sell mean"; "buy mean" ]
                let cut = nonNull (nonNull result.Difference).Cut
                equal (cut.Candles - 1L) index
                isAtLeast 30L index

            testCase "costs that peek are caught"
            <| fun () ->
                let candles = market 4L 900

                let plan =
                    CausalityPlan.OfPlan(fun all ->
                        let feeAt openTime = if indexOf all openTime = all.Count - 1 then 7.0 else 10.0

                        RunPlan.Of(
                            Make.source,
                            parametersOf "linear-ts",
                            RunParts(FeatureSet = FeatureSet.Of list, CostModel = TimedCosts feeAt)
                        ))

                let result = check candles plan
                equal false result.IsCausal
                // At a cut, the newest candle: the cost shows in the values of actions, or else in the benchmarks.
                let difference = nonNull result.Difference
                equal (nonNull difference.Cut).Candles (difference.Index + 1L)

            testCase "a plan whose parameters depend on the candles is caught before any value"
            <| fun () ->
                let plan =
                    CausalityPlan.OfPlan(fun all ->
                        let scale = if all[all.Count - 1].Close > all[0].Close then 0.5 else 0.4
                        let parameters = RunParameters(Horizon = Nullable 5, PosteriorScale = scale)
                        RunPlan.Of(Make.source, parameters, RunParts(FeatureSet = FeatureSet.Of list)))

                let difference = nonNull (check (market 1L 600) plan).Difference
                equal ("plan: parameters", 0L) (difference.Column, difference.Index)
                contains "PosteriorScale = 0.5" (difference.Whole + difference.Again)
                contains "PosteriorScale = 0.4" (difference.Whole + difference.Again)

                let other =
                    CausalityPlan.OfFeatures(fun all -> FeatureSet.Of(if all.Count = 600 then list else "sma:14"))

                let difference = nonNull (check (market 1L 600) other).Difference
                equal ("plan: columns", "sma rsi", "sma") (difference.Column, difference.Whole, difference.Again)

            testCase "an agent that has learned on all candles is caught"
            <| fun () ->
                let candles = market 6L 800
                let planOfAll = planOf "linear-ts" (FeatureSet.Of list)

                let plan =
                    CausalityPlan(fun all ->
                        let run = TradingRun planOfAll

                        for candle in all do
                            run.Next candle |> ignore

                        let learned: AgentState | null = if all.Count > 100 then run.Capture().Agent else null
                        BacktestRun(planOfAll, Learned = learned, IsFrozen = true))

                let column, index = firstOf (check candles plan)
                equal 30L index

                has column [
                    "sell mean"
                    "hold mean"
                    "sell deviation"
                    "hold deviation"
                    "buy mean"
                    "buy deviation"
                ]

            testCase "an index behind the last candle is caught, also in the run over all of them"
            <| fun () ->
                let candles = market 1L 700
                let beyond (all: IReadOnlyList<Candle>) i = if all[i + 1].Volume < 0.0 then 1.0 else 2.0
                let result = check candles (features (ofAll "beyond" beyond))
                let difference = nonNull result.Difference
                equal ("exception", 0L, "none") (difference.Column, difference.Index, difference.Whole)
                equal CutFuture.Removed difference.Future
                contains "must be less than '1'" difference.Again
                contains "must be less than '700'" (nonNull result.Error).Message
                equal 699L result.Candles

            testCase "a run that fails by itself is said, with what was compared before"
            <| fun () ->
                let failing (all: IReadOnlyList<Candle>) i = if i = 450 then invalidOp "no luck" else all[i].Close
                let result = check (market 1L 700) (features (ofAll "failing" failing))
                isNull' result.Difference
                equal "no luck" (nonNull result.Error).Message
                equal (450L, false) (result.Candles, result.IsCausal)
                all (fun (cut: CausalityCut) -> cut.Candles <= 450L) result.Cuts

            testCase "an agent that fails by itself ends the run at its candle, and what comes before is compared"
            <| fun () ->
                let candles = market 1L 700

                let plan =
                    agentOf (fun all openTime _ ->
                        if indexOf all openTime = 450 then
                            invalidOp "no luck"

                        TradeAction.Hold)

                let result = check candles plan
                isNull' result.Difference
                equal "no luck" (nonNull result.Error).Message
                equal (450L, 420L) (result.Candles, result.Steps)

            testCase "a run that does not repeat itself is not blamed on the future"
            <| fun () ->
                let calls = [| 0; 0 |]
                let counting (_: IReadOnlyList<Candle>) _ = float (Interlocked.Increment &calls[0])

                let difference = nonNull (check (market 1L 300) (features (ofAll "calls" counting))).Difference
                equal ("calls", 0L, CutFuture.Unchanged) (difference.Column, difference.Index, difference.Future)
                isNull' difference.Cut

                // Only the first run is another one.
                let once (_: IReadOnlyList<Candle>) =
                    let mine = Interlocked.Increment &calls[1]
                    fun (_: int) -> if mine = 1 then 1.0 else 2.0

                let plan =
                    CausalityPlan.OfFeatures(fun candles ->
                        let value = once candles
                        withOwn (ofAll "once" (fun _ i -> value i) candles))

                let difference = nonNull (check (market 1L 300) plan).Difference

                equal
                    ("hash of all values", 0L, CutFuture.Unchanged)
                    (difference.Column, difference.Index, difference.Future)

            testCase "the last bit of a value is enough"
            <| fun () ->
                let candles = market 1L 500

                let bit (all: IReadOnlyList<Candle>) i =
                    let close = all[i].Close

                    if i = 250 && all[all.Count - 1].Close = candles[499].Close then
                        close
                    else
                        Math.BitIncrement close

                let difference = nonNull (check candles (features (ofAll "bit" bit))).Difference
                equal ("bit", 250L) (difference.Column, difference.Index)
                isNear 1e-9 (float difference.Whole) (float difference.Again)
                differs difference.Whole difference.Again

            testCase "minus zero is not zero, and a missing number is none"
            <| fun () ->
                let signed (all: IReadOnlyList<Candle>) _ = if all.Count = 300 then 0.0 else -0.0
                let difference = nonNull (check (market 1L 300) (features (ofAll "zero" signed))).Difference
                equal ("0", "-0") (difference.Whole, difference.Again)

            propertyOf 25 "whatever looks ahead is caught at a cut within its reach"
            <| fun (seed: int64) (ahead: byte) (count: uint16) ->
                let ahead, count = 1 + int ahead % 40, 60 + int count % 900
                let candles = market seed count

                let result =
                    check candles (features (ofAll "peek" (fun all i -> float (min (i + ahead) (all.Count - 1)))))

                let first = Seq.head result.Cuts
                equal ("peek", max 0L (first.Candles - int64 ahead)) (firstOf result)

            cases "the result does not depend on the number of threads" [ 1L; 2L; 3L ]
            <| fun (seed: int64) ->
                let candles = market seed 1_200
                // What shows at a few cuts only: a look at each hour's end.
                let hourly (all: IReadOnlyList<Candle>) i = if i % 60 = 59 then nextClose all i else 0.0

                let on threads = check candles (onSeed seed threads 200 (features (ofAll "hourly" hourly)))
                let expected = on 1
                notNull' expected.Difference

                for threads in [ 1; 2; 5 ] do
                    equal (expected.ToJson()) ((on threads).ToJson())

            testCase "cuts are many, in order, each once, and the same for the same seed"
            <| fun () ->
                // From midday on, so that days end at 720, 2,160 and 3,600 candles.
                let start = Candles.newYear + 12L * 3_600_000L

                let candles = [|
                    for i in 0..4_999 -> Make.candle (start + int64 i * 60_000L) 100.0 (100.0 + float (i % 7))
                |]

                let cutsOf seed count =
                    (check
                        candles
                        (onSeed seed 2 count (CausalityPlan.OfPlan(fun _ -> planOf "hold" (FeatureSet.Of list)))))
                        .Cuts
                    |> List.ofSeq

                let at place (cuts: CausalityCut list) =
                    cuts |> List.filter (fun cut -> cut.Place = place) |> List.map _.Candles

                let cuts = cutsOf 1L 64
                equal 64 cuts.Length
                equal (List.sort (List.distinct (cuts |> List.map _.Candles))) (cuts |> List.map _.Candles)
                // Before and after the first: average, strength, context and step, reward of 5 candles and a fill.
                equal [ 13L; 14L; 15L; 30L; 31L; 36L; 37L ] (at CutPlace.WarmUp cuts)
                equal [ 720L; 2_160L; 3_600L ] (at CutPlace.DayEnd cuts)
                equal 4_999L (List.last cuts).Candles
                equal candles[719].OpenTime (cuts |> List.find (fun cut -> cut.Candles = 720L)).OpenTime
                equal cuts (cutsOf 1L 64)
                differs cuts (cutsOf 2L 64)
                // Also in the later half, and cheap: about 25 runs.
                isAtLeast 6 (cuts |> List.filter (fun cut -> cut.Candles > 2_500L)).Length
                isAbove 22.0 (2.0 * float (cuts |> List.sumBy _.Candles) / 5_000.0)
                isBelow 27.0 (2.0 * float (cuts |> List.sumBy _.Candles) / 5_000.0)

            cases "there are no more cuts than candles to cut after" [ 2; 3; 10; 40 ]
            <| fun (count: int) ->
                let result = check (market 1L count) (CausalityPlan.OfFeatures(fun _ -> FeatureSet.Of "sma:2"))
                isCausal result
                equal [ 1L .. int64 count - 1L ] [ for cut in result.Cuts -> cut.Candles ]

            testCase "each run gets the candles that exist, and no list shows others"
            <| fun () ->
                let candles = market 1L 100
                let seen = System.Collections.Concurrent.ConcurrentBag<Candle[]>()

                let plan =
                    CausalityPlan.OfPlan(fun all ->
                        seen.Add(Array.ofSeq all)
                        equal all.Count (Seq.length all)
                        throws<ArgumentOutOfRangeException>(fun () -> ignore all[all.Count])
                        throws<ArgumentOutOfRangeException>(fun () -> ignore all[-1])
                        planOf "hold" (FeatureSet.Of list))

                isCausal (check candles (onSeed 1L 2 5 plan))
                let runs = List.ofSeq seen
                equal 11 runs.Length
                let whole, cut = runs |> List.partition (fun run -> run = candles)
                equal 1 whole.Length
                let short, mirrored = cut |> List.partition (fun run -> run.Length < 100)
                equal (5, 5) (short.Length, mirrored.Length)

                for run in short do
                    equal candles[.. run.Length - 1] run

                for run in mirrored do
                    let kept =
                        Seq.zip run candles
                        |> Seq.takeWhile (fun (one, other) -> one = other)
                        |> Seq.length

                    has kept [ for run in short -> run.Length ]

                    for i in kept..99 do
                        equal candles[i].OpenTime run[i].OpenTime
                        differs candles[i].Volume run[i].Volume
                        differs candles[i].Close run[i].Close
                        differs candles[i].Open run[i].Open
                        // Up is down.
                        if i > kept then
                            equal
                                (sign (candles[i].Close - candles[i - 1].Close))
                                (sign (run[i - 1].Close - run[i].Close))

            testCase "prices at the ends of the scale have a mirror too"
            <| fun () ->
                let prices = [| 1e-300; 1e300; 1.0; 1e308; 5e-324; 2.0 |]

                let candles = [|
                    for i, price in Seq.indexed prices -> Make.candle (Candles.newYear + int64 i * 60_000L) price price
                |]

                isCausal (
                    check
                        candles
                        (CausalityPlan.OfFeatures(fun all ->
                            ignore (Array.ofSeq all)
                            FeatureSet.Of "sma:2"))
                )

            testCase "what cannot be asked for is refused, with its value"
            <| fun () ->
                let plan = CausalityPlan.OfFeatures(fun _ -> FeatureSet.Of list)
                throws<ArgumentException>(fun () -> ignore (check [| (market 1L 1)[0] |] plan))
                throws<ArgumentOutOfRangeException>(fun () -> ignore (onSeed 1L 1 0 plan))
                throws<ArgumentOutOfRangeException>(fun () -> ignore (onSeed 1L 1 10_001 plan))
                throws<ArgumentOutOfRangeException>(fun () -> ignore (onSeed 1L 0 1 plan))

            testCase "it can be cancelled, and its progress ends at all candles"
            <| fun () ->
                let candles = market 1L 20_000
                let plan = CausalityPlan.OfPlan(fun _ -> planOf "hold" (FeatureSet.Of list))
                let told = List<struct (int64 * Nullable<int64>)>()

                let result =
                    plan.RunAsync(candles, (fun done' all -> told.Add(struct (done', all)))).GetAwaiter().GetResult()

                isCausal result
                let struct (last, all) = told[told.Count - 1]
                equal (Nullable last) all
                equal (20_000L + 2L * Seq.sumBy (fun (cut: CausalityCut) -> cut.Candles) result.Cuts) last
                isAscending [ for struct (done', _) in told -> done' ]
                use source = new CancellationTokenSource()

                throws<OperationCanceledException>(fun () ->
                    plan.RunAsync(candles, (fun _ _ -> source.Cancel()), source.Token).GetAwaiter().GetResult()
                    |> ignore)

            testCase "as JSON it has the verdict, the cuts and the difference"
            <| fun () ->
                let candles = market 1L 400
                let read (result: CausalityResult) = JsonDocument.Parse(result.ToJson()).RootElement
                let root = read (check candles (features (ofAll "peek" nextClose)))
                equal false ((root.GetProperty "is_causal").GetBoolean())
                let difference = root.GetProperty "difference"
                equal "peek" (string (difference.GetProperty "column"))
                equal "removed" (string (difference.GetProperty "future"))
                equal 1L ((difference.GetProperty "cut").GetProperty("candles").GetInt64())
                equal 64 ((root.GetProperty "cuts").GetArrayLength())
                let root = read (check candles (CausalityPlan.OfFeatures(fun _ -> FeatureSet.Of list)))
                equal true ((root.GetProperty "is_causal").GetBoolean())
                equal JsonValueKind.Null (root.GetProperty "difference").ValueKind
                equal "hold" (string ((root.GetProperty "header").GetProperty("parameters").GetProperty "agent"))

            testCase "a month of real candles passes with the default run"
            <| fun () ->
                match SharedFiles.folder "data/spot-1m/BTCUSDT" with
                | None -> skiptest "skipped: there is no data beside the repository"
                | Some folder ->
                    let options =
                        ArchiveOptions(
                            [| Path.Combine(folder, "BTCUSDT-1m-2024-03.csv.gz") |],
                            TradingPair("BTC", "USDT"),
                            Timeframe.OneMinute
                        )

                    let candles = List<Candle>()
                    let feed = Archive.Open(options, CurrentThreadScheduler.Instance)
                    use _ = feed.Candles.Subscribe candles.Add

                    let plan =
                        CausalityPlan.OfPlan(fun _ -> RunPlan.Of(CandleSource.Files(options).Market, RunParameters()))

                    let result = plan.RunAsync(candles).GetAwaiter().GetResult()
                    isCausal result
                    equal 44_640L result.Candles
                    equal 16 (result.Cuts |> Seq.filter (fun cut -> cut.Place = CutPlace.DayEnd) |> Seq.length)
        ]
