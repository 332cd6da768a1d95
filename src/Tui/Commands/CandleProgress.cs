using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Shows how far work on candles is on stderr: a bar on a terminal, one plain line a second elsewhere. Thread-safe. What is
/// shown after its end is ignored: work that was stopped may go on for a moment.</summary>
/// <param name="host">The console and the clock.</param>
internal sealed class CandleProgress(ConsoleHost host) : IDisposable
{
    // Nobody reads faster on a terminal, and a log is not to be flooded.
    private readonly TimeSpan interval = TimeSpan.FromMilliseconds(host.ErrorIsTerminal ? 100 : 1_000);
    private long begunAt = host.Clock.GetTimestamp();
    private int newestPart;
    private long shownAt = host.Clock.GetTimestamp();
    private readonly Lock gate = new();
    private bool isShown;
    private bool isOver;

    /// <summary>Shows how far it is, unless it was shown a moment ago.</summary>
    /// <param name="part">Number of the part of the work, from 0; rate and time left are those of the part.</param>
    /// <param name="what">What is being done, in a few words.</param>
    /// <param name="candles">Candles of the part so far.</param>
    /// <param name="done">Fraction of the part that is done, 0..1; null if it is not known.</param>
    public void Show(int part, string what, long candles, double? done)
    {
        lock (gate)
        {
            if (!isOver)
                Tell(part, what, candles, done);
        }
    }

    private void Tell(int part, string what, long candles, double? done)
    {
        if (part != newestPart)
            (newestPart, begunAt) = (part, host.Clock.GetTimestamp());
        if (host.Clock.GetElapsedTime(shownAt) < interval)
            return;
        shownAt = host.Clock.GetTimestamp();
        var line = ProgressText.Of(what, candles, done, host.Clock.GetElapsedTime(begunAt));
        if (!host.ErrorIsTerminal)
        {
            host.Log(line);
            return;
        }
        ProgressLine.Show(host, line);
        isShown = true;
    }

    /// <summary>Takes the bar away.</summary>
    public void Clear()
    {
        lock (gate)
        {
            if (isShown)
                ProgressLine.Show(host, "");
            isShown = false;
        }
    }

    /// <summary>Takes the bar away for good.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            Clear();
            isOver = true;
        }
    }
}
