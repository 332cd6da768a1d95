namespace BtcBandit.Engine.Tests.Evaluation

open System.Collections.Immutable
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Tests.Feeds

module GrowthBlocksTests =

    let private equity = Growths.levels 1_000.0 (Growths.returns 1L 2_000 0.001 0.01)
    let private holding = Growths.levels 1_000.0 (Growths.returns 2L 2_000 0.0 0.02)

    /// The blocks of so many steps, from the whole series: the shortest of which there are at most 255.
    let private byHand steps =
        let length =
            Seq.initInfinite (fun power -> pown 2 power)
            |> Seq.find (fun length -> steps / length <= 255)

        let ends (series: float[]) = [| for block in 1 .. steps / length -> series[block * length - 1] |]
        Growths.state (int64 length) (ends equity) (ends holding)

    let private feed (blocks: GrowthBlocks) (first: int) (last: int) =
        for step in first..last do
            blocks.Next(equity[step - 1], holding[step - 1])

    let private after steps =
        let blocks = GrowthBlocks()
        feed blocks 1 steps
        blocks.Snapshot()

    /// A state that a run of 300 steps can have, two steps a block, and what is wrong with others.
    let private sound = after 300

    let private set at value (values: float[]) = Array.updateAt at value values

    [<Tests>]
    let tests =
        testList "GrowthBlocksTests" [
            testCase "the blocks are those of the whole series at every number of steps"
            <| fun () ->
                let blocks = GrowthBlocks()
                equal (byHand 0) (blocks.Snapshot())

                for steps in 1..2_000 do
                    feed blocks steps steps
                    equal (byHand steps) (blocks.Snapshot())

            testCase "from 128 steps on there are at least 128 blocks, and never more than 255"
            <| fun () ->
                for steps in 1..2_000 do
                    let count = (byHand steps).Equity.Length
                    isWithin (min steps 128) 255 count
                    equal count (after steps).Equity.Length

            testCase "a run that is stopped and continued anywhere has the blocks of one that was not"
            <| fun () ->
                // Blocks have 1, 2, 4 and 8 steps there.
                for stop in 0..7..1_990 do
                    for more in [ 1; 2; 3; 6; 9; 300 ] do
                        let last = min 2_000 (stop + more)
                        let blocks = GrowthBlocks(after stop, int64 stop)
                        feed blocks (stop + 1) last
                        equal (after last) (blocks.Snapshot())

            testCase "every state of a run can be of as many steps, and of no other number of blocks"
            <| fun () ->
                for steps in 0..2_000 do
                    let state = after steps
                    holds (state.CanBeOf(int64 steps))
                    fails (state.CanBeOf(int64 steps + state.StepsPerBlock))
                    fails (state.CanBeOf(int64 steps - state.StepsPerBlock))

            cases "a state that no run can have is refused" [
                "lengths differ", sound.StepsPerBlock, Array.skip 1, id
                "not a power of two", 3L, id, id
                "no steps in a block", 0L, id, id
                "fewer than none", -2L, id, id
                "too few blocks", 4L, Array.take 75, Array.take 75
                "not a number", 2L, set 7 nan, id
                "beyond every number", 2L, set 7 infinity, id
                "nothing", 2L, set 0 0.0, id
                "less than nothing", 2L, id, set 149 -1.0
                "too small a number", 2L, id, set 3 1e-320
            ]
            <| fun (_: string, length: int64, own: float[] -> float[], held: float[] -> float[]) ->
                holds (sound.CanBeOf 300L)
                let state = Growths.state length (own (Array.ofSeq sound.Equity)) (held (Array.ofSeq sound.BuyAndHold))
                // As many as fit, so that nothing but what is named is wrong.
                let steps = if length > 0L then length * int64 state.Equity.Length else 300L
                fails (state.CanBeOf steps)

            testCase "a state without its lists, and one that is full, are refused"
            <| fun () ->
                fails (GrowthState(Equity = ImmutableArray()).CanBeOf 0L)
                fails (GrowthState(BuyAndHold = ImmutableArray()).CanBeOf 0L)
                let full = Array.create 256 1.0
                fails ((Growths.state 1L full full).CanBeOf 256L)
                holds ((Growths.state 1L full[..254] full[..254]).CanBeOf 255L)

            testCase "two states are equal if their values are"
            <| fun () ->
                equal (after 300) (after 300)
                equal ((after 300).GetHashCode()) ((after 300).GetHashCode())
                differs (after 300) (after 302)
                let own, held = Array.ofSeq sound.Equity, Array.ofSeq sound.BuyAndHold
                equal sound (Growths.state 2L own held)
                differs sound (Growths.state 2L (set 1 2.0 own) held)
                differs sound (Growths.state 2L own (set 1 2.0 held))
                differs sound (Growths.state 4L own held)
        ]
