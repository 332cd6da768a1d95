namespace BtcBandit.Tui.Wording;

/// <summary>How far some work is, in one line: a bar, the rate and the time left.</summary>
internal static class ProgressText
{
    private const int BarWidth = 20;
    private const double SteadyShare = 0.01;

    private static readonly TimeSpan measurable = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan steadyAfter = TimeSpan.FromSeconds(2);

    // Beyond, the number says nothing.
    private static readonly TimeSpan longest = TimeSpan.FromHours(99);

    /// <summary>The line; the time left follows when it can be told: after two seconds and a hundredth of the work.</summary>
    /// <param name="what">What is being done, in a word.</param>
    /// <param name="candles">Candles so far.</param>
    /// <param name="done">Fraction of the work that is done, 0..1; null if it is not known.</param>
    /// <param name="elapsed">Time since this work began.</param>
    public static string Of(string what, long candles, double? done, TimeSpan elapsed)
    {
        // A moment says nothing about the speed.
        var rate = elapsed >= measurable ? Invariant($", {candles / elapsed.TotalSeconds:N0}/s") : "";
        var speed = $"{Counted.Of(candles, "candle")}{rate}";
        if (done is not { } share)
            return $"{what}  {speed}";
        // Before, the start of the program weighs more than the work.
        var isSteady = elapsed >= steadyAfter && share >= SteadyShare;
        var left = isSteady ? $", {Left(TimeSpan.FromSeconds(elapsed.TotalSeconds * (1 - share) / share))} left" : "";
        return Invariant($"{what} {Bar(share)}  {speed}{left}");
    }

    /// <summary>A bar with its percentage.</summary>
    public static string Bar(double share)
    {
        var clamped = Math.Clamp(share, 0, 1);
        var bar = new string('#', (int)(clamped * BarWidth)).PadRight(BarWidth, '.');
        return Invariant($"[{bar}] {Math.Floor(clamped * 100), 3} %");
    }

    /// <summary>A time that is left, rounded up to what people read.</summary>
    public static string Left(TimeSpan time)
    {
        var left = time < longest ? time : longest;
        return left.TotalMinutes < 1 ? Invariant($"{Math.Ceiling(left.TotalSeconds):0} s")
            : left.TotalHours < 1 ? Invariant($"{left.Minutes} min {left.Seconds:00} s")
            : Invariant($"{(int)left.TotalHours} h {left.Minutes:00} min");
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
