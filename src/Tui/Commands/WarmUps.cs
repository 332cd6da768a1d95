using System.Reactive.Linq;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Runs the warm-up before a session.</summary>
internal static class WarmUps
{
    /// <summary>Length of the window that is replayed.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromHours(24);

    /// <summary>The session that follows a warm-up that was passed.</summary>
    /// <param name="plan">The session as it was planned.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="source">A synthetic market begins anew, so the candles of the warm-up are left out where the session would
    /// trade them.</param>
    public static SessionPlan After(SessionPlan plan, WarmUpVerdict verdict, CandleSource source)
    {
        var seen = source is CandleSource.Synthetic ? Candles(plan) - plan.Run.CandlesBeforeFirstStep : 0;
        return plan with
        {
            Learned = verdict.Learned,
            TrialsBefore = verdict.Last.Number,
            Candles = seen > 0 ? plan.Candles.Skip(seen) : plan.Candles,
        };
    }

    /// <summary>Number of candles that a warm-up needs: those that warm the indicators up, and 24 hours.</summary>
    public static int Candles(SessionPlan plan) =>
        WarmUp.CandlesBefore(plan.Run)
        + (int)
            Math.Max(1, Window.Ticks / TimeSpan.FromMilliseconds(plan.Run.Header.Source.Timeframe.Milliseconds).Ticks);

    /// <summary>Fetches the last 24 hours and replays them until the verdict.</summary>
    /// <param name="plan">The session that may follow.</param>
    /// <param name="terms">What a pass has to show.</param>
    /// <param name="feed">Gives the candles; it begins with the first one needed.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="note">Takes notes of the session.</param>
    /// <param name="begun">Takes the warm-up before its first pass.</param>
    /// <param name="show">Takes every step that counts, and the pass so far.</param>
    /// <param name="stop">Ends the warm-up.</param>
    /// <returns>The verdict; null if it was stopped before all candles were there.</returns>
    /// <exception cref="FeedException">The candles cannot be had.</exception>
    public static async Task<WarmUpVerdict?> RunAsync(
        SessionPlan plan,
        WarmUpTerms terms,
        CandleFeed feed,
        TimeProvider clock,
        Action<SessionNote> note,
        Action<WarmUp> begun,
        Action<Step, WarmUpPass> show,
        CancellationToken stop
    )
    {
        using var warmUp = new WarmUp(plan, clock, note);
        begun(warmUp);
        var candles = await ClosedCandles
            .TakeAsync(
                feed with
                {
                    Candles = feed.Candles.Take(Candles(plan)),
                },
                plan.Run.Header.Source,
                keep: null,
                clock,
                static _ => { },
                static _ => { },
                stop
            )
            .ConfigureAwait(false);
        if (candles is null)
            return null;
        var needed = WarmUp.CandlesNeeded(plan.Run, terms);
        if (candles.Count < needed)
            throw new FeedException(new FeedFault.TooFewToWarmUp(candles.Count, needed));
        return await Task.Run(() => warmUp.Run(candles, terms, show, stop), CancellationToken.None)
            .ConfigureAwait(false);
    }
}

/// <summary>Shows how a warm-up goes: one line on a terminal, and the results of some passes.</summary>
/// <param name="host">The terminal and the clock.</param>
/// <param name="terms">Terms of the warm-up.</param>
/// <param name="write">Takes the results.</param>
/// <param name="isLine">Whether there may be a line on the terminal.</param>
internal sealed class WarmUpProgress(ConsoleHost host, WarmUpTerms terms, Action<string> write, bool isLine)
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(250);

    private readonly long begun = host.Clock.GetTimestamp();
    private long? shownAt;
    private bool isShown;

    /// <summary>Shows the pass so far.</summary>
    public void Show(WarmUpPass pass)
    {
        // A pass can take a millisecond, so only the first, second, fourth and so on leave a line.
        if (pass.IsWhole && int.IsPow2(pass.Number))
        {
            Clear();
            write(WarmUpText.Of(pass, terms));
        }
        if (!isLine || !host.ErrorIsTerminal || (shownAt is { } at && host.Clock.GetElapsedTime(at) < interval))
            return;
        shownAt = host.Clock.GetTimestamp();
        ProgressLine.Show(host, WarmUpText.Progress(pass, terms.Time - host.Clock.GetElapsedTime(begun)));
        isShown = true;
    }

    /// <summary>Removes the line.</summary>
    public void Clear()
    {
        if (isShown)
            ProgressLine.Show(host, "");
        isShown = false;
    }
}
