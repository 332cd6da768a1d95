using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Shows how far a backtest is on stderr: a bar on a terminal, one plain line a second elsewhere.</summary>
/// <param name="host">The console and the clock.</param>
/// <param name="total">Number of candles of a pass; null if it is not known beforehand.</param>
internal sealed class BacktestProgress(ConsoleHost host, long? total) : IDisposable
{
    // What each pass over the candles is for.
    private static readonly string[] names = ["runs", "random", "costs"];

    // Nobody reads faster on a terminal, and a log is not to be flooded.
    private readonly TimeSpan interval = TimeSpan.FromMilliseconds(host.ErrorIsTerminal ? 100 : 1_000);
    private long begunAt = host.Clock.GetTimestamp();
    private int newestPass;
    private long shownAt = host.Clock.GetTimestamp();
    private bool isShown;

    /// <summary>Shows how far it is, unless it was shown a moment ago.</summary>
    /// <param name="pass">Number of the pass, from 0.</param>
    /// <param name="candles">Candles of the pass so far.</param>
    /// <param name="fraction">Fraction of the files that has been read; null without files.</param>
    public void Show(int pass, long candles, double? fraction)
    {
        if (pass != newestPass)
            (newestPass, begunAt) = (pass, host.Clock.GetTimestamp());
        if (host.Clock.GetElapsedTime(shownAt) < interval)
            return;
        shownAt = host.Clock.GetTimestamp();
        // Whichever ends first: the steps that were asked for, or the files.
        var ofTotal = total is > 0 and { } all ? Math.Min(1.0, (double)candles / all) : (double?)null;
        var done = ofTotal is { } one && fraction is { } other ? Math.Max(one, other) : ofTotal ?? fraction;
        var line = ProgressText.Of(
            names[Math.Min(pass, names.Length - 1)],
            candles,
            done,
            host.Clock.GetElapsedTime(begunAt)
        );
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
        if (isShown)
            ProgressLine.Show(host, "");
        isShown = false;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
