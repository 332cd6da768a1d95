using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Equity of a run, and of buying and holding on the same candles, at the ends of equally long blocks of steps.</summary>
/// <remarks>
/// There are at most 255 blocks: where one more would be needed, each two neighbours become one. From 128 steps on there are
/// always at least 128. Steps after the end of the newest block are in none yet.
/// </remarks>
public sealed record GrowthState
{
    /// <summary>Number of steps of each block, a power of two.</summary>
    [JsonRequired]
    public long StepsPerBlock { get; init; } = 1;

    /// <summary>Equity at the last close of each block, in the quote currency.</summary>
    [JsonRequired]
    public ImmutableArray<double> Equity { get; init; } = [];

    /// <summary>The same of buying and holding; the initial equity before its first fill.</summary>
    [JsonRequired]
    public ImmutableArray<double> BuyAndHold { get; init; } = [];

    /// <summary>Whether a run of so many steps can have these blocks.</summary>
    /// <param name="steps">Number of steps of the run.</param>
    internal bool CanBeOf(long steps) =>
        !Equity.IsDefault
        && !BuyAndHold.IsDefault
        && Equity.Length == BuyAndHold.Length
        && Equity.Length < GrowthBlocks.Capacity
        && long.IsPow2(StepsPerBlock)
        && steps / StepsPerBlock == Equity.Length
        && (StepsPerBlock == 1 || Equity.Length >= GrowthBlocks.Capacity / 2)
        && Equity.All(double.IsNormal)
        && BuyAndHold.All(double.IsNormal)
        && Equity.All(double.IsPositive)
        && BuyAndHold.All(double.IsPositive);

    /// <summary>Compares two states by their values.</summary>
    public bool Equals(GrowthState? other) =>
        ReferenceEquals(this, other)
        || other is not null
            && StepsPerBlock == other.StepsPerBlock
            && Equity.SequenceEqual(other.Equity)
            && BuyAndHold.SequenceEqual(other.BuyAndHold);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StepsPerBlock, Equity.Length);
}
