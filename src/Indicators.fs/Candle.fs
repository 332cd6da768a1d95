namespace BtcBandit.Indicators

open System
open System.Diagnostics.CodeAnalysis
open System.Globalization
open System.Runtime.InteropServices
open System.Text.Json
open System.Text.Json.Serialization
open BtcBandit.Indicators.Numerics

/// <summary>The reason why a row is not a candle.</summary>
type CandleError =
    /// A price or volume is NaN or infinite.
    | NotFinite of field: string * value: float
    /// A price is zero or below.
    | NotPositive of field: string * value: float
    /// The volume is below zero.
    | NegativeVolume of value: float
    /// The high is below the low.
    | HighBelowLow of high: float * low: float
    /// Open or close lies outside low..high.
    | OutsideRange of field: string * value: float * low: float * high: float
    /// The open time is not within 1970..9999.
    | TimeOutOfRange of value: int64

    /// <summary>The name of the wrong field, as in candle files.</summary>
    member error.Field =
        match error with
        | NotFinite(field, _)
        | NotPositive(field, _)
        | OutsideRange(field, _, _, _) -> field
        | NegativeVolume _ -> "volume"
        | HighBelowLow _ -> "high"
        | TimeOutOfRange _ -> "open_time"

    /// <summary>One line in English: field, value and what is accepted.</summary>
    member error.Message =
        // Formattable: an interpolated string of its own takes the culture of the application.
        let text: FormattableString =
            match error with
            | NotFinite(field, value) -> $"{field} {value} is not a finite number"
            | NotPositive(field, value) -> $"{field} {value} is not above 0"
            | NegativeVolume value -> $"volume {value} is below 0"
            | HighBelowLow(high, low) -> $"high {high} is below low {low}"
            | OutsideRange(field, value, low, high) -> $"{field} {value} is outside low {low} .. high {high}"
            | TimeOutOfRange value -> $"open_time {value} is not a time in ms between 1970 and 9999"

        FormattableString.Invariant text

/// <summary>One closed candle (bar): open, high, low and close of one interval, and the traded volume.</summary>
/// <remarks>
/// Made only by <see cref="M:BtcBandit.Indicators.Candle.TryCreate" />: past that door every number is finite, prices
/// are above 0, low &lt;= open, close &lt;= high and volume is at least 0, so nothing inside checks for NaN.
/// JSON goes through the same door: what is read is a candle, to the last bit, or a
/// <see cref="T:System.Text.Json.JsonException" /> that says what is wrong. <c>default</c> is not a
/// valid candle: where there may be none yet, use an optional one.
/// </remarks>
[<Struct; NoComparison; JsonConverter(typeof<CandleConverter>)>]
type Candle private (openTime: int64, openPrice: float, high: float, low: float, close: float, volume: float) =

    /// <summary>When the interval began, in milliseconds since 1970-01-01 UTC.</summary>
    member _.OpenTime = openTime
    /// <summary>First traded price, in the quote currency.</summary>
    member _.Open = openPrice
    /// <summary>Highest traded price.</summary>
    member _.High = high
    /// <summary>Lowest traded price.</summary>
    member _.Low = low
    /// <summary>Last traded price.</summary>
    member _.Close = close
    /// <summary>Traded amount, in the base currency; 0 when nobody traded.</summary>
    member _.Volume = volume

    /// <summary>The mean of high, low and close: the "typical price".</summary>
    member _.Typical = (high + low + close) / 3.0

    override _.ToString() =
        let time =
            DateTimeOffset
                .FromUnixTimeMilliseconds(openTime)
                .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)

        FormattableString.Invariant $"{time} O {openPrice} H {high} L {low} C {close} V {volume}"

    /// <summary>Makes a candle of a row, or says what is wrong with it. There is no other way to make one.</summary>
    /// <param name="openTime">Milliseconds since 1970-01-01 UTC, up to the year 9999.</param>
    /// <param name="openPrice">First price, above 0.</param>
    /// <param name="high">Highest price, at least every other price.</param>
    /// <param name="low">Lowest price, at most every other price, above 0.</param>
    /// <param name="close">Last price, above 0.</param>
    /// <param name="volume">Traded amount, at least 0.</param>
    /// <param name="candle">The candle; <c>default</c>, which is not a valid candle, when the row is refused.</param>
    /// <param name="error">The first thing that is wrong with the row; null when it is a candle.</param>
    /// <returns>Whether the row is a candle. Never throws.</returns>
    /// <remarks>From F#: <c>Candle.tryCreate</c>, which gives a result.</remarks>
    static member TryCreate
        (
            openTime: int64,
            openPrice: float,
            high: float,
            low: float,
            close: float,
            volume: float,
            [<Out>] candle: byref<Candle>,
            [<Out; NotNullWhen(false)>] error: byref<CandleError | null>
        ) : bool =
        // One test for right rows: a comparison with NaN is false, so only finite numbers in order pass.
        if
            low > 0.0
            && high < infinity
            && openPrice >= low
            && openPrice <= high
            && close >= low
            && close <= high
            && volume >= 0.0
            && volume < infinity
            && openTime >= 0L
            && openTime <= 253402300799999L
        then
            candle <- Candle(openTime, openPrice, high, low, close, volume)
            error <- null
            true
        else
            candle <- Unchecked.defaultof<Candle>
            error <- Candle.Diagnose(openTime, openPrice, high, low, close, volume)
            false

    /// <summary>Makes a candle of a row that is known to be right, such as a row of an example.</summary>
    /// <param name="openTime">Milliseconds since 1970-01-01 UTC, up to the year 9999.</param>
    /// <param name="openPrice">First price, above 0.</param>
    /// <param name="high">Highest price, at least every other price.</param>
    /// <param name="low">Lowest price, at most every other price, above 0.</param>
    /// <param name="close">Last price, above 0.</param>
    /// <param name="volume">Traded amount, at least 0.</param>
    /// <exception cref="System.ArgumentException">The row is refused; the message says what is wrong.</exception>
    static member Of(openTime: int64, openPrice: float, high: float, low: float, close: float, volume: float) =
        match Candle.TryCreate(openTime, openPrice, high, low, close, volume) with
        | true, candle, _ -> candle
        | false, _, error -> raise (ArgumentException $"Not a candle: {(Unchecked.nonNull error).Message}.")

    static member private Diagnose(openTime, openPrice, high, low, close, volume) =
        let prices =
            [
                struct ("open", openPrice)
                struct ("high", high)
                struct ("low", low)
                struct ("close", close)
            ]

        let notFinite (struct (_, value: float)) = not (Double.IsFinite value)
        let notPositive (struct (_, value: float)) = value <= 0.0

        match List.tryFind notFinite (prices @ [ struct ("volume", volume) ]), List.tryFind notPositive prices with
        | Some(struct (field, value)), _ -> NotFinite(field, value)
        | None, Some(struct (field, value)) -> NotPositive(field, value)
        | None, None ->
            if volume < 0.0 then
                NegativeVolume volume
            elif high < low then
                HighBelowLow(high, low)
            elif openPrice < low || openPrice > high then
                OutsideRange("open", openPrice, low, high)
            elif close < low || close > high then
                OutsideRange("close", close, low, high)
            else
                TimeOutOfRange openTime

