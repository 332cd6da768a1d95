namespace BtcBandit.Engine.Tests.Backtesting

open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Tests.Feeds

/// Merging into a bounded number of buckets.
module BucketsTests =

    /// Numbers from 1, merged into lists of them.
    let private fill capacity count =
        let buckets = Buckets<int list>(capacity, fun one next -> one @ next)

        for number in 1..count do
            buckets.Add [ number ]

        buckets

    [<Tests>]
    let tests =
        testList "BucketsTests" [
            property "every item is in one bucket, in order"
            <| fun (half: byte) (count: uint16) ->
                let capacity = 2 * (1 + int half % 8)
                let buckets = fill capacity (int count % 600)
                equal [ 1 .. int count % 600 ] (List.concat buckets.Items)

            property "buckets are never more than allowed, nor fewer than half of that"
            <| fun (half: byte) (count: uint16) ->
                let capacity = 2 * (1 + int half % 8)
                let count = int count % 600
                let made = (fill capacity count).Items.Count
                isAtMost capacity made
                isAtLeast (min count (capacity / 2)) made

            property "all buckets but the last have the stated length, a power of two"
            <| fun (half: byte) (count: uint16) ->
                let buckets = fill (2 * (1 + int half % 8)) (1 + int count % 600)
                let lengths = [ for bucket in buckets.Items -> int64 bucket.Length ]
                let last = List.last lengths
                equal true (lengths |> List.take (lengths.Length - 1) |> List.forall ((=) buckets.Length))
                isWithin 1L buckets.Length last
                equal 0L (buckets.Length &&& (buckets.Length - 1L))

            testCase "buckets of four, by hand"
            <| fun () ->
                equal [ [ 1 ]; [ 2 ]; [ 3 ]; [ 4 ] ] (List.ofSeq (fill 4 4).Items)
                equal [ [ 1; 2 ]; [ 3; 4 ]; [ 5 ] ] (List.ofSeq (fill 4 5).Items)
                equal [ [ 1; 2; 3; 4 ]; [ 5; 6; 7; 8 ]; [ 9 ] ] (List.ofSeq (fill 4 9).Items)
        ]
