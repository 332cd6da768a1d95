namespace BtcBandit.Indicators.Numerics

open System
open System.Globalization
open System.Text.Json
open System.Text.Json.Serialization

/// <summary>Writes numbers to JSON such that reading gives the same bits, infinities and NaN as strings.</summary>
/// <remarks>
/// .NET 10 writes the shortest digits that read back as the same number, with two exceptions: 2^-25 and 2^-958 get 16 digits
/// that read back as the number below. Here they get 17. Delete this when the runtime writes those two correctly.
/// </remarks>
[<Sealed>]
type ExactNumbers() =
    inherit JsonConverter<float>()

    static let isMisread value =
        let magnitude = abs value
        magnitude = Math.ScaleB(1.0, -25) || magnitude = Math.ScaleB(1.0, -958)

    /// <summary>Writes one number.</summary>
    static member WriteTo(writer: Utf8JsonWriter, value: float) =
        if isMisread value then
            writer.WriteRawValue(value.ToString("E16", CultureInfo.InvariantCulture))
        elif Double.IsFinite value then
            writer.WriteNumberValue value
        else
            writer.WriteStringValue(value.ToString CultureInfo.InvariantCulture)

    /// A number as it is written to a string: infinite, or not a number.
    static member internal TryParse(text: string | null) =
        match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value -> ValueSome value
        | false, _ -> ValueNone

    /// <summary>Reads one number.</summary>
    static member ReadFrom(json: JsonElement) : float =
        if json.ValueKind = JsonValueKind.String then
            Double.Parse(json.ToString(), CultureInfo.InvariantCulture)
        else
            json.GetDouble()

    override _.Write(writer, value, _) = ExactNumbers.WriteTo(writer, value)

    override _.Read(reader, _, _) =
        if reader.TokenType = JsonTokenType.String then
            match ExactNumbers.TryParse(reader.GetString()) with
            | ValueSome value -> value
            | ValueNone -> raise (JsonException $"'{reader.GetString()}' is not a number.")
        else
            reader.GetDouble()
