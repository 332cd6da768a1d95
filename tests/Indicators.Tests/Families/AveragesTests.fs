namespace BtcBandit.Indicators.Tests

open System
open FsCheck
open FsCheck.FSharp
open NUnit.Framework
open FsCheck.NUnit
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
        |> Arb.fromGen

/// Averages stay within what they are averages of, to the last bit.
[<TestFixture; Properties(Arbitrary = [| typeof<Rounded> |], MaxTest = 1_000)>]
type AveragesTests() =

    let middle period =
        Bands.bollinger period 2.0
        |> Indicator.map (fun (bands: BollingerBands) -> bands.Middle)

    let values indicator (inputs: float[]) = Indicator.run indicator inputs

    /// The first output outside the lowest and highest of the inputs that it is an average of.
    let leaves (indicator: Indicator<'State, float, float>) length (inputs: float[]) =
        values indicator inputs
        |> Array.indexed
        |> Array.tryPick (fun (i, output) ->
            let window = inputs[max 0 (i - length + 1) .. i]

            match output with
            | ValueSome value when value < Array.min window || value > Array.max window -> Some(i, value)
            | _ -> None)

    let stays indicator length inputs = Assert.That(leaves indicator length inputs, Is.EqualTo None)

    [<Property>]
    member _.``windowed averages stay within the window``(Rounded(period, inputs)) =
        stays (Averages.sma period) period inputs
        stays (Averages.wma period) period inputs
        stays (middle period) period inputs

    [<Property>]
    member _.``averages that fade stay within all inputs``(Rounded(period, inputs)) =
        stays (Averages.ema period) Int32.MaxValue inputs
        stays (Averages.wilder period) Int32.MaxValue inputs

    [<Property>]
    member _.``the middle band is the simple average to the last bit``(Rounded(period, inputs)) =
        Assert.That(values (middle period) inputs, Is.EqualTo<float voption seq>(values (Averages.sma period) inputs))

    [<TestCase(0.48)>]
    [<TestCase(0.1)>]
    [<TestCase(61_234.57)>]
    [<TestCase(1.7e-8)>]
    member _.``of a constant, every average is the constant``(price: float) =
        for period in [ 1..60 ] @ [ 200; 999 ] do
            let inputs = Array.create (3 * period) price

            for output in
                Array.concat
                    [
                        values (Averages.sma period) inputs
                        values (Averages.wma period) inputs
                        values (Averages.ema period) inputs
                        values (middle period) inputs
                    ] do
                Assert.That(ValueOption.defaultValue price output, Is.EqualTo price, $"{period}")

    [<Test>]
    member _.``of one input, every average is the input``() =
        let inputs = [| for i in 0..99 -> if i % 3 = 0 then 1e9 + 0.1 else 1e-6 * float i |]

        for indicator in [ Averages.ema 1; Averages.wilder 1 ] do
            Assert.That(values indicator inputs, Is.EqualTo<float voption seq>(Array.map ValueSome inputs))

        Assert.That(values (Averages.sma 1) inputs, Is.EqualTo<float voption seq>(Array.map ValueSome inputs))
        Assert.That(values (Averages.wma 1) inputs, Is.EqualTo<float voption seq>(Array.map ValueSome inputs))

    /// The smallest difference of a price of ten digits.
    [<TestCase(14)>]
    [<TestCase(200)>]
    member _.``a mean that differs from the newest input by less than a tick is not the input``(period: int) =
        let price, tick = 61_234.56789, 0.00001
        let inputs = Array.init (2 * period) (fun i -> if i = period then price + tick else price)
        let share = tick / float period
        let mean = (Array.last (values (Averages.sma period) inputs)).Value
        Assert.That(mean - price, Is.EqualTo(share).Within(0.01 * share))

    [<Test>]
    member _.``bands saved without sums go on``() =
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

            for input in inputs[cut..] do
                let isSpoken, expected = run.TryNext input
                let speaks, bands = resumed.TryNext input
                Assert.That(speaks, Is.EqualTo isSpoken)

                if speaks then
                    Assert.That(bands.Middle, Is.EqualTo(expected.Middle).Within 1e-10)
                    Assert.That(bands.PercentB, Is.EqualTo expected.PercentB)
