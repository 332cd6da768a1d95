namespace BtcBandit.Indicators

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json.Serialization
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Numerics

/// <summary>State of a moving mean and deviation.</summary>
[<Struct; JsonConverter(typeof<SpreadFormat>)>]
type SpreadState =
    {
        /// The window; its front holds means in lane 0, sums of squared deviations from them in lane 1.
        mutable Window: TwoStackWindow
        /// Mean of the newer part.
        mutable Mean: float
        /// Sum of squared deviations of the newer part from its mean.
        mutable Squares: float
    }

and [<Sealed>] internal SpreadFormat() =
    inherit FieldsFormat<SpreadState>()

    static member val Instance = SpreadFormat()

    override _.Visit(fields, state) =
        fields.State("Slide", TwoStackWindowFormat.Instance, &state.Window)
        fields.Number("Mean", &state.Mean)
        fields.Number("Squares", &state.Squares)

/// <summary>State of Bollinger bands.</summary>
[<Struct; JsonConverter(typeof<BollingerFormat>)>]
type BollingerState =
    {
        /// Mean and deviation; the front of its window holds sums of its values in lane 2.
        mutable Spread: SpreadState
        /// The sum of the window's newer part.
        mutable Back: Sum
    }

and [<Sealed>] internal BollingerFormat() =
    inherit StateFormat<BollingerState>()

    /// A state without sums, as earlier versions saved it: they follow from the means.
    static let summed (spread: SpreadState) =
        let back, front = spread.Window.BackValues 1, spread.Window.Front
        let length = front.Length / 2
        let sums = Array.init length (fun i -> front[i] * float (length - i))
        let window = TwoStackWindow.Of(Array.append front sums, back)

        {
            Spread = { spread with Window = window }
            Back = back |> Array.fold (fun sum value -> sum.Add value) Sum.Zero
        }

    override _.WriteFields(writer, state) =
        SpreadFormat.Instance.WriteFields(writer, state.Spread)
        writer.Sum("Back", state.Back)

    override _.ReadFields fields =
        let spread = SpreadFormat.Instance.ReadFields fields

        if fields.Has "Back" then
            { Spread = spread; Back = fields.Sum "Back" }
        else
            summed spread

/// <summary>A moving mean and the population standard deviation about it, in the unit of the input.</summary>
[<Struct; StructLayout(LayoutKind.Sequential)>]
type Spread = { Mean: float; Deviation: float }

/// <summary>Bollinger bands of a price.</summary>
/// <remarks>Source: Bollinger (2001), Bollinger on Bollinger Bands; the deviation is the population's, as in TA-Lib.</remarks>
[<Struct; StructLayout(LayoutKind.Sequential)>]
type BollingerBands =
    {
        /// The simple moving average, in the unit of the input: the same number as <c>Averages.Sma</c> gives, to the last bit.
        Middle: float
        /// Middle + multiple x deviation.
        Upper: float
        /// Middle - multiple x deviation.
        Lower: float
        /// (input - lower) / (upper - lower): 0 at the lower band, 1 at the upper; 0.5 where they meet.
        PercentB: float
        /// (upper - lower) / middle, a fraction.
        Bandwidth: float
    }

