namespace BtcBandit.Engine.Tests.Agents

open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents.Linear
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

// Many, being cheap: no exposure and no permission are to meet.
module RandomTurnoverTests =

    let private create seed enter leave =
        let recipe = RandomTurnover.Recipe(enter, leave)
        let parameters = RunParameters(Agent = RandomTurnover.Name, Seed = seed)
        AgentCatalogue.Default.WithBaseline(recipe).Create((Make.headerOf 4 parameters).AgentSetup, null)

    let private outside = { Thompson.situation with Exposure = 0.0; MaySell = false; MayBuy = true }

    let private inside = { Thompson.situation with Exposure = 1.0; MaySell = true; MayBuy = false }

    let private at minute seen = { seen with OpenTime = Candles.newYear + int64 minute * Candles.minute }

    /// How often of so many candles an agent takes an action.
    let private count (agent: IAgent) (seen: Seen) action candles =
        Seq.init candles (fun minute -> (Thompson.choose agent (at minute seen)).Action)
        |> Seq.filter ((=) action)
        |> Seq.length

    [<Tests>]
    let tests =
        testList "RandomTurnoverTests" [
            propertyWith 300 [ typeof<Seen> ] "propensities sum to 1, and nothing is taken that is not offered"
            <| fun (seen: Seen) (enter: byte) (leave: byte) ->
                let choice = Thompson.choose (create 1L (float enter / 255.0) (float leave / 255.0)) seen
                let propensities = choice.Propensities.Value

                abs (propensities.Sell + propensities.Hold + propensities.Buy - 1.0) < 1e-12
                && choice[choice.Action].Offered
                && (seen.MaySell || propensities.Sell = 0.0)
                && (seen.MaySell || seen.MayBuy || propensities.Hold = 1.0)
                && propensities[choice.Action] > 0.0

            testCase "it enters and leaves as often as it is told"
            <| fun () ->
                let agent = create 7L 0.2 0.03
                // Six standard deviations of 20,000 draws.
                isNear 340 4_000 (count agent outside TradeAction.Buy 20_000)
                isNear 145 600 (count agent inside TradeAction.Sell 20_000)
                equal 0 (count agent outside TradeAction.Sell 1_000)
                equal 0 (count agent inside TradeAction.Buy 1_000)

            testCase "what is never done is never done, and what is always done always"
            <| fun () ->
                let agent = create 1L 0.0 1.0
                equal 0 (count agent outside TradeAction.Buy 1_000)
                equal 1_000 (count agent inside TradeAction.Sell 1_000)

            /// Below the smallest order, an exposure cannot be sold.
            testCase "a rest that cannot be sold does not keep it from buying"
            <| fun () ->
                let rest = { outside with Exposure = 0.001 }
                equal 1_000 (count (create 1L 1.0 1.0) rest TradeAction.Buy 1_000)

            testCase "with a position that could be filled up it only leaves"
            <| fun () ->
                let partial = { inside with Exposure = 0.4; MayBuy = true }
                equal 0 (count (create 1L 1.0 0.5) partial TradeAction.Buy 1_000)

            testCase "its draws depend on seed and candle only, and are not those of another agent"
            <| fun () ->
                let actions (agent: IAgent) = [
                    for minute in 0..1_999 -> (Thompson.choose agent (at minute outside)).Action
                ]

                let turnover = actions (create 1L 0.5 0.5)
                equal turnover (actions (create 1L 0.5 0.9))

                let agreement other =
                    List.zip turnover other
                    |> List.filter (fun (one, other) -> one = other)
                    |> List.length

                let ofName name horizon =
                    let parameters = RunParameters(Agent = name, Seed = 1L, Horizon = horizon)
                    actions (AgentCatalogue.Default.Create((Make.headerOf 4 parameters).AgentSetup, null))

                // Half of them by chance; all or none where the draws are shared.
                for other in
                    [
                        actions (create 2L 0.5 0.5)
                        ofName "softmax" (System.Nullable 15)
                        ofName "random" (System.Nullable())
                    ] do
                    isNear 140 1_000 (agreement other)
        ]
