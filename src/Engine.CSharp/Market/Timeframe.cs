using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Market;

/// <summary>The length of a candle: one of the exchange's intervals that divide a UTC day evenly.</summary>
/// <remarks>Candles open at whole multiples of <see cref="Milliseconds"/> since 1970-01-01 UTC.</remarks>
[JsonConverter(typeof(TimeframeConverter))]
public readonly record struct Timeframe
{
    private Timeframe(string name, long milliseconds) => (Name, Milliseconds) = (name, milliseconds);

    /// <summary>The exchange's name of the interval, for instance <c>1m</c>.</summary>
    public string Name { get; }

    /// <summary>Length of a candle in milliseconds.</summary>
    public long Milliseconds { get; }

    /// <summary>All supported timeframes, shortest first.</summary>
    public static ImmutableArray<Timeframe> All { get; } =
    [
        new("1s", 1_000),
        new("1m", 60_000),
        new("3m", 180_000),
        new("5m", 300_000),
        new("15m", 900_000),
        new("30m", 1_800_000),
        new("1h", 3_600_000),
        new("2h", 7_200_000),
        new("4h", 14_400_000),
        new("6h", 21_600_000),
        new("8h", 28_800_000),
        new("12h", 43_200_000),
        new("1d", 86_400_000),
    ];

    /// <summary>One minute, the default.</summary>
    public static Timeframe OneMinute { get; } = All[1];

    /// <summary>The names of <see cref="All"/>, separated by spaces, for messages.</summary>
    internal static string Names => string.Join(' ', All.Select(timeframe => timeframe.Name));

    /// <summary>Looks up a timeframe by its exact name; false if there is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out Timeframe timeframe)
    {
        timeframe = All.FirstOrDefault(candidate => candidate.Name == name);
        return timeframe.Milliseconds > 0;
    }

    /// <summary>Looks up a timeframe by its length in milliseconds; false if there is none.</summary>
    public static bool TryFromMilliseconds(long milliseconds, out Timeframe timeframe)
    {
        timeframe = All.FirstOrDefault(candidate => candidate.Milliseconds == milliseconds);
        return timeframe.Milliseconds > 0;
    }

    /// <summary>Whether an open time (ms UTC) lies on this timeframe's grid.</summary>
    public bool IsAligned(long openTime) => openTime % Milliseconds == 0;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
