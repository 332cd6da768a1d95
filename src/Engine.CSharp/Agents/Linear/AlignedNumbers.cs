using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>A zero-initialised array of doubles that starts at a cache-line boundary.</summary>
/// <remarks>
/// Without alignment every wide load and store would touch two cache lines. Pinned, because the garbage collector would
/// move it otherwise. Replaces: a plain array, with which one observation of the learner takes 115 ns instead of 89. Delete
/// when .NET allocates aligned arrays.
/// </remarks>
internal readonly struct AlignedNumbers
{
    private const int Line = 64;

    private readonly double[] numbers;
    private readonly int start;
    private readonly int length;

    public AlignedNumbers(int length)
    {
        this.length = length;
        numbers = GC.AllocateArray<double>(length + Line / sizeof(double), pinned: true);
        var address = (long)Marshal.UnsafeAddrOfPinnedArrayElement(numbers, 0);
        start = (int)((Line - address % Line) % Line / sizeof(double));
    }

    public Span<double> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => numbers.AsSpan(start, length);
    }

    public ref double this[int index] => ref Span[index];
}
