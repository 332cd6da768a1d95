namespace BtcBandit.Engine.Tests.Agents

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Tests.Feeds

/// Actions as these tests know them, with nothing of the code under test.
module Actions =
    /// The part of the equity that is in the market after an action.
    let targetOf action (exposure: float) (full: float) =
        if action = TradeAction.Sell then 0.0
        elif action = TradeAction.Buy then full
        else exposure

    /// The offered action with the highest value, by looking at all of them; of equal ones hold, then sell.
    let best (value: ActionValue -> float) (sell: ActionValue, hold: ActionValue, buy: ActionValue) =
        let offered =
            [ TradeAction.Hold, hold; TradeAction.Sell, sell; TradeAction.Buy, buy ]
            |> List.filter (fun (_, score) -> score.Offered)

        match offered with
        | [] -> TradeAction.Hold
        | offered ->
            let highest = offered |> List.map (snd >> value) |> List.max
            offered |> List.find (fun (_, score) -> value score = highest) |> fst

type Scores =
    | Scores of ActionValue * ActionValue * ActionValue

    /// Few values, so that ties are common.
    static member Arbitrary() =
        let score =
            gen {
                let! mean = Gen.choose (-2, 2)
                let! draw = Gen.choose (-2, 2)
                let! offered = Gen.elements [ true; true; false ]
                return ActionValue(float mean, 1.0, float draw, offered)
            }

        let simpler (score: ActionValue) =
            seq {
                for mean in Shrinking.only 0.0 score.Mean do
                    yield ActionValue(mean, 1.0, score.Draw, score.Offered)

                for draw in Shrinking.only 0.0 score.Draw do
                    yield ActionValue(score.Mean, 1.0, draw, score.Offered)

                for offered in Shrinking.only true score.Offered do
                    yield ActionValue(score.Mean, 1.0, score.Draw, offered)
            }

        let shrink (Scores(sell, hold, buy)) =
            Shrinking.both simpler (Shrinking.both simpler simpler) (sell, (hold, buy))
            |> Seq.map (fun (sell, (hold, buy)) -> Scores(sell, hold, buy))

        Arb.fromGenShrink (Gen.map3 (fun sell hold buy -> Scores(sell, hold, buy)) score score score, shrink)

// Many, being cheap: all ties of three actions.
module ChoiceTests =

    let private actions = Enum.GetValues<TradeAction>()

    /// Whether an action is a right answer, by looking at all of them.
    let private isBest (value: ActionValue -> float) (choice: Decision) (chosen: TradeAction) =
        let offered = actions |> Array.filter (fun action -> choice[action].Offered)

        if offered.Length = 0 then
            chosen = TradeAction.Hold
        else
            let most = offered |> Array.map (fun action -> value choice[action]) |> Array.max
            let winners = offered |> Array.filter (fun action -> value choice[action] = most)

            Array.contains chosen winners
            && (chosen = TradeAction.Hold || not (Array.contains TradeAction.Hold winners))

    [<Tests>]
    let tests =
        testList "ChoiceTests" [
            propertyWith 2_000 [ typeof<Scores> ] "the offered action with the highest draw is chosen, hold when equal"
            <| fun (Scores(sell, hold, buy)) ->
                let choice = Decision.ByDraw(sell, hold, buy)
                isBest _.Draw choice choice.Action

            propertyWith 2_000 [ typeof<Scores> ] "greedy is the same by the mean"
            <| fun (Scores(sell, hold, buy)) ->
                let choice = Decision.ByDraw(sell, hold, buy)
                isBest _.Mean choice choice.Greedy

            propertyWith 2_000 [ typeof<Scores> ] "it explores when draw and mean disagree"
            <| fun (Scores(sell, hold, buy)) ->
                let choice = Decision.ByDraw(sell, hold, buy)
                let scores = sell, hold, buy
                choice.Explores = (Actions.best _.Draw scores <> Actions.best _.Mean scores)

            propertyWith 2_000 [ typeof<Scores> ] "each action has its own score"
            <| fun (Scores(sell, hold, buy)) ->
                let choice = Decision.ByDraw(sell, hold, buy)

                (choice[TradeAction.Sell], choice[TradeAction.Hold], choice[TradeAction.Buy]) = (sell, hold, buy)

            testCase "the numbers of the actions are part of the files"
            <| fun () -> equal [ 0; 1; 2 ] [ int TradeAction.Sell; int TradeAction.Hold; int TradeAction.Buy ]
        ]