/// <summary>Deviation of a number from its moving mean: standard deviation, z-score and Bollinger bands.</summary>
[<RequireQualifiedAccess>]
module Bands =

    /// 1/n at index n. Welford's update divides by n at each value, and divisions in a row wait for each other; multiplying by
    /// the reciprocal takes a third of the time and differs in the last digit only.
    let private reciprocals period = Array.init (period + 1) (fun n -> if n = 0 then 0.0 else 1.0 / float n)

    /// Means, and behind them sums of squared deviations from them, of the values from each one to the last; the values
    /// fill the first lane, which the means overwrite. A third lane is filled with the sums of the values, made beside the
    /// means because the processor waits for those.
    let private suffixSpreads (inverses: float[]) length (lanes: float[]) =
        let hasSums = lanes.Length > 2 * length
        let mutable sum = Sum.Zero
        let mutable mean = 0.0
        let mutable squares = 0.0

        for i in length - 1 .. -1 .. 0 do
            let value = lanes[i]
            let delta = value - mean
            mean <- mean + delta * inverses[length - i]
            squares <- squares + delta * (value - mean)
            lanes[i] <- mean
            lanes[length + i] <- squares

            if hasSums then
                sum <- sum.Add value
                lanes[2 * length + i] <- sum.Value

        lanes

    /// Steps the state and gives mean and variance. Values are added as Welford (1962) does, the two parts joined as
    /// Chan, Golub and LeVeque (1983) do: squares of small differences only, and nothing at all in a flat market.
    let inline private pushSpread
        (state: byref<SpreadState>)
        period
        (inverses: float[])
        (input: float)
        (mean: byref<float>)
        =
        state.Window.Push(input, period)
        let back = state.Window.Back
        let delta = input - state.Mean
        let backMean = state.Mean + delta * inverses[back]
        let backSquares = state.Squares + delta * (input - backMean)
        state.Mean <- backMean
        state.Squares <- backSquares

        if back = period then
            mean <- backMean
            backSquares / float period
        else
            let front = state.Window.FrontSum
            let gap = backMean - front
            let weight = float back / float period
            mean <- front + gap * weight
            let between = gap * gap * (float (period - back) * weight)
            (state.Window.SecondFrontSum period + backSquares + between) / float period

    let inline private flip (state: byref<SpreadState>) (lanes: float[]) =
        state.Window.Flip lanes
        state.Mean <- 0.0
        state.Squares <- 0.0

    let inline private stepSpread
        (state: byref<SpreadState>)
        period
        (inverses: float[])
        (input: float)
        (mean: byref<float>)
        =
        if state.Window.IsDue period then
            flip &state (suffixSpreads inverses period (state.Window.BackValues 2))

        pushSpread &state period inverses input &mean

    let private start = { SpreadState.Window = TwoStackWindow.Empty; Mean = 0.0; Squares = 0.0 }

    [<Struct>]
    type internal SpreadStep =
        val private period: int
        val private inverses: float[]
        new(period) = { period = ParameterRange.Period period; inverses = reciprocals period }

        interface IStep<SpreadState, float, Spread> with
            member step.WarmUp = step.period - 1
            member _.Initial = start
            member step.Accepts state = state.Window.Fits(step.period, 2)

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let mutable mean = 0.0
                let variance = stepSpread &state step.period step.inverses input &mean
                output <- { Mean = mean; Deviation = sqrt variance }
                state.Window.IsFull step.period

    [<Struct>]
    type internal StdevStep =
        val private period: int
        val private inverses: float[]
        new(period) = { period = ParameterRange.Period period; inverses = reciprocals period }

        interface IStep<SpreadState, float, float> with
            member step.WarmUp = step.period - 1
            member _.Initial = start
            member step.Accepts state = state.Window.Fits(step.period, 2)

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let mutable mean = 0.0
                let variance = stepSpread &state step.period step.inverses input &mean
                output <- sqrt variance
                state.Window.IsFull step.period

    [<Struct>]
    type internal ZscoreStep =
        val private period: int
        val private inverses: float[]
        new(period) = { period = ParameterRange.Period period; inverses = reciprocals period }

        interface IStep<SpreadState, float, float> with
            member step.WarmUp = step.period - 1
            member _.Initial = start
            member step.Accepts state = state.Window.Fits(step.period, 2)

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let mutable mean = 0.0
                let variance = stepSpread &state step.period step.inverses input &mean
                output <- if variance > 0.0 then (input - mean) / sqrt variance else 0.0
                state.Window.IsFull step.period

    [<Struct>]
    type internal BollingerStep =
        val private period: int
        val private inverses: float[]
        val private slack: float
        val private multiple: float

        new(period, multiple) =
            {
                period = ParameterRange.Period period
                inverses = reciprocals period
                slack = Averages.slackOf period
                multiple = ParameterRange.Multiple(nameof multiple, multiple)
            }

        interface IStep<BollingerState, float, BollingerBands> with
            member step.WarmUp = step.period - 1
            member _.Initial = { Spread = start; Back = Sum.Zero }
            member step.Accepts state = state.Spread.Window.Fits(step.period, 3)

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let period = step.period

                if state.Spread.Window.IsDue period then
                    flip &state.Spread (suffixSpreads step.inverses period (state.Spread.Window.BackValues 3))
                    state.Back <- Sum.Zero

                let mutable mean = 0.0
                let band = step.multiple * sqrt (pushSpread &state.Spread period step.inverses input &mean)
                let back = state.Back.Add input
                state.Back <- back
                let front = state.Spread.Window.FrontAt(2 * period + state.Spread.Window.Back)
                let middle = Averages.meanOf (front + back.Value) (float period) step.slack input
                // About the mean of the deviation, which may differ from the middle in its last digits.
                let lower = mean - band
                let width = mean + band - lower

                output <-
                    {
                        Middle = middle
                        Upper = middle + band
                        Lower = middle - band
                        PercentB = (if width > 0.0 then (input - lower) / width else 0.5)
                        Bandwidth = width / mean
                    }

                state.Spread.Window.IsFull period

    /// <summary>Moving mean and population standard deviation of the last <paramref name="period" /> inputs.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input; the deviation is at least 0. Silent for period - 1 inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Spread")>]
    let spread period = Indicator.ofStep (SpreadStep period)

    /// <summary>Population standard deviation of the last <paramref name="period" /> inputs.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input, at least 0. Silent for period - 1 inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Stdev")>]
    let stdev period = Indicator.ofStep (StdevStep period)

    /// <summary>How many standard deviations the input stands above the mean of the last <paramref name="period" /> inputs.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>Dimensionless; 0 where the deviation is 0. Silent for period - 1 inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Zscore")>]
    let zscore period = Indicator.ofStep (ZscoreStep period)

    /// <summary>Bollinger bands: the mean of the last <paramref name="period" /> inputs and a multiple of their deviation about it.</summary>
    /// <param name="period">Inputs, 1..10000; Bollinger used 20.</param>
    /// <param name="multiple">Deviations from middle to band, above 0 and at most 1000; Bollinger used 2.</param>
    /// <returns>Prices in the unit of the input, %B and bandwidth as fractions. Silent for period - 1 inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000, or the multiple not above 0 and at most 1000.</exception>
    [<CompiledName("Bollinger")>]
    let bollinger period multiple = Indicator.ofStep (BollingerStep(period, multiple))

    let private bollingerBand =
        {
            Key = 'b'
            Group = "Bollinger"
            Glyph = '┄'
            Tone = OverlayTone.Muted
            StaysNear = false
            Outputs = [| 0; 1; 2 |]
        }

    let private bollingerRecipe =
        let make (p: IndicatorParameters) =
            Recipe.madeOfCloses (BollingerFormat()) (BollingerStep(p.Period 0, p.Number 1))

        { Recipe.ofPeriod "bb" 20 Recipe.window make with
            Accepted =
                [
                    IndicatorParameter.Period("period", 20)
                    IndicatorParameter.Number("multiple", 2.0)
                ]
            OutputNames = [ "mid"; "upper"; "lower"; "percent_b"; "bandwidth" ]
            CalledElsewhere = "bollinger bollingerband bollingerbands bband bbands band bands"
            Gives =
                fun p ->
                    [
                        // In units of two deviations, wherever the bands are.
                        IndicatorFeature.Centred(3, p.Number 1 / 2.0)
                        IndicatorFeature.LogStandardised 4
                    ]
            Drawn = ValueSome bollingerBand
        }

    let internal recipes =
        [
            bollingerRecipe
            { Recipe.ofPeriod "stdev" 20 Recipe.window (fun p ->
                  Recipe.madeOfCloses SpreadFormat.Instance (StdevStep(p.Period 0))) with
                CalledElsewhere = "std deviation standarddeviation sigma"
                Gives = fun _ -> [ IndicatorFeature.LogStandardised 0 ]
            }
            { Recipe.ofPeriod "zscore" 20 Recipe.window (fun p ->
                  Recipe.madeOfCloses SpreadFormat.Instance (ZscoreStep(p.Period 0))) with
                CalledElsewhere = "standardscore"
                Gives = fun _ -> [ IndicatorFeature.Plain 0 ]
            }
        ]
