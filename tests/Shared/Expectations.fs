namespace BtcBandit.Tests.Shared

open System
open System.Collections.Generic
open System.Diagnostics
open System.Text.RegularExpressions
open Expecto

/// What a test expects: first what should be, then what is. Each fails with both in the message.
[<AutoOpen; StackTraceHidden>] // Expecto keeps five lines of a stack: those of the test, not of this file.
module Expectations =
    let private fail (message: string) : 'never = failtest message

    let private show (value: 'value) = Shown.show (box value)

    // --- Equality.

    /// F# equality; all of both values is shown when it does not hold.
    let equal (expected: 'value) (actual: 'value) =
        if not (actual = expected) then
            fail (Shown.difference (box expected) (box actual))

    /// Texts of which either may be null.
    let equalText (expected: string | null) (actual: string | null) = equal (box expected) (box actual)

    let differs (unexpected: 'value) (actual: 'value) =
        if actual = unexpected then
            fail $"anything but {show unexpected} was expected"

    /// The same elements in the same order, whatever holds them.
    let equalSeq (expected: 'value seq) (actual: 'value seq) = equal (Array.ofSeq expected) (Array.ofSeq actual)

    /// The very same object.
    let isSame (expected: obj | null) (actual: obj | null) =
        if not (obj.ReferenceEquals(expected, actual)) then
            fail $"the same object as {Shown.show expected} was expected, not {Shown.show actual}"

    // --- Numbers and order.

    let private compared relation (limit: 'value) (actual: 'value) holds =
        if not holds then
            fail $"{show actual} is not {relation} {show limit}"

    let isAbove (limit: 'value) (actual: 'value) = compared "above" limit actual (actual > limit)
    let isAtLeast (limit: 'value) (actual: 'value) = compared "at least" limit actual (actual >= limit)
    let isBelow (limit: 'value) (actual: 'value) = compared "below" limit actual (actual < limit)
    let isAtMost (limit: 'value) (actual: 'value) = compared "at most" limit actual (actual <= limit)

    /// Between two limits, both allowed.
    let isWithin (low: 'value) (high: 'value) (actual: 'value) =
        if not (low <= actual && actual <= high) then
            fail $"{show actual} is not within {show low} and {show high}"

    let private near tolerance (expected: float) (actual: float) =
        actual.Equals expected
        || Double.IsFinite expected
           && Double.IsFinite actual
           && abs (actual - expected) <= tolerance

    /// Not further away than the tolerance; infinities and NaN are near themselves.
    let isNear (tolerance: float) (expected: float) (actual: float) =
        if not (near tolerance expected actual) then
            fail
                $"expected: {show expected} +/- {show tolerance}\n  actual: {show actual}, off by {show (abs (actual - expected))}"

    /// Not further away than so many percent of what is expected.
    let isNearPercent (percent: float) (expected: float) (actual: float) =
        isNear (abs expected * percent / 100.0) expected actual

    /// As many, and each near the one expected.
    let areNear (tolerance: float) (expected: float seq) (actual: float seq) =
        let expected, actual = Array.ofSeq expected, Array.ofSeq actual

        let at =
            Seq.zip expected actual
            |> Seq.tryFindIndex (fun (one, other) -> not (near tolerance one other))

        match at with
        | Some at ->
            fail
                $"element {at}: {show actual[at]} is not {show expected[at]} +/- {show tolerance}\nexpected: {show expected}\n  actual: {show actual}"
        | None when expected.Length <> actual.Length -> fail (Shown.difference expected actual)
        | None -> ()

    // --- Truth and nothing.

    let holds (condition: bool) =
        if not condition then
            fail "it should hold and does not"

    let fails (condition: bool) =
        if condition then
            fail "it should not hold and does"

    let isNull' (actual: obj | null) =
        if not (isNull actual) then
            fail $"null was expected, not {Shown.show actual}"

    let notNull' (actual: obj | null) =
        if isNull actual then
            fail "anything but null was expected"

    /// Of this type, or of one derived from it.
    let isA<'kind> (actual: obj | null) =
        match actual with
        | :? 'kind -> ()
        | null -> fail $"a {typeof<'kind>.Name} was expected, not null"
        | other -> fail $"a {typeof<'kind>.Name} was expected, not a {other.GetType().Name}: {Shown.show other}"

    // --- Sequences.

    let isEmpty (actual: 'value seq) =
        if not (Seq.isEmpty actual) then
            fail $"nothing was expected, not {show actual}"

    let isNotEmpty (actual: 'value seq) =
        if Seq.isEmpty actual then
            fail "it should not be empty"

    /// No element is there twice.
    let unique (actual: 'value seq) =
        let seen = HashSet<'value>()
        let twice = actual |> Seq.filter (seen.Add >> not) |> Seq.distinct |> List.ofSeq

        if not twice.IsEmpty then
            fail $"more than once: {show twice}"

    /// An element of the sequence.
    let has (part: 'value) (actual: 'value seq) =
        if not (Seq.contains part actual) then
            fail $"{show part} is not in {show actual}"

    let hasNot (part: 'value) (actual: 'value seq) =
        if Seq.contains part actual then
            fail $"{show part} is in {show actual}"

    /// Nothing but what is in a set.
    let isSubset (set: 'value seq) (actual: 'value seq) =
        let set = HashSet<'value> set
        let others = actual |> Seq.filter (set.Contains >> not) |> List.ofSeq

        if not others.IsEmpty then
            fail $"not expected: {show others}"

    /// Each element, of which there are at least two, at least as great as the one before it.
    let isAscending (actual: 'value seq) =
        if Seq.length (Seq.truncate 2 actual) < 2 then
            fail $"fewer than two elements have no order: {show actual}"

        match
            actual
            |> Seq.pairwise
            |> Seq.tryFindIndex (fun (one, next) -> not (one <= next))
        with
        | Some at -> fail $"element {at + 1} is below the one before it: {show actual}"
        | None -> ()

    /// Every element, of which there is at least one, is as it should be; the first that is not is named.
    let all (isRight: 'value -> bool) (actual: 'value seq) =
        isNotEmpty actual

        match actual |> Seq.indexed |> Seq.tryFind (snd >> isRight >> not) with
        | Some(at, wrong) -> fail $"element {at} is wrong: {show wrong}"
        | None -> ()

    // --- Texts.

    let private inText (text: string | null) holds (message: string) =
        match text with
        | null -> fail $"{message}: there is no text"
        | text ->
            if not (holds text) then
                fail $"{message}:\n{text}"

    let contains (part: string) (text: string | null) =
        inText text (fun text -> text.Contains(part, StringComparison.Ordinal)) $"{show part} is not in it"

    let lacks (part: string) (text: string | null) =
        inText text (fun text -> not (text.Contains(part, StringComparison.Ordinal))) $"{show part} is in it"

    let startsWith (part: string) (text: string | null) =
        inText text (fun text -> text.StartsWith(part, StringComparison.Ordinal)) $"it does not start with {show part}"

    let endsWith (part: string) (text: string | null) =
        inText text (fun text -> text.EndsWith(part, StringComparison.Ordinal)) $"it does not end with {show part}"

    /// A regular expression finds something in it.
    let matches (pattern: string) (text: string | null) =
        inText text (fun text -> Regex.IsMatch(text, pattern)) $"{pattern} does not match"

    let matchesNot (pattern: string) (text: string | null) =
        inText text (fun text -> not (Regex.IsMatch(text, pattern))) $"{pattern} matches"

    // --- Exceptions.

    let private ended (call: unit -> unit) =
        try
            call ()
            None
        with error ->
            Some error

    let private notThrown (expected: string) (found: exn option) =
        match found with
        | None -> $"{expected} was expected, but nothing was thrown"
        | Some other ->
            // Further in than the stack of the expectation, which is read from the message.
            let other = (string other).ReplaceLineEndings "\n  "
            $"{expected} was expected, but this was thrown: {other}"

    /// The exception that a call ends with: of just this type.
    let thrown<'error when 'error :> exn> (call: unit -> unit) : 'error =
        match ended call with
        | Some(:? 'error as error) when error.GetType() = typeof<'error> -> error
        | other -> fail (notThrown $"a {typeof<'error>.Name} and nothing derived from it" other)

    /// The exception that a call ends with: of this type, or of one derived from it.
    let caught<'error when 'error :> exn> (call: unit -> unit) : 'error =
        match ended call with
        | Some(:? 'error as error) -> error
        | other -> fail (notThrown $"a {typeof<'error>.Name}" other)

    /// Says why, if what is expected does not come true.
    let because (why: string) (expectation: unit -> unit) =
        try
            expectation ()
        with :? ExpectoException as error when not (error :? IgnoreException) ->
            fail $"{why}: {error.Message}"

    /// The call ends with an exception of just this type.
    let throws<'error when 'error :> exn> (call: unit -> unit) = thrown<'error> call |> ignore

    /// The call ends with an exception of this type, or of one derived from it.
    let throwsA<'error when 'error :> exn> (call: unit -> unit) = caught<'error> call |> ignore

    /// The call ends with an exception of just this type that blames an argument.
    let throwsFor<'error when 'error :> ArgumentException> (argument: string) (call: unit -> unit) =
        match (thrown<'error> call).ParamName with
        | name when name = argument -> ()
        | name -> fail $"the argument {show argument} should be blamed, not {Shown.show name}"
