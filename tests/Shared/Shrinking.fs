namespace BtcBandit.Tests.Shared

open FsCheck
open FsCheck.FSharp

/// Generators whose counterexamples become small.
module Shrinking =
    /// Whole numbers from a simplest one to just beside a value, the simplest first: each halves what is left of the way.
    let inline towards (simplest: 'number) (value: 'number) : 'number seq =
        let zero = LanguagePrimitives.GenericZero<'number>
        let two = LanguagePrimitives.GenericOne<'number> + LanguagePrimitives.GenericOne<'number>

        value - simplest
        |> Seq.unfold (fun way -> if way = zero then None else Some(value - way, way / two))

    /// The simplest value, unless it is there already.
    let only (simplest: 'value) (value: 'value) : 'value seq =
        if value = simplest then Seq.empty else Seq.singleton simplest

    /// What stands before a value in a list that begins with the simplest; nothing for what is not in it.
    let before (values: 'value list) (value: 'value) : 'value seq =
        match List.tryFindIndex ((=) value) values with
        | Some index -> List.take index values
        | None -> Seq.empty

    /// A pair shrunk on one side or the other.
    let both (one: 'one -> 'one seq) (other: 'other -> 'other seq) (first: 'one, second: 'other) : ('one * 'other) seq =
        seq {
            for smaller in one first do
                yield smaller, second

            for smaller in other second do
                yield first, smaller
        }

    /// A list generated whole, shrunk by leaving elements out.
    let shorter (items: 'item list) : 'item list seq =
        let count = items.Length

        // All, then halves, then single elements: a long list is short after a few steps.
        seq {
            for size in Seq.initInfinite (fun i -> count >>> i) |> Seq.takeWhile (fun size -> size > 0) do
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

    /// The same, of which so many elements stay.
    let listOver (least: int) (shrinkItem: 'item -> 'item seq) (items: 'item list) : 'item list seq =
        list shrinkItem items |> Seq.filter (fun smaller -> smaller.Length >= least)

    /// Lists of what a generator gives, with at least so many elements.
    let listsOf (least: int) (item: Arbitrary<'item>) : Arbitrary<'item list> =
        let gen =
            Gen.sized (fun size ->
                Gen.choose (least, max least size)
                |> Gen.bind (fun n -> Gen.listOfLength n item.Generator))

        Arb.fromGenShrink (gen, listOver least item.Shrinker)

    /// One of a few values; the ones that come first are the simpler.
    let oneOf (values: 'item list) : Arbitrary<'item> = Arb.fromGenShrink (Gen.elements values, before values)

    /// A whole number within two limits, both allowed; the lower ones are the simpler.
    let between (least: int) (most: int) : Arbitrary<int> = Arb.fromGenShrink (Gen.choose (least, most), towards least)

    /// Both of a pair, shrunk one at a time.
    let pair (one: Arbitrary<'one>) (other: Arbitrary<'other>) : Arbitrary<'one * 'other> =
        Arb.fromGenShrink (Gen.zip one.Generator other.Generator, both one.Shrinker other.Shrinker)
