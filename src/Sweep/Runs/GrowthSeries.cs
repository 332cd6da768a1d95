using System.Runtime.InteropServices;
using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Sweep.Runs;

/// <summary>Returns of the test of a run and of buying and holding, over equally long blocks of steps: 64 to 127 of them from 64 steps
/// on. All runs with as many steps have the same blocks.</summary>
/// <param name="StepsPerBlock">Number of steps of a block.</param>
/// <param name="Own">Simple return of each block.</param>
/// <param name="Hold">The same of buying and holding.</param>
public sealed record GrowthSeries(long StepsPerBlock, float[] Own, float[] Hold)
{
    private const int Most = 127;

    /// <summary>Returns the series of a run.</summary>
    internal static GrowthSeries Of(GrowthState growth, double initialEquity)
    {
        // Of two neighbours the end of the second is the end of both; a block without a neighbour is left out.
        var width = growth.Equity.Length > Most ? 2 : 1;
        var count = growth.Equity.Length / width;
        var (own, hold) = (new float[count], new float[count]);
        var (ownBefore, holdBefore) = (initialEquity, initialEquity);
        for (var block = 0; block < count; block++)
        {
            var place = width * (block + 1) - 1;
            own[block] = (float)(growth.Equity[place] / ownBefore - 1.0);
            hold[block] = (float)(growth.BuyAndHold[place] / holdBefore - 1.0);
            (ownBefore, holdBefore) = (growth.Equity[place], growth.BuyAndHold[place]);
        }
        return new GrowthSeries(growth.StepsPerBlock * width, own, hold);
    }

    /// <summary>Returns numbers as bytes, little-endian; none if all are 0.</summary>
    internal static byte[] Pack(float[] values) =>
        Array.TrueForAll(values, value => value == 0) ? [] : MemoryMarshal.AsBytes<float>(values).ToArray();

    /// <inheritdoc/>
    public bool Equals(GrowthSeries? other) =>
        other is not null
        && StepsPerBlock == other.StepsPerBlock
        && Own.AsSpan().SequenceEqual(other.Own)
        && Hold.AsSpan().SequenceEqual(other.Hold);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StepsPerBlock, Own.Length);
}
