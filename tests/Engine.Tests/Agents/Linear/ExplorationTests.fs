namespace BtcBandit.Engine.Tests.Agents.Linear

open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds

module ExplorationTests =

    let private of' name scale = Exploration(name, RunParameters(PosteriorScale = scale, Seed = 3L))

    [<Tests>]
    let tests =
        testList "ExplorationTests" [
            testCase "a Thompson sampler draws scaled normals, each stream its own"
            <| fun () ->
                let once, twice = of' "linear-ts" 1.0, of' "linear-ts" 2.0

                let draws (exploration: Exploration) stream = [
                    for t in 1L .. 5_000L -> exploration.Deviations(t, stream)
                ]

                equal (draws once 0 |> List.map ((*) 2.0)) (draws twice 0)
                let correlation = List.map2 (*) (draws once 0) (draws once 1) |> List.average
                isBelow 0.07 (abs correlation)
                isNear 0.1 1.0 (draws once 0 |> List.averageBy (fun d -> d * d))

            testCase "an optimist adds the same always; the others and a scale of 0 add nothing"
            <| fun () ->
                for time in 1L .. 100L do
                    equal 2.5 ((of' "linear-ucb" 2.5).Deviations time)
                    equal 0.0 ((of' "greedy" 2.5).Deviations time)
                    equal 0.0 ((of' "epsilon-greedy" 2.5).Deviations time)
                    equal 0.0 ((of' "linear-ts" 0.0).Deviations time)

            propertyWith
                100
                [ typeof<Scores> ]
                "who does not draw is certain; a draw of its own for each has no closed form"
            <| fun (Scores(sell, hold, buy)) ->
                let scores = ActionValues(sell, hold, buy)

                let best = Actions.best _.Draw (sell, hold, buy)

                let decide name shares =
                    let pick = (of' name 1.0).Decide(&scores, 7L, shares)
                    Decision(&scores, &pick)

                equal (Propensities.Certain best) (decide "greedy" true).Propensities.Value
                equal (Propensities.Certain best) (decide "linear-ucb" false).Propensities.Value
                equal 1.0 (decide "linear-ts" true).SharedDrawScale.Value
                let alone = decide "linear-ts" false
                equal (false, false) (alone.SharedDrawScale.HasValue, alone.Propensities.HasValue)

            testCase "one choice in twenty is blind, and then each that is offered is as likely"
            <| fun () ->
                let score offered = ActionValue(0.0, 0.0, 0.0, offered)
                let scores = ActionValues(score true, score true, score false)
                let count = 100_000

                let sold =
                    seq { 1L .. int64 count }
                    |> Seq.filter (fun time ->
                        let pick = (of' "epsilon-greedy" 1.0).Decide(&scores, time, true)
                        differs TradeAction.Buy pick.Action
                        pick.Action = TradeAction.Sell)
                    |> Seq.length

                let share = Exploration.Epsilon / 2.0
                isNear (5.0 * sqrt (share / float count)) share (float sold / float count)
        ]
