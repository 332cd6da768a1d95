namespace BtcBandit.Engine.Tests.Agents

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents.Linear
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

// Many, being cheap: no exposure and no permission are to meet.
module BaselinesTests =

    let private create (name: string) =
        AgentCatalogue.Default.Create((Make.headerOf 4 (RunParameters(Agent = name))).AgentSetup, null)

    let private act name seen = (Thompson.choose (create name) seen).Action

    let private see (agent: IAgent) (closes: float seq) =
        for close in closes do
            let situation =
                Situation(
                    Features = ReadOnlySpan Thompson.situation.Features,
                    UnitFraction = 1e-3,
                    OpenTime = 0L,
                    Close = close,
                    Move = Nullable(),
                    Exposure = 0.5,
                    FullExposure = 1.0,
                    Costs = CostFractions(0.0, 0.0),
                    MaySell = true,
                    MayBuy = true
                )

            agent.Observe &situation

    /// Chooses with all on offer.
    let private chosen (agent: IAgent) =
        let situation = Thompson.situationOf Thompson.situation ValueNone
        (agent.Choose &situation).Action

    let private afterCloses (closes: float seq) =
        let agent = create "ma-cross"
        see agent closes
        chosen agent

    [<Tests>]
    let tests =
        testList "BaselinesTests" [
            propertyWith 300 [ typeof<Seen> ] "one does nothing, whatever comes"
            <| fun (seen: Seen) -> act "hold" seen = TradeAction.Hold

            propertyWith 300 [ typeof<Seen> ] "one buys where it has nothing and may"
            <| fun (seen: Seen) ->
                let wanted = seen.Exposure = 0.0 && seen.MayBuy

                (act "buy-and-hold" seen = TradeAction.Buy) = wanted
                && act "buy-and-hold" seen <> TradeAction.Sell

            propertyWith 300 [ typeof<Seen> ] "action values are what an action costs at once"
            <| fun (seen: Seen) ->
                let choice = Thompson.choose (create "random") seen

                for action in Enum.GetValues<TradeAction>() do
                    let target = Actions.targetOf action seen.Exposure seen.FullExposure
                    equal (0.0 - seen.CostFraction * abs (target - seen.Exposure)) choice[action].Mean

                equal 1 choice.Horizon

            testCase "averages speak after fifty closes: up buys, down sells, none does nothing"
            <| fun () ->
                let line slope count = [ for i in 1..count -> 100.0 + slope * float i ]
                equal TradeAction.Hold (afterCloses (line 1.0 49))
                equal TradeAction.Buy (afterCloses (line 1.0 50))
                equal TradeAction.Sell (afterCloses (line -1.0 50))
                equal TradeAction.Hold (afterCloses (line 0.0 50))
                // The mean of the last twenty against that of the last fifty.
                equal TradeAction.Sell (afterCloses (line 1.0 30 @ [ for _ in 1..20 -> 50.0 ]))
                equal TradeAction.Buy (afterCloses ([ for _ in 1..30 -> 50.0 ] @ [ for _ in 1..20 -> 60.0 ]))

                equal
                    TradeAction.Buy
                    (afterCloses (
                        [ for _ in 1..100 -> 900.0 ]
                        @ [ for _ in 1..30 -> 50.0 ]
                        @ [ for _ in 1..20 -> 60.0 ]
                    ))

            testCase "averages go on from a snapshot, wherever it was taken"
            <| fun () ->
                let closes = [ for i in 1..160 -> 100.0 + 5.0 * sin (float i / 12.0) ]
                let header = Make.headerOf 4 (RunParameters(Agent = "ma-cross"))

                for taken in [ 1; 10; 30; 49; 50; 60; 100 ] do
                    let whole = create "ma-cross"
                    see whole closes[.. taken - 1]
                    let resumed = AgentCatalogue.Default.Create(header.AgentSetup, whole.Snapshot())
                    equal (chosen whole) (chosen resumed)

                    for close in closes[taken..] do
                        see whole [ close ]
                        see resumed [ close ]
                        equal (chosen whole) (chosen resumed)
        ]
