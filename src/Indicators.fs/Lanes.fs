namespace BtcBandit.Indicators

open System.Runtime.Intrinsics

/// Numbers four at a time; the same bits as one at a time.
module internal Lanes =
    [<Literal>]
    let Width = 4

    /// The least whole number of lanes that holds so many numbers.
    let padded length = (length + Width - 1) / Width * Width

    let inline load (numbers: float[]) i = Vector256.LoadUnsafe(&numbers[i])
    let inline store (lanes: Vector256<float>) (numbers: float[]) i = lanes.StoreUnsafe(&numbers[i])
