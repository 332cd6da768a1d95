namespace BtcBandit.Tests.Shared

open FsCheck
open FsCheck.FSharp

/// Generators whose counterexamples become small.
module Shrinking =
    /// A list generated whole, shrunk by leaving elements out.
    let shorter (items: 'item list) : 'item list seq =
        let count = items.Length

        // Halves first, then single elements: a long list is short after a few steps.
        seq {
            for size in
                Seq.initInfinite (fun i -> count >>> (i + 1))
                |> Seq.takeWhile (fun size -> size > 0) do
                for start in 0..size .. count - size do
                    yield List.append (List.take start items) (List.skip (start + size) items)
        }

    /// A list shrunk by leaving elements out, then by shrinking each.
    let list (shrinkItem: 'item -> 'item seq) (items: 'item list) : 'item list seq =
        seq {
            yield! shorter items

            for i in 0 .. items.Length - 1 do
                for smaller in shrinkItem items[i] do
                    yield List.updateAt i smaller items
        }

    /// Lists of what a generator gives, with at least so many elements.
    let listsOf (least: int) (item: Arbitrary<'item>) : Arbitrary<'item list> =
        let gen =
            Gen.sized (fun size ->
                Gen.choose (least, max least size)
                |> Gen.bind (fun n -> Gen.listOfLength n item.Generator))

        Arb.fromGenShrink (gen, list item.Shrinker >> Seq.filter (fun items -> items.Length >= least))

    /// One of a few values; the ones that come first are the simpler.
    let oneOf (values: 'item list) : Arbitrary<'item> =
        Arb.fromGenShrink (Gen.elements values, fun value -> values |> Seq.takeWhile (fun other -> other <> value))

    /// A whole number that comes nearer to the least there may be.
    let towards (least: int) (value: int) : int seq =
        seq {
            least
            least + (value - least) / 2
            value - 1
        }
        |> Seq.filter (fun smaller -> least <= smaller && smaller < value)
        |> Seq.distinct

    /// A whole number within two limits, both allowed; the lower ones are the simpler.
    let between (least: int) (most: int) : Arbitrary<int> = Arb.fromGenShrink (Gen.choose (least, most), towards least)

    /// Both of a pair, shrunk one at a time.
    let pair (one: Arbitrary<'one>) (other: Arbitrary<'other>) : Arbitrary<'one * 'other> =
        Arb.fromGenShrink (
            Gen.zip one.Generator other.Generator,
            fun (first, second) ->
                seq {
                    for smaller in one.Shrinker first -> smaller, second
                    for smaller in other.Shrinker second -> first, smaller
                }
        )
