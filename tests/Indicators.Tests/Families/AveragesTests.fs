namespace BtcBandit.Indicators.Tests

open System
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// Numbers on which averages round badly, with a period.
type Rounded =
    | Rounded of period: int * inputs: float[]

    static member Arbitrary() =
        let tick = Gen.choose (0, 8) |> Gen.map (fun digits -> 10.0 ** float digits)

        // As a file has them: the double that is nearest to a decimal.
        let decimals =
            gen {
                let! ticks = tick
                let! low = Gen.choose (1, 100_000)
                let! spread = Gen.elements [ 0; 0; 1; 2; 50 ]

                return!
                    Gen.choose (low, low + spread)
                    |> Gen.map (fun price -> float price / ticks)
                    |> Gen.listOfLength 120
            }

        // Neighbours of each other, one to three last digits apart.
        let neighbours =
            gen {
                let! ticks = tick
                let! price = Gen.choose (1, 100_000) |> Gen.map (fun price -> float price / ticks)
                let next value steps = Seq.fold (fun value _ -> Math.BitIncrement value) value (seq { 1..steps })
                return! Gen.choose (0, 3) |> Gen.map (next price) |> Gen.listOfLength 120
            }

        let jumps = Gen.elements [ 1e9; 0.1; 1e-6; 3.3 ] |> Gen.listOfLength 120

        gen {
            let! period = Gen.choose (1, 60)
            let! inputs = Gen.frequency [ 3, decimals; 2, neighbours; 1, jumps ]
            return Rounded(period, Array.ofList inputs)
        }
        |> fun gen -> Arb.fromGenShrink (gen, Rounded.Shrunk)

    /// Shorter periods and fewer inputs; the inputs themselves round badly as they are.
    static member private Shrunk(Rounded(period, inputs)) =
        seq {
            for shorter in List.distinct [ 1; period / 2; period - 1 ] do
                if shorter >= 1 && shorter < period then
                    Rounded(shorter, inputs)

            for fewer in Shrinking.shorter (List.ofArray inputs) do
                Rounded(period, Array.ofList fewer)
        }

/// Averages stay within what they are averages of, to the last bit. A thousand cases: few series round badly enough.
module AveragesTests =

    let private middle period =
        Bands.bollinger period 2.0
        |> Indicator.map (fun (bands: BollingerBands) -> bands.Middle)

    let private values indicator (inputs: float[]) = Indicator.run indicator inputs

    /// The first output outside the lowest and highest of the inputs that it is an average of.
    let private leaves (indicator: Indicator<'State, float, float>) length (inputs: float[]) =
        values indicator inputs
        |> Array.indexed
        |> Array.tryPick (fun (i, output) ->
            let window = inputs[max 0 (i - length + 1) .. i]

            match output with
            | ValueSome value when value < Array.min window || value > Array.max window -> Some(i, value)
            | _ -> None)

    /// Silent until there are as many inputs as the period, and never outside the last so many of them.
    let private stays indicator period length (inputs: float[]) =
        let spoken = values indicator inputs |> Array.map ValueOption.isSome
        equal (Array.init inputs.Length (fun i -> i >= period - 1)) spoken
        equal None (leaves indicator length inputs)

    [<Tests>]
    let tests =
        testList "AveragesTests" [
            propertyWith 1_000 [ typeof<Rounded> ] "windowed averages stay within the window"
            <| fun (Rounded(period, inputs)) ->
                stays (Averages.sma period) period period inputs
                stays (Averages.wma period) period period inputs
                stays (middle period) period period inputs

            propertyWith 1_000 [ typeof<Rounded> ] "averages that fade stay within all inputs"
            <| fun (Rounded(period, inputs)) ->
                stays (Averages.ema period) period Int32.MaxValue inputs
                stays (Averages.wilder period) period Int32.MaxValue inputs

            propertyWith 1_000 [ typeof<Rounded> ] "the middle band is the simple average to the last bit"
            <| fun (Rounded(period, inputs)) ->
                equalSeq (values (Averages.sma period) inputs) (values (middle period) inputs)

            cases "of a constant, every average is the constant" [ 0.48; 0.1; 61_234.57; 1.7e-8 ]
            <| fun (price: float) ->
                for period in [ 1..60 ] @ [ 200; 999 ] do
                    let inputs = Array.create (3 * period) price

                    let expected =
                        Array.init inputs.Length (fun i -> if i < period - 1 then ValueNone else ValueSome price)

                    equal expected (values (Averages.sma period) inputs)
                    equal expected (values (Averages.wma period) inputs)
                    equal expected (values (Averages.ema period) inputs)
                    equal expected (values (middle period) inputs)

            testCase "of one input, every average is the input"
            <| fun () ->
                let inputs = [| for i in 0..99 -> if i % 3 = 0 then 1e9 + 0.1 else 1e-6 * float i |]

                for indicator in [ Averages.ema 1; Averages.wilder 1 ] do
                    equalSeq (Array.map ValueSome inputs) (values indicator inputs)

                equalSeq (Array.map ValueSome inputs) (values (Averages.sma 1) inputs)
                equalSeq (Array.map ValueSome inputs) (values (Averages.wma 1) inputs)

            /// The smallest difference of a price of ten digits.
            cases "a mean that differs from the newest input by less than a tick is not the input" [ 14; 200 ]
            <| fun (period: int) ->
                let price, tick = 61_234.56789, 0.00001
                let inputs = Array.init (2 * period) (fun i -> if i = period then price + tick else price)
                let share = tick / float period
                let mean = (Array.last (values (Averages.sma period) inputs)).Value
                isNear (0.01 * share) share (mean - price)

            testCase "bands saved without sums go on"
            <| fun () ->
                let inputs = [| for i in 0..199 -> 60_000.0 + 100.0 * sin (float i / 3.0) |]
                let indicator = Bands.bollinger 20 2.0

                for cut in [ 1; 7; 19; 20; 21; 33; 60 ] do
                    let run = indicator.Start()

                    for input in inputs[.. cut - 1] do
                        run.TryNext input |> ignore

                    // Lane 2 of the front and the sum of the back are left out.
                    let saved = nonNull (Text.Json.Nodes.JsonNode.Parse(run.Save().GetRawText()))
                    let front = (nonNull (nonNull saved["Slide"]).["front"]).AsArray()

                    while front.Count > 40 do
                        front.RemoveAt(front.Count - 1)

                    saved.AsObject().Remove "Back" |> ignore
                    use json = Text.Json.JsonDocument.Parse(saved.ToJsonString())
                    let resumed = indicator.Restore json.RootElement

                    let mutable spoken = 0

                    for input in inputs[cut..] do
                        let isSpoken, expected = run.TryNext input
                        let speaks, bands = resumed.TryNext input
                        equal isSpoken speaks

                        if speaks then
                            spoken <- spoken + 1
                            isNear 1e-10 expected.Middle bands.Middle
                            equal expected.PercentB bands.PercentB

                    equal (200 - max cut 19) spoken
        ]
