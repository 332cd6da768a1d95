namespace BtcBandit.Indicators.Numerics

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics

/// Vectors of numbers in lanes of four: one order of every sum, whatever the processor.
///
/// Without AVX the runtime emulates the four lanes, with the same bits; multiplications and additions are never fused.
/// Lengths are whole numbers of lanes, padded with zeros. Replaces System.Numerics.Tensors, whose sums depend on the width
/// of the processor's registers; a scalar product of 24 numbers takes 16 ns, in a plain loop 23. Delete it when that has sums
/// of a fixed order.
module internal Lanes =

    [<Literal>]
    let Width = 4

    /// The smallest whole number of lanes that holds `length` numbers.
    let Padded (length: int) = (length + Width - 1) / Width * Width

    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let Load (start: byref<float>, index: int) : Vector256<float> = Vector256.LoadUnsafe(&start, unativeint index)

    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let Store (value: Vector256<float>, start: byref<float>, index: int) : unit =
        value.StoreUnsafe(&start, unativeint index)

    /// The sum of the four lanes. Spelled out, because Vector256.Sum may add in another order on another processor.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let Sum (value: Vector256<float>) : float =
        let pairs =
            Vector128.Create(value.GetElement 0, value.GetElement 2)
            + Vector128.Create(value.GetElement 1, value.GetElement 3)

        pairs.GetElement 0 + pairs.GetElement 1

    /// The scalar product of two vectors of the same length.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let Dot (left: ReadOnlySpan<float>, right: ReadOnlySpan<float>) : float =
        let a = &MemoryMarshal.GetReference left
        let b = &MemoryMarshal.GetReference(right.Slice(0, left.Length))
        let mutable sum = Vector256<float>.Zero
        let mutable i = 0

        while i < left.Length do
            sum <- sum + Load(&a, i) * Load(&b, i)
            i <- i + Width

        Sum sum

    /// result = share x one + (1 - share) x other.
    let Mix (share: float, one: ReadOnlySpan<float>, other: ReadOnlySpan<float>, result: Span<float>) : unit =
        let first = &MemoryMarshal.GetReference(one.Slice(0, result.Length))
        let second = &MemoryMarshal.GetReference(other.Slice(0, result.Length))
        let target = &MemoryMarshal.GetReference result
        let shares, rests = Vector256.Create share, Vector256.Create(1.0 - share)
        let mutable i = 0

        while i < result.Length do
            Store(shares * Load(&first, i) + rests * Load(&second, i), &target, i)
            i <- i + Width
