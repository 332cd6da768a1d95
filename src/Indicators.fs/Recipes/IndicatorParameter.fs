namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Globalization

/// <summary>The ranges that every indicator's parameters keep.</summary>
[<AbstractClass; Sealed>]
type ParameterRange =

    /// <summary>The largest period, 10,000 inputs.</summary>
    static member MaxPeriod = 10_000

    /// <summary>The largest multiple, step or acceleration, 1,000; each must be above 0.</summary>
    static member MaxMultiple = 1_000.0

    static member internal IsMultiple(value: float) = value > 0.0 && value <= ParameterRange.MaxMultiple
    static member internal OfPeriods = "1..10000"
    static member internal OfMultiples = "a number above 0, at most 1000"

    /// The period, where it is accepted.
    static member internal Period(period: int) =
        if period < 1 || period > ParameterRange.MaxPeriod then
            raise (ArgumentOutOfRangeException(nameof period, period, "period must be " + ParameterRange.OfPeriods))

        period

    /// The multiple, where it is accepted.
    static member internal Multiple(name: string, value: float) =
        if not (ParameterRange.IsMultiple value) then
            raise (
                ArgumentOutOfRangeException(name, value, String.Concat(name, " must be ", ParameterRange.OfMultiples))
            )

        value

/// What a parameter accepts besides its words.
type internal ParameterKind =
    | Period = 0
    | Number = 1

/// <summary>A parameter of an indicator: its name, what it accepts and its default.</summary>
[<Sealed>]
type IndicatorParameter private (name: string, kind: ParameterKind, words: string[], defaultText: string) =

    // As strict as a period: neither spaces nor a sign.
    static let plainNumber = NumberStyles.AllowDecimalPoint ||| NumberStyles.AllowExponent

    static let invariant = CultureInfo.InvariantCulture

    /// <summary>The name, for instance "period".</summary>
    member _.Name = name

    /// <summary>The default in shortest form, for instance "14".</summary>
    member _.Default = defaultText

    /// <summary>What is accepted, for instance "1..10000".</summary>
    member _.Accepts =
        let range =
            if kind = ParameterKind.Period then
                ParameterRange.OfPeriods
            else
                ParameterRange.OfMultiples

        if words.Length = 0 then range else String.Join(", ", words) + " or " + range

    /// <summary>A number of inputs, 1..10000.</summary>
    static member Period(name: string, defaultValue: int) =
        IndicatorParameter(name, ParameterKind.Period, [||], (ParameterRange.Period defaultValue).ToString invariant)

    /// <summary>A number of inputs, 1..10000, or one of some words.</summary>
    /// <param name="name">The name.</param>
    /// <param name="defaultValue">One of the words, or a period.</param>
    /// <param name="words">The words.</param>
    static member PeriodOr(name: string, defaultValue: string, [<ParamArray>] words: string[]) =
        IndicatorParameter(name, ParameterKind.Period, Array.copy words, defaultValue)

    /// <summary>A multiple, step or acceleration: a number above 0, at most 1000.</summary>
    static member Number(name: string, defaultValue: float) =
        let value = ParameterRange.Multiple(name, defaultValue)
        IndicatorParameter(name, ParameterKind.Number, [||], value.ToString("R", invariant))

    /// The parameter in shortest form, or what is accepted.
    member internal parameter.Read(text: string) : Result<string, string> =
        let refused () = Error(String.Concat(name, " must be ", parameter.Accepts))

        if Array.contains text words then
            Ok text
        // .NET skips the character NUL after a number.
        elif text.Contains '\000' then
            refused ()
        elif kind = ParameterKind.Period then
            match Int32.TryParse(text, NumberStyles.None, invariant) with
            | true, value when value >= 1 && value <= ParameterRange.MaxPeriod -> Ok(value.ToString invariant)
            | _ -> refused ()
        else
            match Double.TryParse(text, plainNumber, invariant) with
            | true, value when ParameterRange.IsMultiple value -> Ok(value.ToString("R", invariant))
            | _ -> refused ()

/// <summary>The parameters of one indicator, each within what it accepts.</summary>
[<Sealed>]
type IndicatorParameters internal (texts: string[]) =

    /// <summary>All of them in shortest form, defaults included.</summary>
    member _.Texts: IReadOnlyList<string> = texts

    /// <summary>A parameter in shortest form.</summary>
    member _.Text(index: int) : string = texts[index]

    /// <summary>A parameter that is a number of inputs.</summary>
    /// <exception cref="System.FormatException">It is one of its words.</exception>
    member _.Period(index: int) : int = Int32.Parse(texts[index], CultureInfo.InvariantCulture)

    /// <summary>A parameter that is a number.</summary>
    /// <exception cref="System.FormatException">It is one of its words.</exception>
    member _.Number(index: int) : float = Double.Parse(texts[index], CultureInfo.InvariantCulture)
