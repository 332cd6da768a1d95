namespace BtcBandit.Indicators.Numerics

open System.Text.Json.Serialization

/// <summary>A sum with the rounding error of its additions kept beside it.</summary>
/// <remarks>Source: Knuth, TAOCP 2, 4.2.2, theorem B (two-sum); the error of n additions stays below two units.</remarks>
[<Struct>]
type Sum =
    {
        [<JsonConverter(typeof<ExactNumbers>)>]
        mutable Total: float
        [<JsonConverter(typeof<ExactNumbers>)>]
        mutable Error: float
    }

    /// <summary>Nothing added yet.</summary>
    static member Zero = { Total = 0.0; Error = 0.0 }

    /// <summary>The sum with one more number.</summary>
    member inline sum.Add(value: float) =
        let total = sum.Total + value
        let rounded = total - sum.Total

        {
            Total = total
            Error = sum.Error + ((sum.Total - (total - rounded)) + (value - rounded))
        }

    /// <summary>The sum, rounded once.</summary>
    [<JsonIgnore>]
    member inline sum.Value = sum.Total + sum.Error
