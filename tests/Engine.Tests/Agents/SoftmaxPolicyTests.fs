namespace BtcBandit.Engine.Tests.Agents

open System
open NUnit.Framework
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Domain
open BtcBandit.Engine.Tests.Domain
open BtcBandit.Engine.Tests.Feeds

[<TestFixture>]
type SoftmaxPolicyTests() =

    let create (feedback: Feedback) =
        SoftmaxPolicy(
            Make.headerOf 4 (RunParameters(Agent = "softmax", Horizon = Nullable 1, Feedback = feedback)),
            null
        )
        :> IAgent

    let chances agent maySell mayBuy =
        (Thompson.choose
            agent
            { Thompson.situation with
                MaySell = maySell
                MayBuy = mayBuy
                Features = [| 1.0; 0.0; 0.0; 1.0 |]
            })
            .Propensities.Value

    let state (agent: IAgent) = (agent.Snapshot()).Read<SoftmaxState> "softmax"

    [<Test>]
    member _.``at first it is indifferent among what is offered``() =
        let agent = create Feedback.Full
        let third, half = 1.0 / 3.0, 0.5
        equal (Propensities(third, third, third)) (chances agent true true)
        equal (Propensities(0.0, half, half)) (chances agent false true)
        equal (Propensities(half, half, 0.0)) (chances agent true false)
        equal (Propensities(0.0, 1.0, 0.0)) (chances agent false false)

    [<TestCase(Feedback.Full, 1e-3)>]
    [<TestCase(Feedback.Full, -1e-3)>]
    [<TestCase(Feedback.Bandit, 1e-3)>]
    [<TestCase(Feedback.Bandit, -1e-3)>]
    member _.``what pays becomes more likely``(feedback: Feedback, change: float) =
        let agent = create feedback

        for i in 1L .. 3_000L do
            let action = enum<TradeAction>(int (CounterRandom.Bits(3L, 0, i) % 3UL))
            Thompson.learnOf agent [| 1.0; 0.0; 0.0; 1.0 |] 1e-3 [| change |] (Nullable action) 0.5 0.0

        let chances = chances agent true true
        let order = [ chances.Sell; chances.Hold; chances.Buy ]
        equal (if change > 0.0 then List.sort order else List.sortDescending order) order
        Assert.That(List.max order, Is.GreaterThan 0.6)

    [<Test>]
    member _.``preferences end at thirty``() =
        let agent = create Feedback.Full

        for _ in 1..100_000 do
            Thompson.learnOf agent [| 5.0; -5.0; 0.0; 5.0 |] 1e-3 [| 1.0 |] (Nullable()) 0.0 0.0

        let preferences = (state agent).Preferences |> Seq.collect id
        Assert.That(preferences, Is.All.InRange(-30.0, 30.0))

    [<Test>]
    member _.``with bandit feedback history teaches nothing``() =
        let agent = create Feedback.Bandit
        let before = (state agent).Preferences
        Thompson.learn agent [| 1.0; 1.0; 1.0; 1.0 |] 1e-3 1e-3
        equal before (state agent).Preferences
        equal 1L (state agent).Learned

    [<Test>]
    member _.``it needs a horizon``() =
        let header = Make.headerOf 4 (RunParameters(Agent = "softmax"))
        Assert.That(Action(fun () -> SoftmaxPolicy(header, null) |> ignore), Throws.ArgumentException)
