using System.Collections.Immutable;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>A candle with its indicator row and, once everything is warm, its context vector.</summary>
/// <remarks>Immutable; it refers to no run. It is a class so that operators pass a reference instead of a copy.</remarks>
/// <param name="Index">Position of the candle in the run, from 0.</param>
/// <param name="Candle">The closed candle.</param>
/// <param name="Indicators">Indicator outputs, one for each column; 0 while an indicator warms up.</param>
/// <param name="Features">Context vector, each number in -5..5; null until every indicator and feature is warm.</param>
/// <param name="UnitFraction">Average true range divided by the close, a fraction: the agents' unit of returns.</param>
public sealed record Observation(
    long Index,
    Candle Candle,
    ImmutableArray<double> Indicators,
    ImmutableArray<double>? Features,
    double UnitFraction
)
{
    /// <summary>Compares two observations number by number.</summary>
    public bool Equals(Observation? other) =>
        ReferenceEquals(this, other)
        || other is not null
            && (Index, UnitFraction) == (other.Index, other.UnitFraction)
            && Candle.Equals(other.Candle)
            && Indicators.AsSpan().SequenceEqual(other.Indicators.AsSpan())
            && Features.HasValue == other.Features.HasValue
            && (Features ?? []).AsSpan().SequenceEqual((other.Features ?? []).AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Index, Candle, UnitFraction);
}
