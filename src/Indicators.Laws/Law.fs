namespace BtcBandit.Indicators.Laws

/// <summary>One law: its number and what it says.</summary>
[<Sealed>]
type Law
    internal
    (
        number: int,
        name: string,
        sentence: string,
        missing: Subject -> string voption,
        examine: Subject -> Case -> Counterexample voption
    ) =

    /// <summary>1 to 10.</summary>
    member _.Number = number

    /// <summary>One word.</summary>
    member _.Name = name

    /// <summary>What it says, a sentence without its full stop.</summary>
    member _.Sentence = sentence

    /// What a subject must claim for the law to apply; absent where it does.
    member internal _.Missing subject = missing subject

    /// A counterexample in a case, absent where the law holds.
    member internal _.Examine (subject: Subject) (case: Case) = examine subject case

    /// <summary>Number, name and sentence.</summary>
    override _.ToString() = $"law {number}, {name}: {sentence}"

/// The ten laws.
module internal TenLaws =

    open OutputLaws
    open StateLaws

    let private always _ = ValueNone
    let private needs what claimed = if claimed then ValueNone else ValueSome what

    let private law number name sentence missing examine = Law(number, name, sentence, missing, examine)

    /// The default number of candles of the law of drift: enough that most come after the first window.
    let defaultDrift (subject: Subject) = max 20_000L (4L * int64 (subject.Window.GetValueOrDefault()))

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
                (fun s -> needs "WithWindow" s.Window.HasValue)
                (fun subject case -> drift (defaultDrift subject) subject case.Seed)
        |]

    let private numbered number = all |> Array.find (fun law -> law.Number = number)

    /// An exception counts against totality, whichever law ran.
    let totality = numbered 4

    /// Other outputs the second time count against purity, whichever law ran.
    let purity = numbered 7

    /// The law whose errors may be the serialiser's instead of the indicator's.
    let snapshot = numbered 8

    let drift = numbered 10
