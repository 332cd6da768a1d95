namespace BtcBandit.Indicators.Laws

/// <summary>One law: its number, what it says, whether it applies to a subject, and a look for a counterexample.</summary>
[<NoComparison; NoEquality>]
type Law =
    {
        /// 1 to 10.
        Number: int
        /// One word.
        Name: string
        /// What it says, a sentence without its full stop.
        Sentence: string
        /// What a subject must claim for the law to apply; absent where it does.
        Missing: Subject -> string voption
        /// A counterexample in a case, absent where the law holds.
        Examine: Subject -> Case -> Counterexample voption
    }

    override law.ToString() = $"law {law.Number}, {law.Name}: {law.Sentence}"

/// The ten laws.
module internal TenLaws =

    open OutputLaws
    open StateLaws

    let private always _ = ValueNone
    let private needs what claimed = if claimed then ValueNone else ValueSome what

    let private law number name sentence missing examine =
        {
            Number = number
            Name = name
            Sentence = sentence
            Missing = missing
            Examine = examine
        }

    /// Candles of the law of drift unless told otherwise.
    let usualDrift = 20_000L

    let all =
        [|
            law 1 "oracle" "every output equals its definition" (fun s -> needs "WithOracle" s.Oracle.IsSome) oracle
            law 2 "causality" "an output is the same to the last bit whatever comes after it" always causality
            law 3 "warm-up" "it is silent for exactly the stated number of candles and never after" always warmUp
            law 4 "totality" "every output is a finite number for every valid series" always totality
            law
                5
                "scale"
                "prices times a power of two multiply prices exactly and leave ratios alone, higher prices act as stated"
                (statesScale >> needs "WithScaling or WithShifting")
                scale
            law
                6
                "bounds"
                "every output stays within the stated bounds"
                (fun s -> needs "WithBounds" s.Bounds.IsSome)
                bounds
            law
                7
                "purity"
                "a kept state can be stepped again, in any order and by two threads, with the same results"
                always
                purity
            law 8 "snapshot" "a state saved as JSON and restored goes on to the last bit" always snapshot
            law
                9
                "forgetting"
                "after the stated number of candles it no longer matters what came before them"
                (fun s -> needs "WithForgetting" s.Forgetting.IsSome)
                forgetting
            law
                10
                "drift"
                "after a long run an output still equals a fresh computation of its window"
                (fun s -> needs "WithWindow" s.Window.IsSome)
                (fun subject case -> drift usualDrift subject case.Seed)
        |]
