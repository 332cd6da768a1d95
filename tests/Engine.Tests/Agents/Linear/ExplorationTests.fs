namespace BtcBandit.Engine.Tests.Agents.Linear

open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds

[<TestFixture; Properties(Arbitrary = [| typeof<Scores> |])>]
type ExplorationTests() =

    let of' name scale = Exploration(name, RunParameters(PosteriorScale = scale, Seed = 3L))

    [<Test>]
    member _.``a Thompson sampler draws scaled normals, each stream its own``() =
        let once, twice = of' "linear-ts" 1.0, of' "linear-ts" 2.0
        let draws (exploration: Exploration) stream = [ for t in 1L .. 5_000L -> exploration.Deviations(t, stream) ]
        equal (draws once 0 |> List.map ((*) 2.0)) (draws twice 0)
        let correlation = List.map2 (*) (draws once 0) (draws once 1) |> List.average
        Assert.That(abs correlation, Is.LessThan 0.07)
        Assert.That(draws once 0 |> List.averageBy (fun d -> d * d), Is.EqualTo(1.0).Within 0.1)

    [<Test>]
    member _.``an optimist adds the same always; the others and a scale of 0 add nothing``() =
        for time in 1L .. 100L do
            equal 2.5 ((of' "linear-ucb" 2.5).Deviations time)
            equal 0.0 ((of' "greedy" 2.5).Deviations time)
            equal 0.0 ((of' "epsilon-greedy" 2.5).Deviations time)
            equal 0.0 ((of' "linear-ts" 0.0).Deviations time)

    [<Property>]
    member _.``who does not draw is certain; a draw of its own for each has no closed form``(Scores(sell, hold, buy)) =
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

    [<Test>]
    member _.``one choice in twenty is blind, and then each that is offered is as likely``() =
        let score offered = ActionValue(0.0, 0.0, 0.0, offered)
        let scores = ActionValues(score true, score true, score false)
        let count = 100_000

        let sold =
            seq { 1L .. int64 count }
            |> Seq.filter (fun time ->
                let pick = (of' "epsilon-greedy" 1.0).Decide(&scores, time, true)
                Assert.That(pick.Action, Is.Not.EqualTo TradeAction.Buy)
                pick.Action = TradeAction.Sell)
            |> Seq.length

        let share = Exploration.Epsilon / 2.0
        Assert.That(float sold / float count, Is.EqualTo(share).Within(5.0 * sqrt (share / float count)))
