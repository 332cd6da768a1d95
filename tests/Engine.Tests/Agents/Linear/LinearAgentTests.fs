namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open System.IO
open System.Text.Json
open FsCheck
open FsCheck.FSharp
open MathNet.Numerics.Distributions
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// A situation that may be kept.
type Seen = {
    Features: float[]
    UnitFraction: float
    OpenTime: int64
    Exposure: float
    FullExposure: float
    CostFraction: float
    MaySell: bool
    MayBuy: bool
} with

    static member Arbitrary() =
        let share = Gen.choose (0, 1_000) |> Gen.map (fun i -> float i / 1e3)

        let units = [ 1e-3; 0.5; 1e-4; 1e-6; 1e6; 1e-300; 0.0 ]

        let shrink (seen: Seen) =
            seq {
                for features in Shrinking.list (Shrinking.only 0.0) (List.ofArray seen.Features) do
                    if features.Length = seen.Features.Length then
                        yield { seen with Features = Array.ofList features }

                for unit in Shrinking.before units seen.UnitFraction do
                    yield { seen with UnitFraction = unit }

                for time in Shrinking.only 0L seen.OpenTime do
                    yield { seen with OpenTime = time }

                for exposure in Shrinking.before [ 0.0; 1.0; 0.5; seen.Exposure ] seen.Exposure do
                    yield { seen with Exposure = exposure }

                for full in Shrinking.only 1.0 seen.FullExposure do
                    yield { seen with FullExposure = full }

                for cost in Shrinking.before [ 0.0; 0.01; seen.CostFraction ] seen.CostFraction do
                    yield { seen with CostFraction = cost }

                for maySell in Shrinking.only true seen.MaySell do
                    yield { seen with MaySell = maySell }

                for mayBuy in Shrinking.only true seen.MayBuy do
                    yield { seen with MayBuy = mayBuy }
            }

        let seen =
            gen {
                let! features =
                    Gen.choose (-5_000, 5_000)
                    |> Gen.map (fun i -> float i / 1e3)
                    |> Gen.arrayOfLength 4

                let! unit = Gen.elements [ 0.0; 1e-300; 1e-6; 1e-4; 1e-3; 0.5; 1e6 ]
                let! time = Gen.choose (0, Int32.MaxValue)
                let! exposure = Gen.frequency [ 1, Gen.constant 0.0; 1, Gen.constant 1.0; 2, share ]
                let! full = Gen.frequency [ 2, Gen.constant 1.0; 1, Gen.map (fun s -> (s + 0.001) / 1.001) share ]
                let! cost = Gen.frequency [ 1, Gen.constant 0.0; 3, Gen.map (fun c -> c / 50.0) share ]
                let! maySell = Gen.elements [ true; false ]
                let! mayBuy = Gen.elements [ true; false ]

                return {
                    Features = features
                    UnitFraction = unit
                    OpenTime = int64 time * 60_000L
                    Exposure = exposure
                    FullExposure = full
                    CostFraction = cost
                    MaySell = maySell
                    MayBuy = mayBuy
                }
            }

        Arb.fromGenShrink (seen, shrink)

module Thompson =
    let situationOf (seen: Seen) (move: float voption) =
        Situation(
            Features = ReadOnlySpan seen.Features,
            UnitFraction = seen.UnitFraction,
            OpenTime = seen.OpenTime,
            Close = 100.0,
            Move =
                (match move with
                 | ValueSome move -> Nullable move
                 | ValueNone -> Nullable()),
            Exposure = seen.Exposure,
            FullExposure = seen.FullExposure,
            Costs = CostFractions(seen.CostFraction, seen.CostFraction),
            MaySell = seen.MaySell,
            MayBuy = seen.MayBuy
        )

    let chooseAfter move (agent: IAgent) (seen: Seen) =
        let situation = situationOf seen move
        agent.Observe &situation
        agent.Choose &situation

    /// One candle: observed, then chosen.
    let choose (agent: IAgent) (seen: Seen) = chooseAfter ValueNone agent seen

    /// The outcome of a decision with an exposure and costs, over every horizon of the agent.
    let learnOf
        (agent: IAgent)
        (features: float[])
        unitFraction
        (returns: float[])
        (action: Nullable<TradeAction>)
        w
        cost
        =
        let outcome =
            Outcome(
                Features = ReadOnlySpan features,
                UnitFraction = unitFraction,
                Returns = ReadOnlySpan returns,
                Action = action,
                Exposure = w,
                FullExposure = 1.0,
                Costs = CostFractions(cost, cost)
            )

        agent.Learn &outcome

    let learn (agent: IAgent) (features: float[]) unitFraction change =
        let returns = Array.create agent.Horizons.Count change
        learnOf agent features unitFraction returns (Nullable()) 0.0 0.0

    let parameters = Make.parametersOf 15 10.0 1.0 1_000.0

    /// An agent that has seen some of a world with an edge.
    let trainedWith (parameters: RunParameters) =
        let agent = LinearAgent((Make.headerOf 4 parameters).AgentSetup, null)

        for index in 1L .. 500L do
            let x, y = Worlds.observation 4 index
            learn agent x 1e-3 (y * 1e-3 * sqrt (float parameters.Horizon.Value))

        agent

    let trained () = trainedWith parameters

    let situation = {
        Features = [| 1.0; -0.5; 2.0; 1.0 |]
        UnitFraction = 1e-3
        OpenTime = 0L
        Exposure = 0.4
        FullExposure = 1.0
        CostFraction = 0.0011
        MaySell = true
        MayBuy = true
    }

