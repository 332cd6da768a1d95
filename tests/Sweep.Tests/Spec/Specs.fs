/// Specs as text, and the parameters of their settings.
module BtcBandit.Sweep.Tests.Spec.Specs

open System
open System.Collections.Generic
open System.Globalization
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Sweep.Spec

/// What settings may name here; those of the program are its flags.
let names = [|
    "agent"
    "indicators"
    "horizon"
    "posterior-scale"
    "forgetting"
    "position"
    "cash"
    "fee-bps"
    "slippage-bps"
|]

let private number (text: string) =
    match
        Double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint ||| NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture
        )
    with
    | true, value -> value
    | _ -> raise (SweepException $"{text}: a number is needed")

/// Indicators that are warm after a few candles, and trading that costs nothing, so that there are trades.
let parametersOf (setting: Setting) =
    let values = Dictionary<string, string> setting.Values

    let value name otherwise (read: string -> 'value) =
        match values.TryGetValue name with
        | true, text -> read text
        | _ -> otherwise

    let horizon (text: string) = if text = "auto" then Nullable() else Nullable(int text)

    RunParameters(
        Agent = value "agent" "linear-ts" id,
        Indicators = value "indicators" "sma:5,ema:5" id,
        Horizon = value "horizon" (Nullable 3) horizon,
        PosteriorScale = value "posterior-scale" 0.35 number,
        Forgetting = value "forgetting" 0.999 number,
        PositionFraction = value "position" 1.0 number,
        InitialCash = value "cash" 1000.0 number,
        Costs = Costs.Of(value "fee-bps" 0.0 number, value "slippage-bps" 0.0 number)
    )

let readIn folder (json: string) = SpecReader.Read(json, folder, names)
let read json = readIn "folder" json

/// A spec of one synthetic market with these members besides.
let synthetic candles (members: string) =
    read $$"""{"synthetic": {"worlds": ["drifts"], "candles": {{candles}}}, {{members}}}"""