/// <summary>Candles as JSON objects: OpenTime, Open, High, Low, Close, Volume. What else an object holds is skipped.</summary>
and [<Sealed>] internal CandleConverter() =
    inherit JsonConverter<Candle>()

    static let names = [| "OpenTime"; "Open"; "High"; "Low"; "Close"; "Volume" |]

    static let time (reader: byref<Utf8JsonReader>) =
        match reader.TryGetInt64() with
        | true, value -> value
        | false, _ ->
            let value = reader.GetDouble()

            raise (JsonException(FormattableString.Invariant $"OpenTime of a candle is a whole number, not {value}."))

    override _.Write(writer, candle, _) =
        writer.WriteStartObject()
        writer.WriteNumber(names[0], candle.OpenTime)
        let values = [| candle.Open; candle.High; candle.Low; candle.Close; candle.Volume |]

        for i in 0 .. values.Length - 1 do
            writer.WritePropertyName names[i + 1]
            ExactNumbers.WriteTo(writer, values[i])

        writer.WriteEndObject()

    override _.Read(reader, _, _) =
        if reader.TokenType <> JsonTokenType.StartObject then
            raise (JsonException $"A candle is an object, not {reader.TokenType}.")

        let mutable openTime = 0L
        let values = Array.zeroCreate<float> names.Length
        let found = Array.zeroCreate<bool> names.Length

        while reader.Read() && reader.TokenType = JsonTokenType.PropertyName do
            let i = Array.IndexOf(names, reader.GetString())
            reader.Read() |> ignore

            if i < 0 then
                // Skip refuses a stream that goes on, though all of the candle is there.
                reader.TrySkip() |> ignore
            elif reader.TokenType <> JsonTokenType.Number then
                raise (JsonException $"{names[i]} of a candle is a number, not {reader.TokenType}.")
            else
                found[i] <- true
                if i = 0 then openTime <- time &reader else values[i] <- reader.GetDouble()

        if Array.contains false found then
            let missing = Array.zip names found |> Array.filter (snd >> not) |> Array.map fst
            raise (JsonException("A candle without " + String.Join(", ", missing) + "."))

        match Candle.TryCreate(openTime, values[1], values[2], values[3], values[4], values[5]) with
        | true, candle, _ -> candle
        | false, _, error -> raise (JsonException $"Not a candle: {(Unchecked.nonNull error).Message}.")