// Many, being cheap: no exposure, no cost and no unit are to meet.
module LinearAgentTests =

    let private trained = Thompson.trained ()

    let private actions = Enum.GetValues<TradeAction>()

    let private withScale scale parameters = Thompson.trainedWith (Make.withScale scale parameters)

    let private posterior (agent: IAgent) = AgentStates.read<PosteriorState> "linear-ts" (agent.Snapshot())

    let private bits agent = Worlds.bits (posterior agent)

    /// The posterior's opinion of x.theta, from the snapshot alone; the outcomes overlap.
    let private opinion (agent: IAgent) (x: float[]) =
        let state = posterior agent
        let mean = Array.fold2 (fun sum m v -> sum + m * v) 0.0 state.Means[0] x

        let spread =
            Seq.sum (
                seq {
                    for column in 0 .. x.Length - 1 ->
                        (Seq.sum (seq { for row in 0 .. x.Length - 1 -> state.Factor[row][column] * x[row] }))
                        ** 2.0
                }
            )

        mean, sqrt (float agent.Horizons[0] * spread * state.Rates[0] / state.Shapes[0])

    let private near scale expected actual = abs (expected - actual) <= 1e-12 * scale

    [<Tests>]
    let tests =
        testList "LinearAgentTests" [
            propertyWith 500 [ typeof<Seen> ] "the scores are cost and exposure times the move: sell, hold and buy"
            <| fun (seen: Seen) ->
                let choice = Thompson.choose trained seen
                let mean, deviation = opinion trained seen.Features
                let unit = seen.UnitFraction * sqrt 15.0
                let scale = 10.0 * (unit + 1.0)
                let w, full, cost = seen.Exposure, seen.FullExposure, seen.CostFraction
                Expect.isTrue (near scale (-cost * w) choice.Sell.Mean) "sell"
                Expect.isTrue (near scale (w * unit * mean) choice.Hold.Mean) "hold"
                Expect.isTrue (near scale (full * unit * mean - cost * abs (full - w)) choice.Buy.Mean) "buy"
                holds (near scale 0.0 choice.Sell.StandardDeviation)
                holds (near scale (w * unit * deviation) choice.Hold.StandardDeviation)
                holds (near scale (full * unit * deviation) choice.Buy.StandardDeviation)

            propertyWith 500 [ typeof<Seen> ] "one draw of the move rates all actions"
            <| fun (seen: Seen) ->
                let choice = Thompson.choose trained seen
                let mean, deviation = opinion trained seen.Features
                let unit = seen.UnitFraction * sqrt 15.0
                let moved = mean + 0.35 * deviation * CounterRandom.Normal(1L, 1, seen.OpenTime)
                let scale = 10.0 * (unit + 1.0)
                let w, full, cost = seen.Exposure, seen.FullExposure, seen.CostFraction
                holds (near scale (-cost * w) choice.Sell.Draw)
                holds (near scale (w * unit * moved) choice.Hold.Draw)
                holds (near scale (full * unit * moved - cost * abs (full - w)) choice.Buy.Draw)

            propertyWith 500 [ typeof<Seen> ] "only what is allowed is offered and chosen"
            <| fun (seen: Seen) ->
                let choice = Thompson.choose trained seen
                equal (seen.MaySell, true, seen.MayBuy) (choice.Sell.Offered, choice.Hold.Offered, choice.Buy.Offered)
                choice[choice.Action].Offered

            propertyWith 500 [ typeof<Seen> ] "no unit of volatility makes a number that is none"
            <| fun (seen: Seen) (NormalFloat change) ->
                let agent = Thompson.trained ()

                for change in [ change; 0.0; 1e300; -1.0 ] do
                    Thompson.learn agent seen.Features seen.UnitFraction change

                let choice = Thompson.choose agent seen

                for action in actions do
                    let score = choice[action]

                    holds (
                        Double.IsFinite score.Mean
                        && Double.IsFinite score.StandardDeviation
                        && Double.IsFinite score.Draw
                    )

                let state = posterior agent

                holds (
                    Seq.concat [ state.Means; state.Factor; [| state.Rates; state.Shapes |] ]
                    |> Seq.forall (Array.forall Double.IsFinite)
                )

            propertyWith 500 [ typeof<Seen> ] "choosing changes nothing, and the same question has the same answer"
            <| fun (seen: Seen) ->
                let agent = Thompson.trained ()
                let before = bits agent
                let features = Array.copy seen.Features
                let first = Thompson.choose agent seen
                equal first (Thompson.choose agent seen)
                equal before (bits agent)
                equal features seen.Features

            propertyWith 500 [ typeof<Seen> ] "without exploration it is greedy"
            <| fun (seen: Seen) ->
                let choice = Thompson.choose (withScale 0.0 Thompson.parameters) seen
                equal false choice.Explores

                for action in actions do
                    equal choice[action].Mean choice[action].Draw

            testCase "the same seed makes the same choices, another seed others"
            <| fun () ->
                let choices seed =
                    let agent = Thompson.trainedWith (Make.withSeed seed Thompson.parameters)

                    [
                        for i in 1L .. 1_000L ->
                            (Thompson.choose agent { Thompson.situation with OpenTime = i * 60_000L }).Buy.Draw
                    ]

                equal (choices 1L) (choices 1L)
                let same = List.zip (choices 1L) (choices 2L) |> List.filter (fun (a, b) -> a = b)
                equal 0 same.Length

            testCase "draws follow the posterior: Kolmogorov and Smirnov agree"
            <| fun () ->
                let count = 100_000

                for scale in [ 0.35; 1.0; 2.5 ] do
                    let agent = withScale scale Thompson.parameters
                    let mean, deviation = opinion agent Thompson.situation.Features
                    let unit = 1e-3 * sqrt 15.0
                    let cost = 0.0011 * 0.6

                    let draws =
                        Array.init count (fun i ->
                            (Thompson.choose agent { Thompson.situation with OpenTime = int64 i * 60_000L }).Buy.Draw)

                    let distance =
                        draws
                        |> Statistics.kolmogorovSmirnov (fun draw ->
                            Normal.CDF(unit * mean - cost, unit * scale * deviation, draw))

                    // 1.95 / sqrt n is the 0.1 % point.
                    Expect.isLessThan distance (1.95 / sqrt (float count)) $"scale {scale}"

            cases "it learns the return in units of volatility and root horizon, clipped, worth 1 / horizon" [ 1; 15 ]
            <| fun (horizon: int) ->
                let parameters = Make.parametersOf horizon 10.0 1.0 1_000.0
                let agent = LinearAgent((Make.headerOf 4 parameters).AgentSetup, null)
                // The agent's prior: unit precision, noise variance one half worth one observation's shape.
                let batch = Batch(4, 1.0, 1.0, 0.5, float horizon, parameters.Forgetting)

                for index in 1L .. 300L do
                    let x, y = Worlds.observation 4 index
                    // Some outcomes lie beyond what counts.
                    let units = if index % 10L = 0L then 20.0 * y else y
                    let unit = 1e-4 * (1.0 + float (index % 7L))
                    Thompson.learn agent x unit (units * unit * sqrt (float horizon))
                    batch.Add(x, max -5.0 (min 5.0 units))

                let state = posterior agent
                areNear 1e-9 batch.Mean state.Means[0]
                let covariance = float horizon * Worlds.covariance state
                isBelow 1e-9 ((covariance - batch.Covariance).FrobeniusNorm())
                isNear 1e-8 batch.Rate state.Rates[0]
                isNear 1e-8 batch.Shape state.Shapes[0]
                equal 300L state.Learned
                equal "linear-ts" (agent.Snapshot()).Kind

            propertyWith 500 [ typeof<Seen> ] "what each feature adds is the chosen action's mean but for its cost"
            <| fun (seen: Seen) ->
                let choice = Thompson.choose trained seen
                let target = Actions.targetOf choice.Action seen.Exposure seen.FullExposure
                let cost = seen.CostFraction * abs (target - seen.Exposure)
                equal seen.Features.Length choice.Contributions.Length
                equal 15 choice.Horizon

                near
                    (10.0 * (seen.UnitFraction + 1.0))
                    (choice[choice.Action].Mean)
                    (Seq.sum choice.Contributions - cost)

            // Few: each case draws 4,000 times.
            propertyWith 30 [ typeof<Seen> ] "the propensities are how often the draws choose"
            <| fun (seen: Seen) ->
                let agent = Thompson.trained ()
                let stated = (Thompson.choose agent seen).Propensities.Value
                let counts = Array.create 3 0.0
                let count = 4_000

                for i in 1..count do
                    let choice = Thompson.choose agent { seen with OpenTime = int64 i * 60_000L }
                    counts[int choice.Action] <- counts[int choice.Action] + 1.0 / float count

                isNear 1e-12 1.0 (stated.Sell + stated.Hold + stated.Buy)

                for action in actions do
                    let expected = stated[action]
                    // Six standard deviations of a count: chance alone does not stray so far in a lifetime of runs.
                    let slack = 6.0 * sqrt (expected * (1.0 - expected) / float count) + 1e-9
                    because $"{action}" (fun () -> isNear slack (expected) counts[int action])

            testCase "with bandit feedback only what was in the market teaches"
            <| fun () ->
                let parameters = RunParameters(Horizon = Nullable 1, Feedback = Feedback.Bandit)
                let full = RunParameters(Horizon = Nullable 1)

                let learnedOf (parameters: RunParameters) (action: Nullable<TradeAction>) w =
                    let agent = LinearAgent((Make.headerOf 2 parameters).AgentSetup, null)
                    Thompson.learnOf agent [| 1.0; 1.0 |] 1e-3 [| 1e-3 |] action w 0.001
                    (posterior agent).Learned

                let some = Nullable<TradeAction>
                equal 1L (learnedOf parameters (some TradeAction.Buy) 0.0)
                equal 1L (learnedOf parameters (some TradeAction.Hold) 0.5)
                equal 0L (learnedOf parameters (some TradeAction.Hold) 0.0)
                equal 0L (learnedOf parameters (some TradeAction.Sell) 1.0)
                equal 0L (learnedOf parameters (Nullable()) 0.0)
                equal 1L (learnedOf full (some TradeAction.Sell) 1.0)
                equal 1L (learnedOf full (Nullable()) 0.0)

            testCase "a market that does not move teaches nothing"
            <| fun () ->
                let agent = Thompson.trained ()
                let before = bits agent
                Thompson.learn agent [| 1.0; 1.0; 1.0; 1.0 |] 0.0 0.0
                equal before (bits agent)

            testCase "learning leaves its inputs alone"
            <| fun () ->
                let features = [| 1.0; 2.0; 3.0; 1.0 |]
                Thompson.learn (Thompson.trained ()) features 1e-3 2e-3
                equal [| 1.0; 2.0; 3.0; 1.0 |] features

            testCase "a planted edge is found: 95 of 100 decisions are the oracle's"
            <| fun () ->
                let parameters = Make.parametersOf 1 0.0 0.0 1_000.0
                let agent = LinearAgent((Make.headerOf 5 parameters).AgentSetup, null)
                let theta = [| 0.2; -0.15; 0.0; 0.1; 0.02 |]
                let mutable exposure = 0.0
                let mutable right = 0

                for index in 1L .. 20_000L do
                    let x = Array.init 5 (fun i -> if i = 4 then 1.0 else Worlds.normal i index)
                    let expected = Array.fold2 (fun sum a b -> sum + a * b) 0.0 theta x

                    let choice =
                        Thompson.choose agent {
                            Features = x
                            UnitFraction = 1e-3
                            OpenTime = index
                            Exposure = exposure
                            FullExposure = 1.0
                            CostFraction = 0.0
                            MaySell = exposure > 0.0
                            MayBuy = exposure = 0.0
                        }

                    exposure <-
                        match choice.Action with
                        | TradeAction.Sell -> 0.0
                        | TradeAction.Buy -> 1.0
                        | _ -> exposure

                    if index > 10_000L && (exposure > 0.0) = (expected > 0.0) then
                        right <- right + 1

                    Thompson.learn agent x 1e-3 (1e-3 * (expected + Worlds.normal 9 index))

                isAtLeast 0.95 (float right / 1e4)

            propertyWith 500 [ typeof<Seen> ] "a snapshot through JSON changes no later choice"
            <| fun (seen: Seen) (more: Seen) (NormalFloat change) ->
                let agent = Thompson.trained ()
                let json = JsonSerializer.Serialize(agent.Snapshot())

                let restored =
                    LinearAgent(
                        (Make.headerOf 4 Thompson.parameters).AgentSetup,
                        JsonSerializer.Deserialize<AgentState> json
                    )

                equal (Thompson.choose agent seen) (Thompson.choose restored seen)
                Thompson.learn agent more.Features more.UnitFraction change
                Thompson.learn restored more.Features more.UnitFraction change
                equal (Thompson.choose agent seen) (Thompson.choose restored seen)
                equal (bits agent) (bits restored)

            testCase "what was learned on another number of features is refused before the first candle"
            <| fun () ->
                let learned = (Thompson.trained ()).Snapshot()

                contains
                    ("4 features and 1 outcomes does not fit 5 and 1")
                    (thrown<InvalidDataException>(fun () ->
                        LinearAgent((Make.headerOf 5 Thompson.parameters).AgentSetup, learned) |> ignore))
                        .Message
        ]
