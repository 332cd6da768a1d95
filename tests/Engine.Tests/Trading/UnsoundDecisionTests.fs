namespace BtcBandit.Engine.Tests.Trading

open System
open System.Reactive.Linq
open NUnit.Framework
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// Chooses what it is given.
type UnsoundAgent(choice: Decision | null) =
    interface IAgent with
        member _.Horizons = [| 1 |]
        member _.Choose(_: inref<Situation>) = Unchecked.nonNull choice
        member _.Learn(_: inref<Outcome>) = ()
        member _.Snapshot() = AgentStates.write "unsound" 0

/// What an agent of one's own may get wrong is an error at once, which names the moment and the fault.
[<TestFixture>]
type UnsoundChoiceTests() =

    let sound = ActionValue(0.0, 0.0, 0.0, true)

    let messageOf (choice: Decision | null) =
        let parameters = RunParameters(Horizon = Nullable 1)

        let steps =
            Trading.stepsOf parameters (fun _ -> UnsoundAgent choice) (Trading.market SyntheticWorld.Drifts 1L 60)

        let mutable message = ""
        use _ = steps.Subscribe(ignore, (fun (error: exn) -> message <- error.Message))
        message

    [<Test>]
    member _.``nothing``() =
        Assert.That(messageOf null, Does.Match @"^at 2024-01-01 00:\d\d UTC the agent returned no decision$")

    [<Test>]
    member _.``an action that is not defined``() =
        let choice = Decision(enum<TradeAction> 7, sound, sound, sound, Horizon = 1)

        Assert.That(
            messageOf choice,
            Does.EndWith "the agent chose action 7, which is not one of 0 (sell), 1 (hold) and 2 (buy)"
        )

    [<TestCase(Double.NaN)>]
    [<TestCase(Double.PositiveInfinity)>]
    member _.``action values that are not finite``(value: float) =
        for wrong in
            [
                ActionValue(value, 0.0, 0.0, true)
                ActionValue(0.0, value, 0.0, true)
                ActionValue(0.0, 0.0, value, false)
            ] do
            for choice in
                [
                    Decision(TradeAction.Hold, wrong, sound, sound, Horizon = 1)
                    Decision(TradeAction.Hold, sound, wrong, sound, Horizon = 1)
                    Decision(TradeAction.Hold, sound, sound, wrong, Horizon = 1)
                ] do
                Assert.That(messageOf choice, Does.Contain "the agent's action values are not all finite")
