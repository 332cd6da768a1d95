using System.Globalization;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>The value of <c>--walk-forward</c>: two lengths, each in candles or as a time.</summary>
internal static class WalkForwardLengths
{
    /// <summary>What is accepted, for messages.</summary>
    public const string Accepted =
        "TRAIN:TEST is needed, each a number of candles from 2 to 1000000000 or a time as 90m, 12h, 30d or 4w";

    /// <summary>Whether a value can be read, whatever the timeframe.</summary>
    public static bool IsAccepted(string text) => Split(text) is not null;

    /// <summary>Reads an accepted value.</summary>
    /// <param name="text">The value.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <exception cref="UsageException">A time is no number of candles in the range.</exception>
    public static WalkForwardSplit Read(string text, Timeframe timeframe)
    {
        var (train, test) = Split(text)!.Value;
        return new WalkForwardSplit(Candles(text, train, timeframe), Candles(text, test, timeframe));
    }

    private static int Candles(string text, Length length, Timeframe timeframe)
    {
        if (length.Unit == 0)
            return length.Count;
        var milliseconds = length.Count * length.Unit;
        var candles = milliseconds / timeframe.Milliseconds;
        if (milliseconds % timeframe.Milliseconds != 0)
            throw new UsageException(
                $"--walk-forward {text}: {length.Text} is not a whole number of candles of {timeframe}"
            );
        if (candles is < WalkForwardSplit.MinCandles or > WalkForwardSplit.MaxCandles)
        {
            throw new UsageException(
                FormattableString.Invariant(
                    $"--walk-forward {text}: {length.Text} is {candles} {(candles == 1 ? "candle" : "candles")} of {timeframe}, {WalkForwardSplit.MinCandles} to {WalkForwardSplit.MaxCandles} are needed"
                )
            );
        }
        return (int)candles;
    }

    private static (Length Train, Length Test)? Split(string text) =>
        text.Split(':') is [var train, var test] && Of(train) is { } first && Of(test) is { } second
            ? (first, second)
            : null;

    private static Length? Of(string text)
    {
        var unit = text.Length == 0 ? 0 : UnitOf(text[^1]);
        var digits = unit == 0 ? text : text[..^1];
        return
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count >= (unit == 0 ? WalkForwardSplit.MinCandles : 1)
            && count <= WalkForwardSplit.MaxCandles
            ? new Length(text, count, unit)
            : null;
    }

    private static long UnitOf(char letter) =>
        letter switch
        {
            's' => 1_000L,
            'm' => 60_000L,
            'h' => 3_600_000L,
            'd' => 86_400_000L,
            'w' => 7 * 86_400_000L,
            _ => 0L,
        };

    // A number of units in milliseconds, or of candles where the unit is 0.
    private readonly record struct Length(string Text, int Count, long Unit);
}
