using BtcBandit.Engine.Feeds.Binance;

namespace BtcBandit.Tui.Wording;

/// <summary>The progress and the results of a download, in words; one line each.</summary>
internal static class DownloadText
{
    /// <summary>The bar: the month, how much there is, how fast it goes and how long it still takes.</summary>
    /// <param name="progress">How far it is.</param>
    /// <param name="elapsed">Time since it began.</param>
    public static string Bar(in DownloadProgress progress, TimeSpan elapsed)
    {
        var share = progress.Total > 0 ? Math.Clamp((double)progress.Done / progress.Total, 0, 1) : 1;
        return Invariant(
            $"{progress.Month} {ProgressText.Bar(share)}  {progress.Done:N0} of {progress.Total:N0} candles{Speed(progress, elapsed)}"
        );
    }

    /// <summary>A month that is over.</summary>
    public static string Month(in DownloadProgress progress, MonthResult result)
    {
        var news =
            result.Written == 0 ? ", there already"
            : result.Written < result.Candles ? Invariant($", {result.Written:N0} of them new")
            : "";
        return Invariant($"{progress.Month}: {Candles(result.Candles)}{(result.Candles == 0 ? "" : news)}");
    }

    /// <summary>Why it waits; null after an answer.</summary>
    public static string? Wait(ExchangeNotice notice)
    {
        var word = notice.Kind switch
        {
            ExchangeNoticeKind.Banned => "banned by the exchange",
            ExchangeNoticeKind.Throttled => "throttled by the exchange",
            ExchangeNoticeKind.Retrying => "waiting",
            _ => null,
        };
        return word is null
            ? null
            : Invariant($"{word}: {notice.Reason}; next attempt in {notice.Wait.TotalSeconds:0.#} s");
    }

    /// <summary>The places where candles are missing, the first ones by name.</summary>
    public static IEnumerable<string> Gaps(DownloadReport report)
    {
        foreach (var gap in report.Gaps)
            yield return $"{gap}: the exchange does not have {(gap.Missing == 1 ? "it" : "them")}";
        if (report.GapCount > report.Gaps.Count)
            yield return $"and {Counted.Of(report.GapCount - report.Gaps.Count, "gap")} more";
    }

    /// <summary>What came of it.</summary>
    /// <param name="report">The report, with at least one candle.</param>
    public static string Summary(DownloadReport report) =>
        Invariant(
            $"{Counted.Of(report.Files, "file")}, {Candles(report.Candles)} ({report.CandlesWritten:N0} new), {report.Missing:N0} missing; {StepLine.Time(report.FirstOpenTime ?? 0)} to {StepLine.Time(report.LastOpenTime ?? 0)} UTC in {report.Folder}"
        );

    private static string Candles(long count) => count == 1 ? "1 candle" : Invariant($"{count:N0} candles");

    private static string Speed(in DownloadProgress progress, TimeSpan elapsed)
    {
        if (progress.Written == 0 || elapsed <= TimeSpan.Zero)
            return "";
        var rate = progress.Written / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Min((progress.Total - progress.Done) / rate, 359_999));
        return Invariant($", {rate:N0}/s, {ProgressText.Left(left)} left");
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
