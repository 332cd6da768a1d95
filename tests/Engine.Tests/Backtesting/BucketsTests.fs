namespace BtcBandit.Engine.Tests.Backtesting

open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Tests.Feeds

/// Merging into a bounded number of buckets.
[<TestFixture>]
type BucketsTests() =

    /// Numbers from 1, merged into lists of them.
    let fill capacity count =
        let buckets = Buckets<int list>(capacity, fun one next -> one @ next)

        for number in 1..count do
            buckets.Add [ number ]

        buckets

    [<Property>]
    member _.``every item is in one bucket, in order``(half: byte, count: uint16) =
        let capacity = 2 * (1 + int half % 8)
        let buckets = fill capacity (int count % 600)
        equal [ 1 .. int count % 600 ] (List.concat buckets.Items)

    [<Property>]
    member _.``buckets are never more than allowed, nor fewer than half of that``(half: byte, count: uint16) =
        let capacity = 2 * (1 + int half % 8)
        let count = int count % 600
        let made = (fill capacity count).Items.Count
        Assert.That(made, Is.LessThanOrEqualTo capacity)
        Assert.That(made, Is.GreaterThanOrEqualTo(min count (capacity / 2)))

    [<Property>]
    member _.``all buckets but the last have the stated length, a power of two``(half: byte, count: uint16) =
        let buckets = fill (2 * (1 + int half % 8)) (1 + int count % 600)
        let lengths = [ for bucket in buckets.Items -> int64 bucket.Length ]
        let last = List.last lengths
        equal true (lengths |> List.take (lengths.Length - 1) |> List.forall ((=) buckets.Length))
        Assert.That(last, Is.InRange(1L, buckets.Length))
        equal 0L (buckets.Length &&& (buckets.Length - 1L))

    [<Test>]
    member _.``buckets of four, by hand``() =
        equal [ [ 1 ]; [ 2 ]; [ 3 ]; [ 4 ] ] (List.ofSeq (fill 4 4).Items)
        equal [ [ 1; 2 ]; [ 3; 4 ]; [ 5 ] ] (List.ofSeq (fill 4 5).Items)
        equal [ [ 1; 2; 3; 4 ]; [ 5; 6; 7; 8 ]; [ 9 ] ] (List.ofSeq (fill 4 9).Items)
