using System.Globalization;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Synthetic;

/// <summary>Checks the parameters of a synthetic market against their ranges.</summary>
internal static class SyntheticRanges
{
    internal const long LastOpenTime = 253_402_300_799_999;

    internal static void Check(SyntheticOptions options)
    {
        Require(Enum.IsDefined(options.World), nameof(options.World), options.World, SyntheticWorlds.Names);
        Require(options.Timeframe.Milliseconds > 0, nameof(options.Timeframe), "(none)", Market.Timeframe.Names);
        Require(
            options.StartTime is >= 0 and <= LastOpenTime && options.Timeframe.IsAligned(options.StartTime),
            nameof(options.StartTime),
            options.StartTime,
            $"ms UTC from 1970 to 9999 on the {options.Timeframe} grid"
        );
        Within(options.InitialPrice, 1_000, 10_000_000, nameof(options.InitialPrice));
        Within(options.NoiseBps, 0, 100, nameof(options.NoiseBps));
        Within(options.Clustering, 0, 0.12, nameof(options.Clustering));
        Within(options.JumpProbability, 0, 1, nameof(options.JumpProbability));
        Within(options.JumpBps, 0, 500, nameof(options.JumpBps));
        Within(options.DriftBps, 0, 100, nameof(options.DriftBps));
        Within(options.RegimeCandles, 1, 1e9, nameof(options.RegimeCandles));
        Within(options.ReversionHalfLife, 0.1, 1e6, nameof(options.ReversionHalfLife));
        Within(options.LevelBps, 0, 100, nameof(options.LevelBps));
        Within(options.Momentum, 0, 0.9, nameof(options.Momentum));
        Within(options.FlipEvery, 1, int.MaxValue, nameof(options.FlipEvery));
    }

    // Comparisons with NaN are false, so NaN lies outside every range.
    private static void Within(double value, double lowest, double highest, string parameter) =>
        Require(
            value >= lowest && value <= highest,
            parameter,
            value,
            string.Create(CultureInfo.InvariantCulture, $"{lowest} to {highest}")
        );

    private static void Require(bool accepted, string parameter, object value, string range)
    {
        if (!accepted)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{parameter} {value} is not accepted; accepted: {range}."),
                parameter
            );
    }
}
