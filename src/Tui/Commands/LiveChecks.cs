using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Sessions;
using BtcBandit.Indicators;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>What is found out at the end of a live session about the candles that it traded.</summary>
/// <param name="Replay">Whether the session makes the same steps again from the candles recorded; null without a step, and if
/// there is a problem.</param>
/// <param name="Look">What the exchange says of them now; null if it is not asked, or does not answer.</param>
/// <param name="Problem">Why there was no replay, in one line; null if there was one.</param>
internal sealed record LiveCheck(ReplayResult? Replay, SecondLook? Look, string? Problem)
{
    // Ten pages.
    private const int MostCandles = 10_000;

    // Ctrl-C has to end the program in two seconds.
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(0.8);

    /// <summary>Replays a session that has ended, and asks the exchange once more for its newest candles.</summary>
    /// <param name="session">The session, not disposed yet.</param>
    /// <param name="live">Its source.</param>
    /// <param name="result">Its result.</param>
    /// <param name="health">The health of its feed while it was open: an exchange that asks for silence is left alone.</param>
    /// <param name="clock">Measures the times.</param>
    /// <param name="isHurried">Whether somebody waits for the end of the program; asked again and again.</param>
    public static async Task<LiveCheck?> Of(
        Session session,
        CandleSource.Live live,
        SessionResult result,
        FeedHealth health,
        TimeProvider clock,
        Func<bool> isHurried
    )
    {
        if (live.RecordIn is not { } root || session.FirstCandle is not { } first || result.Run is not { } run)
            return null;
        var begun = clock.GetTimestamp();
        var newest = new Queue<Candle>();
        var before = 0L;
        ReplayResult? replay;
        try
        {
            replay = session.Replay(Recorded(live, root, first, run.LastCandle.OpenTime).Select(Keep));
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or FeedException or TimeoutException)
        {
            return new LiveCheck(null, null, error is FeedException ? FaultText.Of(error) : error.Message);
        }

        var mayAsk = health.Phase is not (FeedPhase.Banned or FeedPhase.Throttled);
        var look = mayAsk
            ? await BinanceCheck
                .LookAsync([.. newest], live.Pair, live.Timeframe, live.Hosts, patience, clock)
                .ConfigureAwait(false)
            : null;
        // A file keeps what was recorded first; the session began with what the exchange had made of it since.
        return replay is ReplayResult.Differs && look is { Restated: > 0 }
            ? new LiveCheck(null, look, LiveText.RecordedBefore(look))
            : new LiveCheck(replay, look, null);

        Candle Keep(Candle candle)
        {
            if (!isHurried())
                begun = clock.GetTimestamp();
            else if (clock.GetElapsedTime(begun) > patience)
                throw new TimeoutException("it takes too long; replay the recorded candles with --data");
            // They are read twice.
            if (candle.OpenTime <= before)
                newest.Clear();
            before = candle.OpenTime;
            if (newest.Count == MostCandles)
                newest.Dequeue();
            if (candle.OpenTime >= first && candle.OpenTime <= run.LastCandle.OpenTime)
                newest.Enqueue(candle);
            return candle;
        }
    }

    /// <summary>Reads recorded candles between two open times; null for a source whose feed repeats what a run has seen.</summary>
    /// <param name="source">The source of the run.</param>
    public static Func<long, long, IEnumerable<Candle>>? Recorded(CandleSource source) =>
        source is CandleSource.Live live
            ? (first, last) => live.RecordIn is { } root ? Recorded(live, root, first, last) : []
            : null;

    /// <summary>Reads recorded candles of a live source: whole months, from that of the first one to that of the last one.</summary>
    /// <param name="live">The source.</param>
    /// <param name="root">Folder that they are recorded in.</param>
    /// <param name="first">Open time of the first one wanted, ms UTC.</param>
    /// <param name="last">Open time of the last one wanted, ms UTC.</param>
    internal static IEnumerable<Candle> Recorded(CandleSource.Live live, string root, long first, long last)
    {
        var folder = MonthlyCandles.FolderOf(root, live.Pair, live.Timeframe);
        var months = new List<string>();
        for (var month = Month.Of(first); month.From <= last; month = month.Next)
        {
            var file = MonthlyCandles.FileOf(folder, live.Pair, live.Timeframe, month);
            if (File.Exists(file))
                months.Add(file);
        }
        return months.Count == 0
            ? []
            : Archive.Read(new ArchiveOptions(months, live.Pair, live.Timeframe), new FeedReport());
    }
}
